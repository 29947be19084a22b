//! Answers that nobody asked for, that were used before, or that belong to somebody else's browser.

use jiff::SignedDuration;

use super::office::{self, Office};
use super::visitor::{Posted, Visitor};
use crate::harness::run;

#[test]
fn an_answer_signs_in_once() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let email = office.colleague().await.status.email.to_string();
        let mut visitor = Visitor::of(&world);
        let posted = visitor.answer(&office, "rewards", &email).await;
        let cookies = visitor.cookies().clone();
        visitor.post(&posted).await.landing();

        // A browser has given its cookie back; who planned ahead has not.
        visitor
            .post(&posted)
            .await
            .refuses(400, "started in another browser");
        *visitor.cookies() = cookies;
        visitor.post(&posted).await.refuses(403, "used already");
    });
}

#[test]
fn an_answer_is_good_in_the_browser_that_asked_for_it_and_for_ten_minutes() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let email = office.colleague().await.status.email.to_string();
        let (mut visitor, mut victim) = (Visitor::of(&world), Visitor::of(&world));

        let posted = visitor.answer(&office, "rewards", &email).await;
        victim.post(&posted).await.refuses(400, "another browser");
        // Under the name of the request that is answered, but of another one.
        victim.get(&format!("/sso/start/{tenant}/rewards")).await;
        let own = victim.cookies().values().next().unwrap().clone();
        let name = visitor.cookies().keys().next().unwrap().clone();
        victim.cookies().insert(name, own);
        victim.post(&posted).await.refuses(400, "does not belong");

        world.system.clock.advance(SignedDuration::from_secs(601));
        visitor
            .post(&posted)
            .await
            .refuses(400, "more than ten minutes ago");
    });
}

#[test]
fn two_tabs_of_one_browser_both_arrive() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let email = office.colleague().await.status.email.to_string();
        let mut visitor = Visitor::of(&world);

        let first = visitor.answer(&office, "rewards", &email).await;
        let second = visitor.answer(&office, "rewards", &email).await;
        visitor.post(&second).await.landing();
        visitor.post(&first).await.landing();
    });
}

#[test]
fn a_tile_starts_a_sign_in_where_that_is_allowed_and_never_ends_one() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let email = office.colleague().await.status.email.to_string();
        let tile = async |visitor: &mut Visitor| {
            office.hire(&email);
            let link = format!("{}?RelayState=reports", office.provider.tile_url());
            visitor.log_in(&office, &link, &email).await
        };
        let mut visitor = Visitor::of(&world);
        let planted = tile(&mut visitor).await;
        visitor
            .post(&planted)
            .await
            .refuses(403, "link on your HiBob dashboard");

        office.switch(true, true).await;
        let unsolicited = tile(&mut visitor).await;
        let page = visitor.post(&unsolicited).await;
        assert_eq!(page.status.as_u16(), 303, "{}", page.text);
        assert!(
            page.location().ends_with(&format!("/sso/start/{tenant}/reports")),
            "{}",
            page.location()
        );
        visitor.post(&unsolicited).await.refuses(403, "used already");
        // An answer without a request does not become one to a request that is under way.
        let asked = visitor.answer(&office, "rewards", &email).await;
        let swapped = Posted {
            path: asked.path.clone(),
            fields: tile(&mut visitor)
                .await
                .fields
                .into_iter()
                .take(1)
                .chain(asked.fields.into_iter().skip(1))
                .collect(),
        };
        visitor.post(&swapped).await.refuses(403, "cannot accept");
    });
}

#[test]
fn a_changed_answer_is_refused() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let (colleague, manager) = (office.colleague().await, office.manager().await);
        let (mine, theirs) = (colleague.status.email.as_str(), manager.status.email.as_str());
        let mut visitor = Visitor::of(&world);

        for change in [
            |xml: &str, mine: &str, theirs: &str| xml.replace(mine, theirs),
            |xml: &str, mine: &str, theirs: &str| xml.replace(mine, &format!("{theirs}<!---->.evil.example")),
            |xml: &str, _: &str, _: &str| xml.replace("</samlp:Response>", "<!-- --></samlp:Response>"),
            |xml: &str, _: &str, _: &str| format!("<!DOCTYPE a [<!ENTITY b 'c'>]>{xml}"),
            |xml: &str, _: &str, _: &str| {
                let begin = xml.find("<ds:Signature ").unwrap();
                let end = xml.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
                format!("{}{}", &xml[..begin], &xml[end..])
            },
        ] {
            let posted = visitor.answer(&office, "rewards", mine).await;
            let changed = change(&posted.xml(), mine, theirs);
            assert_ne!(changed, posted.xml());
            visitor
                .post(&posted.with_xml(&changed))
                .await
                .refuses(403, "cannot accept");
        }
    });
}

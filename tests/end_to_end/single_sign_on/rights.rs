//! Who may open what, as last night has left the team.

use super::office::{self, Office, employee, leave};
use super::visitor::{Visitor, redeem, sign_in};
use crate::harness::run;

#[test]
fn reports_are_open_to_whoever_has_an_active_report_or_is_an_admin() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let (manager, colleague) = (office.manager().await, office.colleague().await);
        let mut visitor = Visitor::of(&world);

        visitor
            .open(&office, "reports", manager.status.email.as_str())
            .await
            .landing();
        let mut other = Visitor::of(&world);
        let page = other
            .open(&office, "reports", colleague.status.email.as_str())
            .await;
        page.refuses(403, "not open to you");
        assert!(
            page.text.contains(&format!("/sso/start/{tenant}/rewards")),
            "{}",
            page.text
        );
        assert!(
            !page.text.contains(&format!("/sso/start/{tenant}/admin")),
            "{}",
            page.text
        );

        office.name_admins(&[&colleague]).await;
        other
            .open(&office, "reports", colleague.status.email.as_str())
            .await
            .landing();
    });
}

#[test]
fn a_manager_whose_reports_have_all_left_is_none_from_the_next_night_on() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let (manager, colleague) = (office.manager().await, office.colleague().await);
        let reports = office.reports_of(&manager).await;
        let email = manager.status.email.to_string();
        // They report to somebody who had nobody until then.
        office.edit(|company| {
            for report in &reports {
                company
                    .edit(*report)
                    .set("work.manager", employee(&colleague).to_string());
            }
        });
        let mut visitor = Visitor::of(&world);
        visitor.open(&office, "reports", &email).await.landing();

        world.night().await;
        visitor
            .open(&office, "reports", &email)
            .await
            .refuses(403, "not open to you");
        let mut other = Visitor::of(&world);
        other
            .open(&office, "reports", colleague.status.email.as_str())
            .await
            .landing();
    });
}

#[test]
fn the_admin_area_is_open_to_the_list_alone_and_only_as_long() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let (manager, colleague) = (office.manager().await, office.colleague().await);
        let (mut one, mut other) = (Visitor::of(&world), Visitor::of(&world));
        let email = manager.status.email.as_str();

        one.open(&office, "admin", email)
            .await
            .refuses(403, "administrators have named");
        office.name_admins(&[&manager]).await;
        one.open(&office, "admin", email).await.landing();
        other
            .open(&office, "admin", colleague.status.email.as_str())
            .await
            .refuses(403, "not open to you");
        office.name_admins(&[&colleague]).await;
        one.open(&office, "admin", email)
            .await
            .refuses(403, "not open to you");
    });
}

#[test]
fn whoever_left_by_last_nights_run_is_out_even_as_an_admin_with_a_session_at_the_provider() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let colleague = office.colleague().await;
        let email = colleague.status.email.to_string();
        office.name_admins(&[&colleague]).await;
        let mut visitor = Visitor::of(&world);
        visitor.open(&office, "admin", &email).await.landing();

        office.edit(|company| leave(company, employee(&colleague)));
        visitor.open(&office, "rewards", &email).await.landing();
        world.night().await;
        for portal in ["admin", "reports", "rewards"] {
            visitor
                .open(&office, portal, &email)
                .await
                .refuses(403, "does not know you");
        }
    });
}

#[test]
fn an_address_that_changed_last_night_counts_and_the_old_one_does_not() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let colleague = office.colleague().await;
        let old = colleague.status.email.to_string();
        let new = "married.name@acme.example";
        office.edit(|company| {
            company.edit(employee(&colleague)).set("root.email", new);
        });
        let mut visitor = Visitor::of(&world);
        visitor
            .open(&office, "rewards", new)
            .await
            .refuses(403, "does not know you");

        world.night().await;
        let mut visitor = Visitor::of(&world);
        let page = visitor.open(&office, "rewards", &old).await;
        page.refuses(403, &old);
        // Providers spell addresses as they like.
        let mut visitor = Visitor::of(&world);
        let (code, _) = visitor
            .open(&office, "rewards", "Married.NAME@Acme.Example")
            .await
            .landing();
        let learned = redeem(&world, &code).await.with(200);
        assert_eq!(
            learned["accountId"],
            sign_in(&office, &colleague, "rewards")["accountId"]
        );
        assert_eq!(learned["email"], new);
    });
}

#[test]
fn nobody_is_created_at_a_sign_in() {
    run(async {
        let (world, tenant) = office::world().await;
        let office = Office::open(&world, &tenant).await;
        let before = world.accounts(&tenant).await;
        let mut visitor = Visitor::of(&world);

        let page = visitor.open(&office, "rewards", "<b>new@acme.example").await;
        assert!(!page.text.contains("<b>new"), "{}", page.text);
        let mut visitor = Visitor::of(&world);
        visitor
            .open(&office, "rewards", "new@acme.example")
            .await
            .refuses(403, "ask your HR team");
        assert_eq!(world.accounts(&tenant).await, before);
    });
}

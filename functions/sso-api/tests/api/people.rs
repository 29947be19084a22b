use crate::browser::form;
use crate::harness::{Account, GLOBEX, Site};

const ADA: &str = "ada@acme.example";
const BOB: &str = "bob@acme.example";
const UNKNOWN: &str = "HiThrive does not know you by this address";
const NO_RIGHT: &str = "This part of HiThrive is not open to you";

async fn sign_in(site: &Site, portal: &str, email: &str) -> crate::browser::Reply {
    site.sign_in(&format!("/sso/start/acme/{portal}"), email).await
}

#[tokio::test]
async fn the_address_counts_in_whatever_case_the_provider_writes_it() {
    let site = Site::start().await;
    let code = sign_in(&site, "rewards", "Ada@ACME.Example").await.code();
    assert_eq!(site.redeem(&code).await.json()["accountId"], "hibob-1");
}

#[tokio::test]
async fn somebody_without_an_account_is_told_whom_to_ask() {
    let site = Site::start().await;
    let reply = sign_in(&site, "rewards", "eve+<b>@acme.example").await;
    reply.is_page(403, "We could not check");
    let reply = sign_in(&site, "rewards", "eve&amp@acme.example").await;
    reply.is_page(403, UNKNOWN);
    assert!(reply.body.contains("eve&#38;amp@acme.example"), "{}", reply.body);
    assert!(reply.body.contains("ask your HR team"));
}

#[tokio::test]
async fn a_deactivated_person_is_as_unknown_as_a_stranger() {
    let site = Site::start().await;
    site.put(Account {
        state: "inactive",
        ..Account::new("acme", "hibob-1", ADA)
    })
    .await;
    sign_in(&site, "rewards", ADA).await.is_page(403, UNKNOWN);
}

#[tokio::test]
async fn whom_hithrive_excludes_the_sync_cannot_let_in() {
    let site = Site::start().await;
    let excluded = Account {
        decision: Some("inactive"),
        ..Account::new("acme", "hibob-1", ADA)
    };
    site.put(excluded).await;
    sign_in(&site, "rewards", ADA).await.is_page(403, UNKNOWN);
    let included = Account {
        decision: Some("active"),
        state: "inactive",
        ..Account::new("acme", "hibob-1", ADA)
    };
    site.put(included).await;
    assert_eq!(sign_in(&site, "rewards", ADA).await.status, 303);
}

#[tokio::test]
async fn two_people_with_one_address_are_nobody_until_one_has_left() {
    let site = Site::start().await;
    site.put(Account::new("acme", "hibob-3", ADA)).await;
    let reply = sign_in(&site, "rewards", ADA).await;
    reply.is_page(403, "More than one person has your address");
    site.put(Account {
        state: "inactive",
        ..Account::new("acme", "hibob-3", ADA)
    })
    .await;
    let code = sign_in(&site, "rewards", ADA).await.code();
    assert_eq!(site.redeem(&code).await.json()["accountId"], "hibob-1");
}

#[tokio::test]
async fn an_address_that_changed_last_night_counts_from_then_on() {
    let site = Site::start().await;
    site.put(Account::new("acme", "hibob-1", "ada.lovelace@acme.example"))
        .await;
    sign_in(&site, "rewards", ADA).await.is_page(403, UNKNOWN);
    let code = sign_in(&site, "rewards", "ada.lovelace@acme.example")
        .await
        .code();
    assert_eq!(site.redeem(&code).await.json()["accountId"], "hibob-1");
}

#[tokio::test]
async fn a_provider_signs_in_its_own_tenants_people_only() {
    let site = Site::start().await;
    site.put(Account::new("globex", "hibob-1", "both@example.com"))
        .await;
    site.put(Account::new("acme", "hibob-7", "both@example.com"))
        .await;
    let begun = site.begin("/sso/start/globex/rewards").await;
    let bring = async |email: &str| {
        let answer = site.answer("globex", &begun, email).post(&GLOBEX);
        let form = form(&[("SAMLResponse", &answer), ("RelayState", &begun.relay)]);
        site.post("globex", form, &begun.cookie).await
    };
    bring(ADA).await.is_page(403, UNKNOWN);
    let signed_in = site.redeem(&bring("both@example.com").await.code()).await.json();
    assert_eq!(
        (&signed_in["tenant"], &signed_in["accountId"]),
        (&"globex".into(), &"hibob-1".into())
    );
}

#[tokio::test]
async fn reports_open_to_managers_and_admin_to_the_list() {
    let site = Site::start().await;
    assert_eq!(sign_in(&site, "reports", ADA).await.status, 303);
    let reply = sign_in(&site, "admin", ADA).await;
    reply.is_page(403, NO_RIGHT);
    assert!(reply.body.contains("/sso/start/acme/reports") && reply.body.contains("/sso/start/acme/rewards"));
    let reply = sign_in(&site, "reports", BOB).await;
    reply.is_page(403, NO_RIGHT);
    assert!(
        !reply.body.contains("/sso/start/acme/reports") && reply.body.contains("/sso/start/acme/rewards")
    );

    site.save("acme", |settings| {
        settings.admins = ["hibob-2".parse().unwrap()].into();
    })
    .await;
    for portal in ["admin", "reports", "rewards"] {
        assert_eq!(sign_in(&site, portal, BOB).await.status, 303, "{portal}");
    }
}

#[tokio::test]
async fn a_report_who_has_left_makes_nobody_a_manager() {
    let site = Site::start().await;
    let left = Account {
        state: "inactive",
        manager: Some("1"),
        ..Account::new("acme", "hibob-2", BOB)
    };
    site.put(left).await;
    sign_in(&site, "reports", ADA).await.is_page(403, NO_RIGHT);
}

#[tokio::test]
async fn somebody_who_was_turned_away_cannot_use_the_same_answer_later() {
    let site = Site::start().await;
    let begun = site.begin("/sso/start/acme/admin").await;
    let answer = site.answer("acme", &begun, ADA);
    site.finish(&begun, &answer).await.is_page(403, NO_RIGHT);
    site.save("acme", |settings| {
        settings.admins = ["hibob-1".parse().unwrap()].into();
    })
    .await;
    site.finish(&begun, &answer)
        .await
        .is_page(403, "has been used already");
}

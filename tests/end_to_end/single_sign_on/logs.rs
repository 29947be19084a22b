//! Nothing that a provider or a browser sends is logged, whatever comes of it.

use super::office::{self, Office};
use super::visitor::{Visitor, redeem};
use crate::harness::{own_process, run};

/// Part of the address of everybody who signs in, and of nothing else.
const PERSONAL: &str = "personal";
/// What begins a request, an answer and their ids, and what they hold.
const OF_THE_PROTOCOL: [&str; 5] = ["PHNhbWxwOl", "<saml", "SAMLResponse", "__Host-sso", "NameID"];

#[test]
fn neither_people_nor_answers_nor_codes_nor_cookies_are_logged() {
    let Some(written) = own_process() else {
        return run(good_and_bad_sign_ins());
    };
    let (written, secrets) = written.split_once(SECRETS).unwrap();
    let (secrets, rest) = secrets.split_once('\n').unwrap();
    let written = format!("{written}{rest}");
    for outcome in [
        "granted",
        "redeemed",
        "redeemed-again",
        "unknown-person",
        "SignInsRefused",
    ] {
        assert!(written.contains(outcome), "{outcome} is not logged");
    }
    let secrets: Vec<&str> = secrets.split(' ').filter(|secret| !secret.is_empty()).collect();
    assert!(secrets.len() >= 3, "{secrets:?}");
    for secret in secrets.into_iter().chain([PERSONAL]).chain(OF_THE_PROTOCOL) {
        assert!(
            !written.to_lowercase().contains(&secret.to_lowercase()),
            "{secret} is logged"
        );
    }
}

/// Begins the one line that says what must not be on any other.
const SECRETS: &str = "what is secret:";

async fn good_and_bad_sign_ins() {
    let ours = [
        "sso_api",
        "single_sign_on",
        "sign_in_store",
        "team_directory",
        "http_api",
    ];
    let filter = ours.map(|crate_| format!("{crate_}=trace")).join(",");
    startup::init_telemetry(Some(format!("info,startup=trace,{filter}")));

    let (world, tenant) = office::world().await;
    let office = Office::open(&world, &tenant).await;
    let colleague = office.colleague().await;
    let known = "personal.known@acme.example";
    office.edit(|company| {
        company
            .edit(office::employee(&colleague))
            .set("root.email", known);
    });
    world.night().await;
    let mut visitor = Visitor::of(&world);
    let posted = visitor.answer(&office, "rewards", known).await;
    let cookies = visitor.cookies().clone();
    let (code, _) = visitor.post(&posted).await.landing();
    redeem(&world, &code).await.with(200);
    redeem(&world, &code).await.with(409);

    // Again, without its cookie, by somebody unknown, under another key, of no use at all.
    *visitor.cookies() = cookies.clone();
    visitor.post(&posted).await.refuses(403, "used already");
    visitor.post(&posted).await.refuses(400, "another browser");
    visitor
        .open(&office, "admin", known)
        .await
        .refuses(403, "not open to you");
    let mut stranger = Visitor::of(&world);
    stranger
        .open(&office, "rewards", "personal@elsewhere.example")
        .await
        .refuses(403, "does not know you");
    office.provider.roll_key().unwrap();
    visitor
        .open(&office, "rewards", known)
        .await
        .refuses(403, "cannot accept");
    let spoilt = visitor
        .answer(&office, "rewards", known)
        .await
        .with_xml("<saml:NameID>personal</saml:NameID>");
    visitor.post(&spoilt).await.refuses(403, "cannot accept");

    let cookie = cookies.values().next().unwrap();
    let answer = &posted.fields[0].1[..60];
    write(&format!("{SECRETS} {code} {cookie} {answer}\n"));
}

/// Past the lints: this line is for the process that started this one.
fn write(line: &str) {
    use std::io::Write as _;
    std::io::stdout().write_all(line.as_bytes()).unwrap();
}

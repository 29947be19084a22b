use embedded_aws::Fault;
use futures::future::join_all;
use jiff::SignedDuration;
use sign_in_store::{Accepted, Grant, Redemption};
use single_sign_on::{CODE_LIFETIME, Code, Portal};

use crate::stack::{Stack, acme, assertion, at, tenant};

fn code(byte: u8) -> Code {
    Code::from_random([byte; 32])
}

fn grant(code: &Code) -> Grant {
    Grant {
        code: code.hash(),
        tenant: acme(),
        account: "hibob-1".parse().unwrap(),
        email: "ada@acme.example".parse().unwrap(),
        portal: Portal::Reports,
    }
}

/// Gives a fresh assertion's sign-in a code at ten.
async fn granted(stack: &Stack, code: &Code) {
    let now = at("10:00:00");
    let accepted = stack
        .accept(&assertion(&acme(), now), Some(&grant(code)), now)
        .await;
    assert_eq!(accepted, Accepted::New);
}

#[tokio::test]
async fn a_code_is_good_once() {
    let stack = Stack::start().await;
    granted(&stack, &code(1)).await;
    let redeem = async |attempt| {
        let hash = code(1).hash();
        let redeem = stack.sign_ins.redeem(&hash, [attempt; 16], at("10:00:59"));
        redeem.await.unwrap()
    };
    assert_eq!(redeem(1).await, Redemption::Granted(grant(&code(1))));
    assert_eq!(redeem(2).await, Redemption::AlreadyRedeemed(grant(&code(1))));
}

#[tokio::test]
async fn a_redemption_whose_answer_was_lost_is_found_to_be_ones_own() {
    let stack = Stack::start().await;
    granted(&stack, &code(1)).await;
    stack.faults.fail_next("UpdateItem", 1, Fault::AnswerLost);
    let redeem = async |attempt| {
        let hash = code(1).hash();
        let redeem = stack.sign_ins.redeem(&hash, [attempt; 16], at("10:00:01"));
        redeem.await.unwrap()
    };
    assert_eq!(redeem(1).await, Redemption::Granted(grant(&code(1))));
    assert_eq!(redeem(2).await, Redemption::AlreadyRedeemed(grant(&code(1))));
}

#[tokio::test]
async fn of_many_redemptions_at_once_one_succeeds() {
    let stack = Stack::start().await;
    granted(&stack, &code(1)).await;
    let hash = code(1).hash();
    let redemptions =
        join_all((0..8).map(|byte| stack.sign_ins.redeem(&hash, [byte; 16], at("10:00:01")))).await;
    let granted = redemptions
        .iter()
        .filter(|redemption| matches!(redemption, Ok(Redemption::Granted(_))));
    assert_eq!(granted.count(), 1);
}

#[tokio::test]
async fn a_code_expires_by_the_clock_though_the_table_still_has_it() {
    let stack = Stack::start().await;
    granted(&stack, &code(1)).await;
    let late = at("10:00:00") + CODE_LIFETIME;
    let redemption = stack
        .sign_ins
        .redeem(&code(1).hash(), [1; 16], late)
        .await
        .unwrap();
    assert_eq!(redemption, Redemption::Expired);
    assert!(stack.dump("SignInsTable").await.contains(code(1).hash().as_str()));
}

#[tokio::test]
async fn nobody_was_given_a_code_that_is_guessed() {
    let stack = Stack::start().await;
    granted(&stack, &code(1)).await;
    let redemption = stack
        .sign_ins
        .redeem(&code(2).hash(), [1; 16], at("10:00:01"))
        .await
        .unwrap();
    assert_eq!(redemption, Redemption::Unknown);
}

#[tokio::test]
async fn the_table_does_not_know_the_code() {
    let stack = Stack::start().await;
    granted(&stack, &code(1)).await;
    let stored = stack.dump("SignInsTable").await;
    assert!(stored.contains(code(1).hash().as_str()) && !stored.contains(code(1).expose()));
}

#[tokio::test]
async fn an_assertion_is_taken_once_and_its_second_code_is_never_good() {
    let stack = Stack::start().await;
    let now = at("10:00:00");
    let assertion = assertion(&acme(), now);
    assert_eq!(stack.accept(&assertion, None, now).await, Accepted::New);
    assert_eq!(stack.accept(&assertion, None, now).await, Accepted::Replayed);
    let again = stack.accept(&assertion, Some(&grant(&code(3))), now).await;
    assert_eq!(again, Accepted::Replayed);
    let redemption = stack
        .sign_ins
        .redeem(&code(3).hash(), [1; 16], now)
        .await
        .unwrap();
    assert_eq!(redemption, Redemption::Unknown);
}

#[tokio::test]
async fn an_assertion_that_is_posted_many_times_at_once_is_taken_once() {
    let stack = Stack::start().await;
    let now = at("10:00:00");
    let assertion = assertion(&acme(), now);
    let grants: Vec<Grant> = (0..6).map(|byte| grant(&code(byte))).collect();
    let accepts = grants
        .iter()
        .map(|grant| stack.accept(&assertion, Some(grant), now));
    let accepted = join_all(accepts).await;
    let new = accepted.iter().filter(|accepted| **accepted == Accepted::New);
    assert_eq!(new.count(), 1);
}

#[tokio::test]
async fn one_tenants_provider_cannot_use_up_anothers_assertions() {
    let stack = Stack::start().await;
    let now = at("10:00:00");
    let assertion = assertion(&acme(), now);
    for tenant in [tenant("globex"), acme()] {
        let accept = stack
            .sign_ins
            .accept(&tenant, &assertion.key, assertion.good_until, None, now);
        assert_eq!(accept.await.unwrap(), Accepted::New, "{tenant}");
    }
}

#[tokio::test]
async fn an_assertion_is_remembered_for_longer_than_it_is_good() {
    let stack = Stack::start().await;
    let now = at("10:00:00");
    let assertion = assertion(&acme(), now);
    stack.accept(&assertion, None, now).await;
    let expires_at = assertion.good_until + SignedDuration::from_hours(1);
    let stored = stack.dump("SignInsTable").await;
    assert!(
        stored.contains(&format!("N(\"{}\")", expires_at.as_second())),
        "{stored}"
    );
}

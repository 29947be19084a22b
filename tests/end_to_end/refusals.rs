//! HiBob refuses the service user.

use jiff::SignedDuration;
use stand_in_hibob::{Company, Endpoint, Fault, ServiceUser, When};
use tenant_store::{AttentionCause, RunStatus};

use crate::harness::{World, assert_team_equals_hibob, company, own_process, run};

const SECOND_TRY: SignedDuration = SignedDuration::from_mins(31);

#[test]
fn a_revoked_token_is_a_suspicion_then_needs_attention_with_one_mail_until_it_is_replaced() {
    run(async {
        let (world, tenant) = World::with(company(41, 12)).await;
        world.night().await;
        let accounts = world.accounts(&tenant).await;
        world
            .hibob
            .edit_user("SERVICE-acme", |user| user.is_revoked = true);
        world.hibob.edit("acme", Company::advance_day);
        world.hibob.forget_requests();

        world.night().await;
        let state = world.system.tenants.run_state(&tenant).await.unwrap().unwrap();
        assert!(state.suspicion.is_some() && state.attention.is_none());
        assert!((1800..1860).contains(&world.handed_back_for()));
        world.later(SignedDuration::from_mins(20)).await;
        assert_eq!(
            world.hibob.requests().len(),
            1,
            "HiBob is left alone until the second try"
        );
        assert!(world.mails(&tenant).await.is_empty());

        world.later(SECOND_TRY).await;
        assert_eq!(world.hibob.requests().len(), 2);
        let record = world.last_run(&tenant).await;
        assert_eq!(
            (record.status, record.failure.as_deref()),
            (RunStatus::NeedsAttention, Some("tokenRefused"))
        );
        let state = world.system.tenants.run_state(&tenant).await.unwrap().unwrap();
        assert_eq!(
            state.attention.map(|attention| attention.cause),
            Some(AttentionCause::TokenRefused)
        );
        let mails = world.mails(&tenant).await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].text.as_ref().unwrap().contains("#connect"));

        let notice = world.network.sent();
        let notice = notice
            .iter()
            .rfind(|call| call.operation == "SendMessage")
            .unwrap();
        let notice: serde_json::Value = serde_json::from_str(&notice.body).unwrap();
        world
            .send("FailureEmailsQueue", notice["MessageBody"].as_str().unwrap())
            .await;
        world.system.work().await.unwrap();
        assert_eq!(
            world.mails(&tenant).await.len(),
            1,
            "the same notice twice is one mail"
        );

        for night in 1..=3 {
            world.night().await;
            assert_eq!(world.hibob.requests().len(), 2 + night, "one attempt a night");
        }
        assert_eq!(world.mails(&tenant).await.len(), 1);
        assert_eq!(world.accounts(&tenant).await, accounts);

        world.replace_token(&tenant, "another-s3cr3t").await;
        world.night().await;
        let state = world.system.tenants.run_state(&tenant).await.unwrap().unwrap();
        assert_eq!((state.attention, state.suspicion), (None, None));
        assert_team_equals_hibob(&world, &tenant).await;
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn a_token_that_works_again_by_itself_clears_the_suspicion_and_the_need_of_attention() {
    run(async {
        let (world, tenant) = World::with(company(42, 12)).await;
        let revoke = |is_revoked| {
            let edit = |user: &mut ServiceUser| user.is_revoked = is_revoked;
            world.hibob.edit_user("SERVICE-acme", edit);
        };
        revoke(true);
        world.night().await;
        revoke(false);
        world.later(SECOND_TRY).await;
        assert_eq!(world.last_run(&tenant).await.status, RunStatus::Applied);
        assert_eq!(
            world
                .system
                .tenants
                .run_state(&tenant)
                .await
                .unwrap()
                .unwrap()
                .suspicion,
            None
        );

        revoke(true);
        world.night().await;
        world.later(SECOND_TRY).await;
        assert_eq!(world.mails(&tenant).await.len(), 1);
        revoke(false);
        world.night().await;
        assert_eq!(world.attention(&tenant).await, None);
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn access_denied_in_hibobs_words_needs_attention_and_a_firewalls_page_never_does() {
    run(async {
        let world = World::new().await;
        let denied = world.connect("denied", company(43, 9)).await;
        let blocked = world.connect("blocked", company(44, 9)).await;
        world.hibob.inject("denied", Fault::Forbidden, When::SEARCHING);
        world.hibob.inject("blocked", Fault::Blocked, When::SEARCHING);
        world.nightfall().await;
        world.until_quiet().await;
        let cause = async |tenant| {
            let state = world.system.tenants.run_state(tenant).await.unwrap().unwrap();
            state.attention.map(|attention| attention.cause)
        };
        assert_eq!(cause(&denied).await, Some(AttentionCause::AccessDenied));
        assert_eq!(world.mails(&denied).await.len(), 1);
        assert_eq!(cause(&blocked).await, None);
        assert!(world.mails(&blocked).await.is_empty());
    });
}

#[test]
fn when_everybody_is_refused_at_once_nobody_is_blamed_and_on_call_is_told() {
    let Some(written) = own_process() else {
        return run(everybody_refused());
    };
    assert!(written.contains("\"FleetRefusalsSuspended\":1"), "{written}");
}

async fn everybody_refused() {
    startup::init_telemetry(Some("warn".to_owned()));
    let world = World::new().await;
    let mut tenants = Vec::new();
    for number in 0..25 {
        tenants.push(world.connect(&format!("company-{number}"), company(45, 3)).await);
    }
    let revoke = |is_revoked| {
        for tenant in &tenants {
            world
                .hibob
                .edit_user(&World::service_user(tenant.as_str()).id, |user| {
                    user.is_revoked = is_revoked;
                });
        }
    };
    revoke(true);
    for _ in 0..3 {
        world.nightfall().await;
        world.until_quiet().await;
        for tenant in &tenants {
            let state = world.system.tenants.run_state(tenant).await.unwrap().unwrap();
            assert_eq!(state.attention, None, "{tenant}");
            assert!(world.mails(tenant).await.is_empty(), "{tenant}");
        }
    }
    assert_eq!(world.messages("SyncDeadLetters").await, 0);
    assert!(
        world
            .hibob
            .requests()
            .iter()
            .all(|request| request.endpoint == Endpoint::Search)
    );
    revoke(false);
    world.night().await;
    for tenant in &tenants {
        let run = world.last_run(tenant).await;
        assert_eq!(
            (run.status, run.applied.created),
            (RunStatus::Applied, 3),
            "{tenant}"
        );
    }
}

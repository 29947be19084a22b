//! Runs that an admin asks for.

use std::time::Duration;

use futures::future::join;
use jiff::SignedDuration;
use provisioning::Counts;
use stand_in_hibob::{Fault, When};
use tenant_store::{AttentionCause, Night, RequestOutcome, RunStatus, Trigger};

use crate::harness::{World, assert_team_equals_hibob, company, pause, run};

#[test]
fn a_run_that_is_asked_for_is_done_at_once_and_the_night_comes_all_the_same() {
    run(async {
        let (world, tenant) = World::with(company(81, 30)).await;
        let night = world.system.next_due_at(&tenant).await.unwrap();
        world.system.clock.advance(SignedDuration::from_hours(13));
        let requested = world.sync_now(&tenant).await;
        world.system.work().await.unwrap();
        let record = world.last_run(&tenant).await;
        assert_eq!(
            (record.due_at, record.trigger),
            (requested.due_at, Trigger::Admin)
        );
        assert_eq!(record.status, RunStatus::Applied);
        assert_team_equals_hibob(&world, &tenant).await;
        assert_eq!(world.system.next_due_at(&tenant).await.unwrap(), night);

        world.night().await;
        let record = world.last_run(&tenant).await;
        assert_eq!(record.planned, Counts::default(), "nothing is left to do");
        assert_eq!((Some(record.due_at), record.trigger), (night, Trigger::Night));
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn asked_for_twenty_times_it_is_one_run() {
    run(async {
        let (world, tenant) = World::with(company(82, 12)).await;
        for _ in 0..20 {
            world.sync_now(&tenant).await;
        }
        world.until_quiet().await;
        assert_eq!(world.hibob.requests().len(), 1);
        assert_eq!(world.scan("RunsTable").await.len(), 2, "a record and its rows");
        world.assert_no_dead_letters().await;
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn whoever_asked_sees_the_run_while_it_is_under_way() {
    run(async {
        let (world, tenant) = World::with(company(83, 12)).await;
        let slow = Fault::SlowStart(Duration::from_secs(1));
        world.hibob.inject("acme", slow, When::next_searches(1));
        let requested = world.sync_now(&tenant).await;
        let look = async {
            world.called("GetSecretValue").await;
            pause(300).await;
            let record = world.last_run(&tenant).await;
            assert_eq!(
                (record.due_at, record.status),
                (requested.due_at, RunStatus::Running)
            );
            assert_eq!(world.sync_now(&tenant).await, requested);
        };
        let (worked, ()) = join(world.system.work(), look).await;
        worked.unwrap();
        world.until_quiet().await;
        let record = world.last_run(&tenant).await;
        assert_eq!(
            (record.due_at, record.status),
            (requested.due_at, RunStatus::Applied)
        );
        assert_eq!(world.hibob.requests().len(), 1);
    });
}

#[test]
fn a_refusal_is_a_suspicion_as_at_night_and_asking_again_does_not_hammer_hibob() {
    run(async {
        let (world, tenant) = World::with(company(84, 12)).await;
        world
            .hibob
            .edit_user("SERVICE-acme", |user| user.is_revoked = true);
        let requested = world.sync_now(&tenant).await;
        world.system.work().await.unwrap();
        assert_eq!(world.last_run(&tenant).await.status, RunStatus::HandedBack);
        assert_eq!(
            world.messages("InteractiveQueue").await,
            1,
            "it comes again where it came from"
        );
        assert_eq!(world.sync_now(&tenant).await, requested);
        world.system.work().await.unwrap();
        assert_eq!(world.hibob.requests().len(), 1);

        world.later(SignedDuration::from_mins(31)).await;
        assert_eq!(world.hibob.requests().len(), 2);
        let attention = world.attention(&tenant).await.unwrap();
        assert_eq!(attention.cause, AttentionCause::TokenRefused);
        assert_eq!(world.last_run(&tenant).await.applied, Counts::default());
        assert_eq!(world.mails(&tenant).await.len(), 1);
        world.until_quiet().await;
        world.assert_no_dead_letters().await;
    });
}

#[test]
fn where_hibob_has_refused_too_often_a_requested_run_fails_and_the_night_does_not() {
    run(async {
        let (world, tenant) = World::with(company(85, 12)).await;
        let (store, now) = (&world.system.tenants, world.system.clock.now());
        for _ in 0..5 {
            store.reserve_attempt(&tenant, now).await.unwrap();
            store.note_refusal(&tenant, now).await.unwrap();
        }
        world.sync_now(&tenant).await;
        world.system.work().await.unwrap();
        let record = world.last_run(&tenant).await;
        assert_eq!(
            (record.status, record.failure.as_deref()),
            (RunStatus::Failed, Some("tooManyRefusals"))
        );
        assert!(world.hibob.requests().is_empty());

        let due_at = world.system.next_due_at(&tenant).await.unwrap().unwrap();
        for _ in 0..5 {
            store.reserve_attempt(&tenant, due_at).await.unwrap();
            store.note_refusal(&tenant, due_at).await.unwrap();
        }
        world.night().await;
        assert_eq!(world.last_run(&tenant).await.status, RunStatus::Applied);
        assert_team_equals_hibob(&world, &tenant).await;
    });
}

#[test]
fn the_refusals_of_requested_runs_are_counted_and_their_answers_are_not() {
    run(async {
        let (world, tenant) = World::with(company(86, 12)).await;
        for _ in 0..12 {
            world.sync_now(&tenant).await;
            world.system.work().await.unwrap();
            assert_eq!(world.last_run(&tenant).await.status, RunStatus::Applied);
            world.system.clock.advance(SignedDuration::from_secs(1));
        }
        world
            .hibob
            .edit_user("SERVICE-acme", |user| user.is_revoked = true);
        world.sync_now(&tenant).await;
        world.system.work().await.unwrap();
        let (store, now) = (&world.system.tenants, world.system.clock.now());
        for _ in 0..4 {
            assert_eq!(store.reserve_attempt(&tenant, now).await.unwrap(), None);
            store.note_refusal(&tenant, now).await.unwrap();
        }
        assert!(store.reserve_attempt(&tenant, now).await.unwrap().is_some());
    });
}

#[test]
fn with_another_token_a_run_that_waits_for_its_second_try_can_be_asked_for_at_once() {
    run(async {
        let (world, tenant) = World::with(company(87, 12)).await;
        world
            .hibob
            .edit_user("SERVICE-acme", |user| user.is_revoked = true);
        let requested = world.sync_now(&tenant).await;
        world.system.work().await.unwrap();
        world.replace_token(&tenant, "another").await;

        let (store, now) = (&world.system.tenants, world.system.clock.now());
        let waiting = RequestOutcome::UnderWay {
            run: requested.clone(),
            is_leased: false,
        };
        assert_eq!(store.request_run(&tenant, now).await.unwrap(), waiting);
        assert_eq!(world.sync_now(&tenant).await, requested);
        world.system.work().await.unwrap();
        let record = world.last_run(&tenant).await;
        assert_eq!(
            (record.due_at, record.status),
            (requested.due_at, RunStatus::Applied)
        );
        world.until_quiet().await;
        assert_eq!(world.hibob.requests().len(), 2);
        world.assert_no_dead_letters().await;
    });
}

#[test]
fn an_hour_that_is_changed_while_the_night_is_due_does_not_bring_the_date_a_second_one() {
    run(async {
        let (world, tenant) = World::with(company(88, 12)).await;
        world.nightfall().await;
        let (store, now) = (&world.system.tenants, world.system.clock.now());
        let read = store.connection(&tenant).await.unwrap().unwrap();
        let mut later = read.value.clone();
        later.night = Night::new("UTC", jiff::civil::time(5, 0, 0, 0)).unwrap();
        store.save_connection(&tenant, &read, later, now).await.unwrap();
        world.system.work().await.unwrap();
        assert_eq!(world.last_run(&tenant).await.status, RunStatus::Applied);
        let next = world.system.next_due_at(&tenant).await.unwrap();
        assert_eq!(next, Some("2026-11-25T05:00:00Z".parse().unwrap()));
    });
}

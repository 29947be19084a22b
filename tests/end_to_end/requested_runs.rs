//! Runs that an admin asks for.

use std::time::Duration;

use futures::future::join;
use jiff::SignedDuration;
use provisioning::Counts;
use stand_in_hibob::{Fault, When};
use tenant_store::{AttentionCause, RunStatus, Trigger};

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

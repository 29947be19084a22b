use futures::future::join_all;
use jiff::SignedDuration;

use crate::stack::{Stack, acme, at, tenant};

#[tokio::test]
async fn after_five_refusals_hibob_is_left_alone_until_the_ten_minutes_are_over() {
    let stack = Stack::start().await;
    let (acme, now) = (acme(), at(24, "10:03:00"));
    for _ in 0..5 {
        assert_eq!(stack.store.reserve_attempt(&acme, now).await.unwrap(), None);
        stack.store.note_refusal(&acme, now).await.unwrap();
    }
    let wait = stack.store.reserve_attempt(&acme, now).await.unwrap();
    assert_eq!(wait, Some(SignedDuration::from_mins(7)));
    let other = stack.store.reserve_attempt(&tenant("globex"), now).await;
    assert_eq!(other.unwrap(), None);
    let later = stack.store.reserve_attempt(&acme, at(24, "10:10:00")).await;
    assert_eq!(later.unwrap(), None);
}

#[tokio::test]
async fn of_sixty_bad_attempts_at_once_hibob_meets_fifteen_at_most_and_of_good_ones_none_is_lost() {
    let stack = Stack::start().await;
    let (acme, now) = (acme(), at(24, "10:03:00"));
    let attempts = (0..60).map(async |_| {
        let is_free = stack.store.reserve_attempt(&acme, now).await.unwrap().is_none();
        if is_free {
            stack.store.note_refusal(&acme, now).await.unwrap();
        }
        is_free
    });
    let met = join_all(attempts).await.into_iter().filter(|met| *met).count();
    assert!((5..=15).contains(&met), "{met}");

    let globex = tenant("globex");
    for _ in 0..20 {
        let reserved = join_all((0..4).map(|_| stack.store.reserve_attempt(&globex, now))).await;
        assert!(reserved.into_iter().all(|wait| wait.unwrap().is_none()));
        for _ in 0..4 {
            stack.store.give_back_attempt(&globex, now).await.unwrap();
        }
    }
}

#[tokio::test]
async fn more_attempts_in_flight_than_a_page_makes_wait_for_one_to_end() {
    let stack = Stack::start().await;
    let (acme, now) = (acme(), at(24, "10:03:00"));
    let reserve = async || stack.store.reserve_attempt(&acme, now).await.unwrap();
    for _ in 0..10 {
        assert_eq!(reserve().await, None);
    }
    assert!(reserve().await.unwrap() < SignedDuration::from_mins(1));
    stack.store.give_back_attempt(&acme, now).await.unwrap();
    assert_eq!(reserve().await, None);
}

#[tokio::test]
async fn a_block_is_remembered_until_its_end() {
    let stack = Stack::start().await;
    let (acme, now) = (acme(), at(24, "10:07:00"));
    stack
        .store
        .note_block(&acme, at(24, "10:12:00"), now)
        .await
        .unwrap();
    let wait = async |time| stack.store.reserve_attempt(&acme, at(24, time)).await.unwrap();
    assert_eq!(wait("10:07:00").await, Some(SignedDuration::from_mins(5)));
    assert_eq!(wait("10:11:00").await, Some(SignedDuration::from_mins(1)));
    assert_eq!(wait("10:12:00").await, None);
}

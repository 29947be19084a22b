use embedded_aws::Fault;
use sign_in_store::{Disposition, SaveError};
use single_sign_on::SsoSettings;

use crate::stack::{Stack, acme, at, settings, tenant};

#[tokio::test]
async fn a_tenant_that_never_saved_has_sign_on_switched_off() {
    let stack = Stack::start().await;
    let read = stack.settings.read(&acme()).await.unwrap();
    assert_eq!((read.version, read.value), (0, SsoSettings::default()));
}

#[tokio::test]
async fn settings_come_back_as_they_were_saved_to_their_tenant_alone() {
    let stack = Stack::start().await;
    let saved = stack.settings.save(&acme(), &settings(), 0, at("10:00:00")).await;
    let saved = saved.unwrap();
    let read = stack.settings.read(&acme()).await.unwrap();
    assert_eq!((read.version, read.value), (saved, settings()));
    let other = stack.settings.read(&tenant("globex")).await.unwrap();
    assert_eq!(other.value, SsoSettings::default());
}

#[tokio::test]
async fn of_two_admins_the_second_is_told_that_the_first_has_saved() {
    let stack = Stack::start().await;
    let save = async |expected| {
        stack
            .settings
            .save(&acme(), &settings(), expected, at("10:00:00"))
            .await
    };
    let first = save(0).await.unwrap();
    assert!(matches!(save(0).await, Err(SaveError::Outdated)));
    assert_eq!(save(first).await.unwrap(), first + 1);
    assert!(matches!(save(first).await, Err(SaveError::Outdated)));
    assert!(matches!(save(first + 7).await, Err(SaveError::Outdated)));
}

#[tokio::test]
async fn what_is_erased_is_gone_and_cannot_be_saved_over() {
    let stack = Stack::start().await;
    let save = async |expected, time| {
        stack
            .settings
            .save(&acme(), &settings(), expected, at(time))
            .await
    };
    let erased = save(0, "10:00:00").await.unwrap();
    assert!(stack.settings.erase(&acme()).await.unwrap());
    assert!(!stack.settings.erase(&acme()).await.unwrap());
    let read = stack.settings.read(&acme()).await.unwrap();
    assert_eq!((read.version, read.value), (0, SsoSettings::default()));
    assert!(matches!(save(erased, "10:00:01").await, Err(SaveError::Outdated)));
}

#[tokio::test]
async fn a_page_from_before_an_erasure_cannot_save_over_what_was_entered_anew() {
    let stack = Stack::start().await;
    let save = async |expected, time| {
        stack
            .settings
            .save(&acme(), &settings(), expected, at(time))
            .await
    };
    let before = save(0, "10:00:00").await.unwrap();
    stack.settings.erase(&acme()).await.unwrap();
    let anew = save(0, "10:00:01").await.unwrap();
    assert!(anew > before);
    assert!(matches!(save(before, "10:00:02").await, Err(SaveError::Outdated)));
}

#[tokio::test]
async fn a_table_that_does_not_answer_may_answer_later() {
    let stack = Stack::start().await;
    stack.faults.fail_from(1, Fault::Denied);
    let error = stack.settings.read(&acme()).await.unwrap_err();
    assert_eq!(error.disposition(), Disposition::Retry);
    assert_eq!(
        error.to_string(),
        "could not read the settings of single sign-on: the table is not ours to use"
    );
}

use embedded_aws::Fault;
use secrecy::{ExposeSecret, SecretString};
use tenant_store::{Disposition, Error, ServiceUser};

use crate::stack::{Stack, acme, tenant};

fn service_user(token: &str) -> ServiceUser {
    ServiceUser {
        id: "SERVICE-1".to_owned(),
        token: SecretString::from(token.to_owned()),
    }
}

#[tokio::test]
async fn a_token_is_kept_replaced_and_erased() {
    let stack = Stack::start().await;
    assert!(matches!(
        stack.vault.service_user(&acme()).await,
        Err(Error::NoToken)
    ));
    for token in ["first", "second"] {
        stack.vault.put(&acme(), &service_user(token)).await.unwrap();
        let read = stack.vault.service_user(&acme()).await.unwrap();
        assert_eq!((&*read.id, read.token.expose_secret()), ("SERVICE-1", token));
    }
    assert!(matches!(
        stack.vault.service_user(&tenant("other")).await,
        Err(Error::NoToken)
    ));

    stack.vault.erase(&acme()).await.unwrap();
    stack.vault.erase(&acme()).await.unwrap();
    assert!(matches!(
        stack.vault.service_user(&acme()).await,
        Err(Error::NoToken)
    ));
}

#[tokio::test]
async fn no_debug_output_and_no_error_shows_a_token() {
    let stack = Stack::start().await;
    let user = service_user("s3cret");
    assert!(!format!("{user:?} {:?}", stack.vault).contains("s3cret"));
    stack.faults.fail_next("PutSecretValue", 1, Fault::Denied);
    let error = stack.vault.put(&acme(), &user).await.unwrap_err();
    assert!(!format!("{error:?}").contains("s3cret"));
}

#[tokio::test]
async fn a_vault_that_is_denied_or_away_is_not_a_missing_token() {
    let stack = Stack::start().await;
    stack.vault.put(&acme(), &service_user("t")).await.unwrap();
    stack.faults.fail_next("GetSecretValue", 1, Fault::Denied);
    let denied = stack.vault.service_user(&acme()).await.unwrap_err();
    assert!(matches!(denied, Error::Denied { .. }));
    stack.faults.fail_next("GetSecretValue", 9, Fault::Throttled);
    let throttled = stack.vault.service_user(&acme()).await.unwrap_err();
    assert!(matches!(throttled, Error::Unavailable { .. }));
    assert_eq!(
        (denied.disposition(), throttled.disposition()),
        (Disposition::Retry, Disposition::Retry)
    );
}

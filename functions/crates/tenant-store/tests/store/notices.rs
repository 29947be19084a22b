use jiff::civil::date;
use tenant_store::AttentionCause::{TokenMissing, TokenRefused};

use crate::stack::{Stack, acme, at, tenant};

#[tokio::test]
async fn a_tenant_is_told_of_a_cause_once_a_day() {
    let stack = Stack::start().await;
    let now = at(24, "03:40:00");
    let claim = async |tenant, cause, day, claimant| {
        stack
            .notices
            .claim(&tenant, cause, date(2026, 11, day), now, claimant)
            .await
            .unwrap()
    };
    assert!(claim(acme(), TokenRefused, 24, "first").await);
    assert!(!claim(acme(), TokenRefused, 24, "second").await);
    assert!(
        claim(acme(), TokenRefused, 24, "first").await,
        "its answer may have been lost"
    );
    assert!(claim(acme(), TokenRefused, 25, "second").await);
    assert!(claim(acme(), TokenMissing, 24, "second").await);
    assert!(claim(tenant("other"), TokenRefused, 24, "second").await);

    let item = stack
        .item("NoticesTable", "TENANT#acme", "NOTICE#tokenRefused#2026-11-24")
        .await
        .unwrap();
    let expires_at: i64 = item["expires_at"].as_n().unwrap().parse().unwrap();
    assert_eq!(expires_at - now.as_second(), 90 * 24 * 3600);
}

use tenant_store::FleetRuns;

use crate::stack::{Stack, at};

#[tokio::test]
async fn runs_and_refusals_are_counted_by_the_hour_and_expire() {
    let stack = Stack::start().await;
    for (time, refused) in [
        ("02:10:00", true),
        ("03:05:00", false),
        ("03:59:59", true),
        ("04:00:00", true),
    ] {
        stack.store.note_run(at(24, time), refused).await.unwrap();
    }
    let runs = |hours| stack.store.fleet_runs(at(24, "03:30:00"), hours);
    assert_eq!(runs(0).await.unwrap(), FleetRuns { runs: 2, refused: 1 });
    assert_eq!(runs(1).await.unwrap(), FleetRuns { runs: 3, refused: 2 });

    let item = stack
        .item("TenantsTable", "FLEET#2026-11-24T03", "REFUSALS")
        .await
        .unwrap();
    let expires_at = at(26, "03:05:00").as_second();
    assert_eq!(item["expires_at"].as_n().unwrap(), &expires_at.to_string());
}

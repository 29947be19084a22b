use std::collections::BTreeSet;

use provisioning::{RunId, TenantId};
use tenant_store::{Shard, TenantStore};

use crate::stack::{Stack, acme, at, connection, tenant};

async fn due(store: &TenantStore, time: &str) -> BTreeSet<RunId> {
    let mut found = BTreeSet::new();
    for shard in Shard::all() {
        let mut pages = store.due(shard, at(24, time));
        while let Some(page) = pages.next().await {
            found.extend(page.unwrap());
        }
    }
    found
}

#[tokio::test]
async fn every_tenant_is_found_once_it_is_due_and_no_more_when_its_run_has_begun() {
    let stack = Stack::start().await;
    let tenants: Vec<TenantId> = (1..=40)
        .map(|number| tenant(&format!("t{number}")))
        .chain([acme()])
        .collect();
    for tenant in &tenants {
        stack
            .store
            .create_connection(tenant, &connection(), at(23, "12:00:00"))
            .await
            .unwrap();
    }
    assert!(due(&stack.store, "03:29:59").await.is_empty());
    let found = due(&stack.store, "03:30:00").await;
    assert_eq!(
        found,
        tenants
            .into_iter()
            .map(|tenant| RunId {
                tenant,
                due_at: at(24, "03:30:00")
            })
            .collect()
    );

    stack.lease(24, "a", "03:40:00").await;
    let left = due(&stack.store, "03:41:00").await;
    assert!(left.len() == 40 && left.iter().all(|run| run.tenant != acme()));
}

#[test]
fn tenants_spread_over_the_shards_and_each_stays_in_its_own() {
    let shard = |number: u32| String::from(Shard::of(&tenant(&format!("tenant-{number}"))));
    let shards: BTreeSet<String> = (0..200).map(shard).collect();
    assert_eq!(shards, Shard::all().map(String::from).collect());
    // A release that moved tenants would lose them from the index.
    assert_eq!(String::from(Shard::of(&acme())), "01");
}

//! Mappings that this version did not save.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use provisioning::TenantId;
use stand_in_hibob::Company;
use tenant_store::{AttentionCause, RunStatus};

use crate::harness::{World, assert_team_equals_hibob, company, mapping, run};

type Entry = HashMap<String, AttributeValue>;

/// Changes the entries of a tenant's mapping where they are stored.
async fn rewrite(world: &World, tenant: &TenantId, change: impl Fn(&mut Entry)) {
    let client = aws_sdk_dynamodb::Client::new(&world.aws);
    let partition = AttributeValue::S(format!("TENANT#{tenant}"));
    let mut items = world.scan("TenantsTable").await;
    items.retain(|item| item["pk"] == partition && item["sk"].as_s().unwrap() == "MAPPING");
    let mut item = items.remove(0);
    let Some(AttributeValue::M(document)) = item.get_mut("document") else {
        panic!("no document")
    };
    let Some(AttributeValue::L(entries)) = document.get_mut("entries") else {
        panic!("no entries")
    };
    for entry in entries {
        let AttributeValue::M(entry) = entry else {
            panic!("not an entry")
        };
        change(entry);
    }
    let table = &world.system.provisioned.tables["TenantsTable"];
    client
        .put_item()
        .table_name(table)
        .set_item(Some(item))
        .send()
        .await
        .unwrap();
}

#[test]
fn a_mapping_saved_by_an_older_version_works_as_it_did() {
    run(async {
        let (world, tenant) = World::with(company(71, 12)).await;
        rewrite(&world, &tenant, |entry| {
            entry.remove("whenEmpty").unwrap();
            entry.insert("retired".to_owned(), AttributeValue::Bool(true));
        })
        .await;
        world.night().await;
        assert_eq!(world.last_run(&tenant).await.status, RunStatus::Applied);
        assert_team_equals_hibob(&world, &tenant).await;
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn a_connection_that_is_on_before_fields_are_mapped_waits_without_a_fault_or_a_question_to_hibob() {
    run(async {
        let (world, tenant) = World::with(company(73, 12)).await;
        let client = aws_sdk_dynamodb::Client::new(&world.aws);
        let delete = client
            .delete_item()
            .table_name(&world.system.provisioned.tables["TenantsTable"]);
        delete
            .key("pk", AttributeValue::S(format!("TENANT#{tenant}")))
            .key("sk", AttributeValue::S("MAPPING".to_owned()))
            .send()
            .await
            .unwrap();
        world.night().await;
        let record = world.last_run(&tenant).await;
        assert_eq!(record.status, RunStatus::WaitingForMapping);
        assert_eq!(record.hibob_calls, 0);
        assert!(world.mails(&tenant).await.is_empty());

        world
            .system
            .tenants
            .save_mapping(&tenant, &mapping(), None, true)
            .await
            .unwrap();
        world.night().await;
        assert_team_equals_hibob(&world, &tenant).await;
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn a_mapping_that_became_invalid_needs_attention_with_one_mail_and_changes_nothing() {
    run(async {
        let (world, tenant) = World::with(company(72, 12)).await;
        world.night().await;
        let accounts = world.accounts(&tenant).await;
        world.hibob.edit("acme", Company::advance_day);
        rewrite(&world, &tenant, |entry| {
            if entry["target"].as_s().unwrap() == "jobTitle" {
                entry.insert("target".to_owned(), AttributeValue::S("shoeSize".to_owned()));
            }
        })
        .await;
        for _ in 0..2 {
            world.night().await;
            assert_eq!(world.last_run(&tenant).await.status, RunStatus::NeedsAttention);
        }
        let state = world.system.tenants.run_state(&tenant).await.unwrap().unwrap();
        assert_eq!(
            state.attention.map(|attention| attention.cause),
            Some(AttentionCause::MappingUnusable)
        );
        let mails = world.mails(&tenant).await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].html.as_ref().unwrap().contains("#mapping"));
        assert_eq!(world.hibob.requests().len(), 1, "HiBob is not asked");
        assert_eq!(world.accounts(&tenant).await, accounts);

        world
            .system
            .tenants
            .save_mapping(&tenant, &mapping(), Some(1), true)
            .await
            .unwrap();
        world
            .hibob
            .edit_user("SERVICE-acme", |user| user.is_revoked = true);
        world.nightfall().await;
        world.until_quiet().await;
        let state = world.system.tenants.run_state(&tenant).await.unwrap().unwrap();
        assert_eq!(
            state.attention.map(|attention| attention.cause),
            Some(AttentionCause::TokenRefused),
            "another trouble is told in its own words"
        );
        assert_eq!(world.mails(&tenant).await.len(), 2);

        world
            .hibob
            .edit_user("SERVICE-acme", |user| user.is_revoked = false);
        world.night().await;
        assert_eq!(world.last_run(&tenant).await.mapping_version, Some(2));
        assert_eq!(world.attention(&tenant).await, None);
        world.assert_settled(&tenant).await;
    });
}

//! Previews of a mapping that is not saved.

use provisioning::preview::{Preview, PreviewedKind};
use provisioning::{Counts, MappingDocument, Refusal};
use stand_in_hibob::{Company, Fault, When};
use tenant_store::{RunStatus, TaskRequest};

use crate::harness::{World, company, mapping, run};

fn preview_of(mapping: impl Into<MappingDocument>) -> TaskRequest {
    TaskRequest::Preview {
        mapping: mapping.into(),
    }
}

#[test]
fn a_preview_is_what_the_next_run_does_and_writes_nothing_that_could_be_read() {
    run(async {
        let (world, tenant) = World::with(company(101, 60)).await;
        world.dusk().await;
        let first = world.result(&tenant, &preview_of(mapping())).await;
        let first: Preview = serde_json::from_value(first).unwrap();
        for table in ["AccountsTable", "RunsTable"] {
            assert!(world.scan(table).await.is_empty(), "{table}");
        }
        let stored = format!("{:?}", world.scan("TasksTable").await);
        let domain = world.hibob.company("acme").domain();
        assert!(!stored.contains(domain), "an address is readable");
        assert!((1..=20).contains(&first.people.len()));
        assert!(
            first
                .people
                .iter()
                .any(|person| person.kind == PreviewedKind::Created)
        );

        world.night().await;
        let record = world.last_run(&tenant).await;
        assert_eq!((record.applied, record.findings), (first.planned, first.findings));

        world.hibob.edit("acme", Company::advance_day);
        world.dusk().await;
        let second = world.result(&tenant, &preview_of(mapping())).await;
        let second: Preview = serde_json::from_value(second).unwrap();
        assert_ne!(second.planned, Counts::default());
        let changed = second
            .people
            .iter()
            .find(|person| person.kind == PreviewedKind::Updated)
            .unwrap();
        assert!(changed.name.is_some() && changed.email.is_some() && !changed.edits.is_empty());
        world.night().await;
        let record = world.last_run(&tenant).await;
        assert_eq!(
            (record.status, record.applied),
            (RunStatus::Applied, second.planned)
        );
        world.assert_settled(&tenant).await;
    });
}

#[test]
fn a_field_that_the_draft_no_longer_maps_is_not_asked_for() {
    run(async {
        let (world, tenant) = World::with(company(102, 12)).await;
        let mut draft: MappingDocument = mapping().into();
        draft.entries.retain(|entry| entry.target == "email");
        world.result(&tenant, &preview_of(draft)).await;
        let asked = world.hibob.requests().remove(0).fields;
        assert!(!asked.iter().any(|field| field == "work.title"), "{asked:?}");
    });
}

#[test]
fn an_answer_that_a_run_would_refuse_is_told_as_such() {
    run(async {
        let (world, tenant) = World::with(company(103, 12)).await;
        world.hibob.inject("acme", Fault::EmptyList, When::SEARCHING);
        let result = world.result(&tenant, &preview_of(mapping())).await;
        let preview: Preview = serde_json::from_value(result).unwrap();
        assert_eq!(preview.refusal, Some(Refusal::EmptyAnswer));
    });
}

#[test]
fn a_mapping_that_is_not_valid_has_no_preview_and_costs_hibob_nothing() {
    run(async {
        let (world, tenant) = World::with(company(104, 12)).await;
        let empty = MappingDocument { entries: Vec::new() };
        let task = world.ended(&tenant, &preview_of(empty)).await;
        assert_eq!(task.failure.unwrap().problem, "invalid-mapping");
        assert!(world.hibob.requests().is_empty());
    });
}

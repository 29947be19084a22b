//! What the OpenAPI document shows of each answer, as far as possible made by the code that makes the answers.

use std::collections::BTreeMap;

use hibob::FieldMetadata;
use provisioning::preview::{Because, Preview, PreviewedEdit, PreviewedKind, PreviewedPerson, Shown};
use provisioning::{Category, Counts, FieldType, Findings};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{fields, targets};

/// Examples by the names of their schemas.
pub(crate) fn examples() -> BTreeMap<&'static str, Value> {
    BTreeMap::from([
        (
            "FieldList",
            value(&fields::list(title().into_iter().collect(), None)),
        ),
        ("TargetList", value(&targets::all())),
        ("Samples", samples()),
        ("TaskBody_Preview", finished(&value(&preview()))),
    ])
}

fn value(body: &impl Serialize) -> Value {
    serde_json::to_value(body).unwrap_or_default()
}

fn title() -> Option<FieldMetadata> {
    Some(FieldMetadata {
        id: "work.title".parse().ok()?,
        name: "Job title".to_owned(),
        field_type: FieldType::List,
        category: Category {
            id: "work".to_owned(),
            name: "Work".to_owned(),
        },
        list_id: Some("work.title".to_owned()),
        historical: true,
        json_path: "work.title".to_owned(),
    })
}

fn samples() -> Value {
    json!({
        "person": {"employee": "3332883894211903843", "email": "ada@example.com", "name": null},
        "samples": [
            {"target": "email", "state": "value", "value": "ada@example.com", "source": "root.email"},
            {"target": "jobTitle", "state": "withheld", "value": null, "source": "work.title"},
        ],
    })
}

fn preview() -> Preview {
    Preview {
        planned: Counts {
            updated: 1,
            ..Counts::default()
        },
        held: Counts::default(),
        hold: None,
        refusal: None,
        findings: Findings {
            people: 250,
            active_accounts: 238,
            ..Findings::default()
        },
        people: vec![PreviewedPerson {
            employee: "3332883894211903843".parse().ok(),
            account: "hibob-3332883894211903843".parse().ok(),
            name: Some("Ada Lovelace".to_owned()),
            email: Some("ada@example.com".to_owned()),
            kind: PreviewedKind::Updated,
            reason: None,
            edits: vec![PreviewedEdit {
                target: "jobTitle".to_owned(),
                before: Some(Shown::Text("Analyst".to_owned())),
                after: Some(Shown::Text("Chief Analyst".to_owned())),
            }],
            more_edits: 0,
            because: vec![Because::Changed],
        }],
    }
}

fn finished(result: &Value) -> Value {
    json!({"id": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "kind": "preview", "status": "done", "stage": null, "people": 250,
        "requestedAt": "2026-11-24T12:00:00Z", "expiresAt": "2026-11-24T13:00:00Z", "result": result, "failure": null})
}

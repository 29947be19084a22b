//! What a mapping can read.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use hibob::FieldMetadata;
use http_api::{Caller, Json, Problem};
use provisioning::access::{CategoryState, ProofReport};
use provisioning::field::control;
use provisioning::{FieldId, FieldType, suggested_mapping};
use serde::Serialize;
use tenant_store::Error;
use utoipa::ToSchema;

use crate::MappingApi;
use crate::mapping::EntriesBody;

/// The fields of the company's HiBob that may be mapped
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FieldList {
    /// By name.
    categories: Vec<CategoryBody>,
    /// Fields that every run reads, whatever is mapped.
    #[schema(example = json!(["root.id", "root.email"]))]
    control_fields: Vec<&'static str>,
}

/// A permission category of HiBob
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FieldCategory)]
struct CategoryBody {
    #[schema(example = "work")]
    id: String,
    #[schema(example = "Work")]
    name: String,
    values: Values,
    fields: Vec<FieldBody>,
}

/// Whether values of a category came when the connection was tested last
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum Values {
    /// They came.
    Came,
    /// They did not: the permission is missing, or nobody has any.
    None,
    /// Nobody has looked.
    Unknown,
}

/// A field of HiBob
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Field)]
struct FieldBody {
    id: FieldId,
    /// Two fields may share a name.
    #[schema(example = "Job title")]
    name: String,
    #[serde(rename = "type")]
    field_type: FieldType,
    /// Whether HiBob keeps its history by date.
    historical: bool,
    /// Whether every run reads it, whatever is mapped.
    is_control: bool,
}

http_api::problems!(pub(crate) HibobProblems: NotConnected, TokenRefused, AccessDenied, TooManyRefusals, HibobUnavailable,
    HibobBlocked, HibobTooSlow);

/// List the HiBob fields
///
/// As HiBob describes them at this moment, by permission category. Fields that are never read, such as pay and bank details,
/// are left out.
#[utoipa::path(get, path = "/api/fields", tag = "fields",
    responses((status = 200, description = "What a mapping can read", body = FieldList), HibobProblems))]
pub(crate) async fn list_fields(
    State(api): State<Arc<MappingApi>>,
    caller: Caller,
) -> Result<Json<FieldList>, Problem> {
    api.connection(&caller.tenant).await?;
    let proof = match api.tenants.last_proof(&caller.tenant).await {
        // One of an older release is worth no more than none.
        Err(Error::Malformed { .. }) => None,
        proof => proof?,
    };
    let metadata = api.hibob.metadata(&caller.tenant).await?;
    Ok(Json(list(
        metadata.offered,
        proof.map(|proof| proof.report).as_ref(),
    )))
}

/// Suggest a mapping
///
/// What suits most companies, from the fields this one has. Empty if none of them can fill the e-mail address.
#[utoipa::path(get, path = "/api/mapping/suggestion", tag = "mapping",
    responses((status = 200, description = "The suggestion", body = EntriesBody), HibobProblems))]
pub(crate) async fn suggest_mapping(
    State(api): State<Arc<MappingApi>>,
    caller: Caller,
) -> Result<Json<EntriesBody>, Problem> {
    api.connection(&caller.tenant).await?;
    let metadata = api.hibob.metadata(&caller.tenant).await?;
    let suggestion = suggested_mapping(&metadata.sources());
    Ok(Json(EntriesBody {
        entries: suggestion.map(|mapping| mapping.entries).unwrap_or_default(),
    }))
}

pub(crate) fn list(fields: Vec<FieldMetadata>, proof: Option<&ProofReport>) -> FieldList {
    let mut categories: BTreeMap<(String, String), CategoryBody> = BTreeMap::new();
    for field in fields {
        let FieldMetadata { category, .. } = field;
        let key = (category.name.to_lowercase(), category.id.clone());
        let place = categories.entry(key).or_insert_with(|| CategoryBody {
            values: values(&category.id, proof),
            id: category.id,
            name: category.name,
            fields: Vec::new(),
        });
        place.fields.push(FieldBody {
            is_control: is_control(&field.id),
            id: field.id,
            name: field.name,
            field_type: field.field_type,
            historical: field.historical,
        });
    }
    FieldList {
        categories: categories.into_values().collect(),
        control_fields: control::FIELDS.iter().map(|(id, ..)| *id).collect(),
    }
}

fn is_control(field: &FieldId) -> bool {
    control::FIELDS.iter().any(|(id, ..)| *id == field.as_str())
}

fn values(category: &str, proof: Option<&ProofReport>) -> Values {
    let mut seen = proof.iter().flat_map(|proof| &proof.categories);
    match seen.find(|seen| seen.id == category).map(|seen| seen.state) {
        Some(CategoryState::Granted) => Values::Came,
        Some(CategoryState::NotGranted | CategoryState::NoValues) => Values::None,
        Some(CategoryState::NotAsked) | None => Values::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use provisioning::access::{AccessProof, KnownField};
    use provisioning::{Category, Employee, FieldValue, Policy, Reading, SourceField};
    use serde_json::json;

    use super::*;

    fn field(id: &str, category: &str) -> FieldMetadata {
        FieldMetadata {
            id: id.parse().unwrap(),
            name: "A field".to_owned(),
            field_type: FieldType::Text,
            category: Category {
                id: category.to_owned(),
                name: format!("{category}!"),
            },
            list_id: None,
            historical: true,
            json_path: id.to_owned(),
        }
    }

    #[test]
    fn fields_are_grouped_by_category_with_what_the_last_proof_saw() {
        let fields = [
            field("work.title", "work"),
            field("root.email", "root"),
            field("home.x", "home"),
        ];
        let known = |field: &FieldMetadata| KnownField {
            field: SourceField {
                id: field.id.clone(),
                field_type: field.field_type,
                category: field.category.clone(),
            },
            name: field.name.clone(),
        };
        let mut proof = AccessProof::new(
            &fields.clone().map(|field| known(&field)),
            None,
            &Policy::default(),
        );
        let value = |id: &FieldId| match id.as_str() {
            "root.id" | "work.title" => FieldValue::Present(Reading {
                machine: json!("1"),
                human: None,
            }),
            _ => FieldValue::Absent,
        };
        proof.observe(&Employee::new(proof.fields().ids().iter().map(value).collect()));
        let report = proof.finish();

        let shown = serde_json::to_value(list(fields.to_vec(), Some(&report))).unwrap();
        let categories = shown["categories"].as_array().unwrap();
        let summary: Vec<_> = categories
            .iter()
            .map(|shown| (&shown["name"], &shown["values"]))
            .collect();
        let expected = [
            (json!("home!"), json!("none")),
            (json!("root!"), json!("none")),
            (json!("work!"), json!("came")),
        ];
        assert_eq!(
            summary,
            expected
                .iter()
                .map(|(name, values)| (name, values))
                .collect::<Vec<_>>()
        );
        let email = json!({"id": "root.email", "name": "A field", "type": "text", "historical": true, "isControl": true});
        assert_eq!(categories[1]["fields"], json!([email]));
        assert_eq!(shown["controlFields"][0], "root.id");
    }

    #[test]
    fn before_any_proof_nothing_is_known_about_values() {
        let shown = list(vec![field("work.title", "work")], None);
        assert_eq!(shown.categories[0].values, Values::Unknown);
    }
}

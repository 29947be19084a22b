//! The metadata of a company's employee fields.

use provisioning::{Category, FieldId, FieldType};
use serde::Deserialize;
use serde_json::value::RawValue;
use tracing::warn;

use crate::client::Session;
use crate::error::{Error, Fault};

/// What HiBob says about one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldMetadata {
    /// The id to ask for.
    pub id: FieldId,
    /// As the customer's HiBob shows it. Two fields may share a name.
    pub name: String,
    /// What its values are.
    pub field_type: FieldType,
    /// Whose permission opens it.
    pub category: Category,
    /// The named list its values come from.
    pub list_id: Option<String>,
    /// Whether HiBob keeps its history by effective date.
    pub historical: bool,
    /// Where HiBob says the value is in a person's nested record.
    pub json_path: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireField {
    id: FieldId,
    name: Option<String>,
    #[serde(rename = "type")]
    field_type: Option<FieldType>,
    category: Option<String>,
    category_id: Option<String>,
    category_display_name: Option<String>,
    type_data: Option<WireTypeData>,
    historical: Option<bool>,
    json_path: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireTypeData {
    list_id: Option<String>,
}

impl Session {
    /// Every field of the company, its own ones included. Needs no permission, so it also tells whether HiBob accepts
    /// the credentials; it does not tell whether they may read anybody.
    pub async fn fields(&mut self) -> Result<Vec<FieldMetadata>, Error> {
        let url = self
            .url(&["company", "people", "fields"])
            .ok_or(Error::NotFound)?;
        let document = self.get("company/people/fields", url).await?.document().await?;
        Ok(read(&document)?)
    }
}

/// Fields that cannot be read or asked for are left out: one odd field must not hide the others.
fn read(document: &[u8]) -> Result<Vec<FieldMetadata>, Fault> {
    let entries: Vec<&RawValue> = serde_json::from_slice(document).map_err(|error| {
        if error.is_data() {
            Fault::Shape
        } else {
            Fault::Malformed
        }
    })?;
    let fields: Vec<_> = entries
        .iter()
        .filter_map(|entry| serde_json::from_str::<WireField>(entry.get()).ok())
        .map(FieldMetadata::from)
        .collect();
    if fields.len() < entries.len() {
        warn!(
            skipped = entries.len() - fields.len(),
            "HiBob describes fields in an unknown way"
        );
    }
    Ok(fields)
}

impl From<WireField> for FieldMetadata {
    fn from(field: WireField) -> Self {
        let category_id = field.category_id.or(field.category).unwrap_or_default();
        Self {
            name: field.name.unwrap_or_else(|| field.id.to_string()),
            field_type: field.field_type.unwrap_or(FieldType::Other),
            category: Category {
                name: field.category_display_name.unwrap_or_else(|| category_id.clone()),
                id: category_id,
            },
            list_id: field.type_data.and_then(|data| data.list_id),
            historical: field.historical.unwrap_or_default(),
            json_path: field
                .json_path
                .unwrap_or_else(|| field.id.json_path().collect::<Vec<_>>().join(".")),
            id: field.id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_field_is_read_with_everything_known_about_it() {
        let document =
            br#"[{"id":"work.title","category":"work","categoryId":"work","categoryDisplayName":"Work",
            "name":"Job title","description":null,"jsonPath":"work.title","type":"list",
            "typeData":{"listId":"title"},"historical":true,"somethingElse":{"x":[1]}}]"#;

        let title = FieldMetadata {
            id: "work.title".parse().unwrap(),
            name: "Job title".to_owned(),
            field_type: FieldType::List,
            category: Category {
                id: "work".to_owned(),
                name: "Work".to_owned(),
            },
            list_id: Some("title".to_owned()),
            historical: true,
            json_path: "work.title".to_owned(),
        };
        assert_eq!(read(document), Ok(vec![title]));
    }

    #[test]
    fn an_odd_field_does_not_hide_the_others() {
        let document = br#"[{"id":"no dots"},{"id":7},{"name":"x"},null,"x",{"id":"work.a..b"},
            {"id":"root.email","type":"hologram","typeData":{}}]"#;

        let fields = read(document).unwrap();
        assert_eq!(fields.len(), 1);
        assert_eq!(fields[0].field_type, FieldType::Other);
        assert_eq!(
            (fields[0].name.as_str(), fields[0].json_path.as_str()),
            ("root.email", "email")
        );
    }

    #[test]
    fn anything_but_a_list_is_a_fault() {
        assert_eq!(read(br#"{"fields":[]}"#), Err(Fault::Shape));
        assert_eq!(read(b"[{}"), Err(Fault::Malformed));
        assert_eq!(read(b"[]]"), Err(Fault::Malformed));
        assert_eq!(read(b""), Err(Fault::Malformed));
    }
}

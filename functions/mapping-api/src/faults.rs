//! What is wrong with a mapping, in words for the page.

use http_api::{Metadata, Problem, ProblemKind};
use provisioning::{FieldId, FieldSet, Mapping, MappingDocument, MappingDocumentEntry, MappingError};
use serde::Serialize;

/// One thing that is wrong with a mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct EntryFault {
    /// Which entry, counted from 0; `None` if it is about all of them.
    entry: Option<usize>,
    code: FaultCode,
    detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum FaultCode {
    UnknownTarget,
    MissingEmail,
    DuplicateTarget,
    NoSource,
    TooManySources,
    DuplicateSource,
    TooManyFields,
    NeverOffered,
    WrongType,
    UnknownField,
}

impl EntryFault {
    pub(crate) fn unknown_field(entry: usize, field: &FieldId) -> Self {
        Self {
            entry: Some(entry),
            code: FaultCode::UnknownField,
            detail: format!("HiBob no longer has the field {field}."),
        }
    }

    /// The mapping and the rules of the settings read too much together.
    pub(crate) fn too_many_fields(fields: usize) -> Self {
        Self {
            entry: None,
            code: FaultCode::TooManyFields,
            detail: format!(
                "HiBob allows {} fields at once; with those that every run reads these are {fields}.",
                FieldSet::MAX
            ),
        }
    }
}

impl From<MappingError> for EntryFault {
    fn from(error: MappingError) -> Self {
        use MappingError as E;
        let (entry, code, detail) = match error {
            E::TooManyFields { fields } => return Self::too_many_fields(fields),
            E::UnknownTarget { entry, source } => {
                let detail = format!("HiThrive has no field {}.", source.name());
                (Some(entry), FaultCode::UnknownTarget, detail)
            }
            E::MissingEmail => {
                let detail = "HiThrive knows people by their e-mail address, so a field has to fill it.";
                (None, FaultCode::MissingEmail, detail.to_owned())
            }
            E::DuplicateTarget { second, target, .. } => {
                let detail = format!("Another row fills {target} already.");
                (Some(second), FaultCode::DuplicateTarget, detail)
            }
            E::NoSource { entry, target } => {
                let detail = format!("No HiBob field is chosen for {target}.");
                (Some(entry), FaultCode::NoSource, detail)
            }
            E::TooManySources { entry, sources } => {
                let most = MappingDocumentEntry::MOST_SOURCES;
                let detail = format!("{sources} HiBob fields are chosen; {most} can be.");
                (Some(entry), FaultCode::TooManySources, detail)
            }
            E::DuplicateSource { entry, field } => {
                let detail = format!("{field} is chosen twice.");
                (Some(entry), FaultCode::DuplicateSource, detail)
            }
            E::NeverOffered { entry, field } => {
                let detail = format!("{field} belongs to a category that is never read.");
                (Some(entry), FaultCode::NeverOffered, detail)
            }
            E::WrongType { entry, field, target } => {
                let detail = format!("{field} is of a type that cannot fill {target}.");
                (Some(entry), FaultCode::WrongType, detail)
            }
        };
        Self { entry, code, detail }
    }
}

/// Puts in place what HiBob says about the entries' sources, and names those it no longer has.
pub(crate) fn describe(metadata: &Metadata, entries: &mut [MappingDocumentEntry]) -> Vec<EntryFault> {
    let mut faults = Vec::new();
    for (place, entry) in entries.iter_mut().enumerate() {
        for source in &mut entry.sources {
            if !metadata.describe(source) {
                faults.push(EntryFault::unknown_field(place, &source.id));
            }
        }
    }
    faults
}

/// The mapping of a document, or everything that is wrong with it, `found` included.
pub(crate) fn valid(document: MappingDocument, mut found: Vec<EntryFault>) -> Result<Mapping, Problem> {
    found.extend(Mapping::faults(&document).into_iter().map(EntryFault::from));
    if !found.is_empty() {
        return Err(invalid(&found));
    }
    Mapping::try_from(document).map_err(|error| invalid(&[error.into()]))
}

/// Checks entries that need not be a whole mapping yet.
pub(crate) fn valid_draft(document: &MappingDocument, mut found: Vec<EntryFault>) -> Result<(), Problem> {
    let faults = Mapping::faults(document).into_iter();
    let of_rows = faults.filter(|fault| !matches!(fault, MappingError::MissingEmail));
    found.extend(of_rows.map(EntryFault::from));
    if found.is_empty() {
        Ok(())
    } else {
        Err(invalid(&found))
    }
}

pub(crate) fn invalid(faults: &[EntryFault]) -> Problem {
    Problem::from(ProblemKind::InvalidMapping).with("errors", faults)
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;
    use http_api::testing::json_body;
    use serde_json::{Value, json};

    use super::*;

    fn entry(target: &str, id: &str, field_type: &str) -> Value {
        json!({"target": target, "sources": [
            {"id": id, "type": field_type, "category": {"id": "work", "name": "Work"}}]})
    }

    fn entry_of(target: &str, ids: &[&str]) -> Value {
        let source =
            |id: &&str| json!({"id": id, "type": "list", "category": {"id": "work", "name": "Work"}});
        json!({"target": target, "sources": ids.iter().map(source).collect::<Vec<_>>()})
    }

    fn document(entries: &[Value]) -> MappingDocument {
        serde_json::from_value(json!({"entries": entries})).unwrap()
    }

    #[tokio::test]
    async fn every_fault_is_told_with_its_row_and_a_code() {
        let document = document(&[
            entry("shoeSize", "about.shoes", "text"),
            json!({"target": "jobTitle", "sources": []}),
            entry("startDate", "work.title", "list"),
            entry("custom:Bank", "financial.iban", "text"),
            entry("jobTitle", "work.title", "list"),
            entry_of("department", &["work.department", "work.department"]),
            entry_of("location", &["work.site"; 21]),
        ]);
        let problem = valid(document, Vec::new()).unwrap_err();
        assert_eq!(problem.kind(), ProblemKind::InvalidMapping);
        let body = json_body(problem.into_response()).await;
        let told: Vec<_> = body["errors"].as_array().unwrap().iter().collect();
        let told: Vec<_> = told
            .iter()
            .map(|fault| (&fault["entry"], &fault["code"]))
            .collect();
        let expected = [
            (json!(0), json!("unknownTarget")),
            (json!(1), json!("noSource")),
            (json!(2), json!("wrongType")),
            (json!(3), json!("neverOffered")),
            (json!(5), json!("duplicateSource")),
            (json!(6), json!("tooManySources")),
            (json!(4), json!("duplicateTarget")),
            (json!(null), json!("missingEmail")),
        ];
        assert_eq!(
            told,
            expected
                .iter()
                .map(|(entry, code)| (entry, code))
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_field_that_vanished_is_named_with_its_row() {
        let mut document = document(&[entry("jobTitle", "work.title", "list")]);
        let faults = describe(&Metadata::new(Vec::new()), &mut document.entries);
        assert_eq!(
            faults,
            [EntryFault::unknown_field(0, &"work.title".parse().unwrap())]
        );
    }

    #[test]
    fn a_draft_need_not_fill_the_address_yet() {
        let title = document(&[entry("jobTitle", "work.title", "list")]);
        assert!(valid_draft(&title, Vec::new()).is_ok());
        assert!(valid_draft(&title, vec![EntryFault::too_many_fields(401)]).is_err());
    }
}

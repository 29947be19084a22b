//! A company's fields as HiBob describes them now. What a caller says about a field is never believed: its type decides how
//! values are read, and its category whether they may be read at all.

use std::collections::HashMap;

use hibob::FieldMetadata;
use provisioning::{FieldId, MappingDocumentEntry, SourceField, is_never_offered};

use crate::faults::EntryFault;

#[derive(Debug)]
pub(crate) struct Metadata {
    /// Those that may be mapped.
    pub(crate) offered: Vec<FieldMetadata>,
    by_id: HashMap<FieldId, SourceField>,
}

impl Metadata {
    pub(crate) fn new(mut fields: Vec<FieldMetadata>) -> Self {
        let by_id = fields
            .iter()
            .map(|field| (field.id.clone(), source(field)))
            .collect();
        fields.retain(|field| !is_never_offered(&source(field)));
        Self {
            offered: fields,
            by_id,
        }
    }

    /// The fields that may be mapped, as sources.
    pub(crate) fn sources(&self) -> Vec<SourceField> {
        self.offered.iter().map(source).collect()
    }

    /// Puts in place what HiBob says about the entries' sources, and names those it no longer has.
    pub(crate) fn describe(&self, entries: &mut [MappingDocumentEntry]) -> Vec<EntryFault> {
        let mut faults = Vec::new();
        for (place, entry) in entries.iter_mut().enumerate() {
            for source in &mut entry.sources {
                match self.by_id.get(&source.id) {
                    Some(today) => *source = today.clone(),
                    None => faults.push(EntryFault::unknown_field(place, &source.id)),
                }
            }
        }
        faults
    }
}

fn source(field: &FieldMetadata) -> SourceField {
    SourceField {
        id: field.id.clone(),
        field_type: field.field_type,
        category: field.category.clone(),
    }
}

#[cfg(test)]
mod tests {
    use provisioning::{Category, FieldType, WhenEmpty};

    use super::*;

    fn field(id: &str, field_type: FieldType, category: &str) -> FieldMetadata {
        FieldMetadata {
            id: id.parse().unwrap(),
            name: id.to_owned(),
            field_type,
            category: Category {
                id: category.to_owned(),
                name: category.to_uppercase(),
            },
            list_id: None,
            historical: false,
            json_path: id.to_owned(),
        }
    }

    fn entry(source: &FieldMetadata) -> MappingDocumentEntry {
        MappingDocumentEntry {
            target: "jobTitle".to_owned(),
            sources: vec![super::source(source)],
            when_empty: WhenEmpty::Clear,
        }
    }

    #[test]
    fn what_a_caller_says_about_a_field_is_replaced_by_what_hibob_says() {
        let metadata = Metadata::new(vec![field("work.title", FieldType::List, "financial")]);
        let mut entries = [entry(&field("work.title", FieldType::Text, "work"))];
        assert_eq!(metadata.describe(&mut entries), []);
        assert_eq!(entries[0].sources[0].field_type, FieldType::List);
        assert_eq!(entries[0].sources[0].category.id, "financial");
        assert!(metadata.sources().is_empty(), "what is never read is not offered");
    }

    #[test]
    fn a_field_that_vanished_is_named() {
        let metadata = Metadata::new(Vec::new());
        let faults = metadata.describe(&mut [entry(&field("work.title", FieldType::Text, "work"))]);
        assert_eq!(faults.len(), 1);
        assert_eq!(serde_json::to_value(&faults[0]).unwrap()["code"], "unknownField");
    }
}

//! A company's fields as HiBob describes them now. What a caller says about a field is never believed: its type decides how
//! values are read, and its category whether they may be read at all.

use std::collections::HashMap;

use hibob::FieldMetadata;
use provisioning::{FieldId, SourceField, is_never_offered};

/// The fields of a company's HiBob.
#[derive(Debug)]
pub struct Metadata {
    /// Those that may be read.
    pub offered: Vec<FieldMetadata>,
    by_id: HashMap<FieldId, SourceField>,
}

impl Metadata {
    /// The fields that HiBob describes.
    #[must_use]
    pub fn new(mut fields: Vec<FieldMetadata>) -> Self {
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

    /// The fields that may be read, as sources.
    #[must_use]
    pub fn sources(&self) -> Vec<SourceField> {
        self.offered.iter().map(source).collect()
    }

    /// Puts in place what HiBob says about a source; false if it does not have it.
    #[must_use]
    pub fn describe(&self, source: &mut SourceField) -> bool {
        let today = self.by_id.get(&source.id);
        if let Some(today) = today {
            *source = today.clone();
        }
        today.is_some()
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
    use provisioning::{Category, FieldType};

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

    #[test]
    fn what_a_caller_says_about_a_field_is_replaced_by_what_hibob_says() {
        let metadata = Metadata::new(vec![field("work.title", FieldType::List, "financial")]);
        let mut said = source(&field("work.title", FieldType::Text, "work"));
        assert!(metadata.describe(&mut said));
        assert_eq!(
            (said.field_type, said.category.id.as_str()),
            (FieldType::List, "financial")
        );
        assert!(metadata.sources().is_empty(), "what is never read is not offered");
    }

    #[test]
    fn a_field_that_vanished_is_told() {
        let mut said = source(&field("work.title", FieldType::Text, "work"));
        assert!(!Metadata::new(Vec::new()).describe(&mut said));
    }
}

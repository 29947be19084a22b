//! The mappings of the local companies, whose admins have decided already.

use hibob::FieldMetadata;
use provisioning::{Mapping, MappingDocument, MappingError, SourceField, fitting_entry, suggested_mapping};

/// What the admins of the made-up companies chose besides the usual: fields of their own, and a list of several items.
const CHOSEN: [(&str, &str); 6] = [
    ("division", "work.customColumns.column_1639496202710"),
    ("teams", "work.customColumns.column_1712065124837"),
    ("custom:Cost centre", "work.custom.field_1644932887286"),
    ("custom:Recognition budget", "work.custom.field_1690000000006"),
    (
        "custom:Takes part in recognition",
        "work.custom.field_1690000000005",
    ),
    ("custom:T-shirt size", "about.custom.field_1651169416679"),
];

/// What HiThrive suggests to a new company.
pub(crate) fn suggested(fields: &[FieldMetadata]) -> Result<Mapping, MappingError> {
    suggestion(&sources(fields))?.try_into()
}

/// What the admins of the made-up companies have made of it.
pub(crate) fn chosen(fields: &[FieldMetadata]) -> Result<Mapping, MappingError> {
    let fields = sources(fields);
    let mut mapping = suggestion(&fields)?;
    let chosen = CHOSEN.iter();
    mapping
        .entries
        .extend(chosen.filter_map(|(target, source)| fitting_entry(target, &[source], &fields)));
    mapping.try_into()
}

fn suggestion(fields: &[SourceField]) -> Result<MappingDocument, MappingError> {
    suggested_mapping(fields).ok_or(MappingError::MissingEmail)
}

fn sources(fields: &[FieldMetadata]) -> Vec<SourceField> {
    let source = |field: &FieldMetadata| SourceField {
        id: field.id.clone(),
        field_type: field.field_type,
        category: field.category.clone(),
    };
    fields.iter().map(source).collect()
}

#[cfg(test)]
mod tests {
    use provisioning::{Category, FieldType};

    use super::*;

    fn field(id: &str, field_type: FieldType) -> FieldMetadata {
        FieldMetadata {
            id: id.parse().unwrap(),
            name: id.to_owned(),
            field_type,
            category: Category {
                id: "c".to_owned(),
                name: "C".to_owned(),
            },
            list_id: None,
            historical: false,
            json_path: id.to_owned(),
        }
    }

    #[test]
    fn the_made_up_companies_map_fields_of_their_own_besides_the_usual() {
        let fields = [
            field("root.email", FieldType::Text),
            field("about.custom.field_1651169416679", FieldType::List),
        ];
        let targets = |mapping: Mapping| -> Vec<String> {
            mapping
                .entries()
                .iter()
                .map(|entry| entry.target.to_string())
                .collect()
        };
        assert_eq!(targets(suggested(&fields).unwrap()), ["email"]);
        assert_eq!(
            targets(chosen(&fields).unwrap()),
            ["email", "custom:T-shirt size"]
        );
    }

    #[test]
    fn a_company_whose_addresses_are_not_text_gets_no_suggestion() {
        assert_eq!(suggested(&[]), Err(MappingError::MissingEmail));
    }
}

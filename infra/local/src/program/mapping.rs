//! Which HiBob fields fill which HiThrive fields as long as no admin has decided.

use hibob::FieldMetadata;
use provisioning::{
    Mapping, MappingDocument, MappingDocumentEntry, MappingError, SourceField, Target, WhenEmpty,
    is_never_offered,
};

/// A target with its sources in order of preference.
type Entry = (&'static str, &'static [&'static str]);

/// What suits most companies. `root.avatarUrl` is not among it: its signature changes nightly for everybody.
pub(crate) const USUAL: [Entry; 18] = [
    ("email", &["root.email"]),
    ("firstName", &["root.firstName"]),
    ("lastName", &["root.surname"]),
    ("displayName", &["root.displayName", "root.fullName"]),
    ("pictureUrl", &["about.avatar"]),
    ("employeeNumber", &["work.employeeIdInCompany"]),
    ("jobTitle", &["work.title"]),
    ("department", &["work.department"]),
    ("location", &["work.site"]),
    ("country", &["address.country", "address.siteCountry"]),
    ("birthday", &["personal.shortBirthDate", "personal.birthDate"]),
    ("startDate", &["work.startDate"]),
    ("endDate", &["internal.terminationDate"]),
    ("reportsTo", &["work.reportsTo", "work.manager"]),
    ("employeeStatus", &["internal.status"]),
    ("lifecycleStatus", &["internal.lifecycleStatus"]),
    (
        "employeeType",
        &["payroll.employment.type", "payroll.employment.contract"],
    ),
    ("groups", &["work.department"]),
];

/// What the admins of the made-up companies chose besides: fields of their own, and a list of several items.
pub(crate) const CHOSEN: [Entry; 6] = [
    ("division", &["work.customColumns.column_1639496202710"]),
    ("teams", &["work.customColumns.column_1712065124837"]),
    ("custom:Cost centre", &["work.custom.field_1644932887286"]),
    ("custom:Recognition budget", &["work.custom.field_1690000000006"]),
    (
        "custom:Takes part in recognition",
        &["work.custom.field_1690000000005"],
    ),
    ("custom:T-shirt size", &["about.custom.field_1651169416679"]),
];

/// A mapping of those entries whose fields the company has, with types that can fill the targets.
pub(crate) fn mapping<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
    fields: &[FieldMetadata],
) -> Result<Mapping, MappingError> {
    let entry = |(target, sources): &Entry| {
        let target_type = target.parse::<Target>().ok()?.target_type();
        let sources: Vec<SourceField> = sources
            .iter()
            .filter_map(|id| fields.iter().find(|field| field.id.as_str() == *id).map(source))
            .filter(|source| target_type.accepts(source.field_type) && !is_never_offered(source))
            .collect();
        (!sources.is_empty()).then(|| MappingDocumentEntry {
            target: (*target).to_owned(),
            sources,
            when_empty: WhenEmpty::Clear,
        })
    };
    MappingDocument {
        entries: entries.into_iter().filter_map(entry).collect(),
    }
    .try_into()
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
    fn only_fields_that_the_company_has_and_whose_type_fits_are_suggested() {
        let fields = [
            field("root.email", FieldType::Text),
            field("work.startDate", FieldType::Text),
            field("personal.birthDate", FieldType::Date),
        ];
        let suggested = mapping(&USUAL, &fields).unwrap();
        let shown: Vec<_> = suggested
            .entries()
            .iter()
            .map(|entry| format!("{} <- {}", entry.target, entry.sources[0].id))
            .collect();
        assert_eq!(shown, ["email <- root.email", "birthday <- personal.birthDate"]);
    }

    #[test]
    fn a_company_whose_addresses_are_not_text_gets_no_suggestion() {
        assert_eq!(mapping(&USUAL, &[]), Err(MappingError::MissingEmail));
    }
}

//! Which HiBob fields fill which HiThrive fields as long as no admin has decided.

use crate::field::SourceField;
use crate::mapping::{MappingDocument, MappingDocumentEntry, WhenEmpty, is_never_offered};
use crate::target::Target;

/// What suits most companies, sources in order of preference. `root.avatarUrl` is not among it: its signature changes
/// nightly for everybody. A birthday without the year is enough to celebrate.
const USUAL: [(&str, &[&str]); 18] = [
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

/// A mapping for a company that has these fields; `None` if none of them can fill the e-mail address.
#[must_use]
pub fn suggested_mapping(fields: &[SourceField]) -> Option<MappingDocument> {
    let usual = USUAL.iter();
    let entries: Vec<_> = usual
        .filter_map(|(target, sources)| fitting_entry(target, sources, fields))
        .collect();
    let has_email = entries.iter().any(|entry| entry.target == Target::EMAIL.key());
    has_email.then_some(MappingDocument { entries })
}

/// An entry of those sources that are among the fields and whose types can fill the target, if there are any.
#[must_use]
pub fn fitting_entry(target: &str, sources: &[&str], fields: &[SourceField]) -> Option<MappingDocumentEntry> {
    let target_type = target.parse::<Target>().ok()?.target_type();
    let fits = |field: &&SourceField| target_type.accepts(field.field_type) && !is_never_offered(field);
    let sources: Vec<SourceField> = sources
        .iter()
        .filter_map(|id| fields.iter().find(|field| field.id.as_str() == *id))
        .filter(fits)
        .cloned()
        .collect();
    (!sources.is_empty()).then(|| MappingDocumentEntry {
        target: target.to_owned(),
        sources,
        when_empty: WhenEmpty::Clear,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{Category, FieldType};

    fn field(id: &str, field_type: FieldType) -> SourceField {
        SourceField {
            id: id.parse().unwrap(),
            field_type,
            category: Category {
                id: "c".to_owned(),
                name: "C".to_owned(),
            },
        }
    }

    #[test]
    fn only_fields_that_the_company_has_and_whose_type_fits_are_suggested() {
        let fields = [
            field("root.email", FieldType::Text),
            field("work.startDate", FieldType::Text),
            field("personal.birthDate", FieldType::Date),
        ];
        let suggested = suggested_mapping(&fields).unwrap();
        let shown: Vec<_> = suggested
            .entries
            .iter()
            .map(|entry| format!("{} <- {}", entry.target, entry.sources[0].id))
            .collect();
        assert_eq!(shown, ["email <- root.email", "birthday <- personal.birthDate"]);
    }

    #[test]
    fn a_birthday_without_its_year_is_preferred() {
        let fields = [
            field("root.email", FieldType::Text),
            field("personal.birthDate", FieldType::Date),
            field("personal.shortBirthDate", FieldType::ShortDate),
        ];
        let suggested = suggested_mapping(&fields).unwrap();
        assert_eq!(
            suggested.entries[1].sources[0].id.as_str(),
            "personal.shortBirthDate"
        );
    }

    #[test]
    fn a_company_whose_addresses_are_not_text_gets_no_suggestion() {
        assert_eq!(suggested_mapping(&[field("root.email", FieldType::List)]), None);
    }
}

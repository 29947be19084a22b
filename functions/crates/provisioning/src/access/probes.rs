//! The most harmless question about each permission category.

use crate::access::KnownField;
use crate::field::{Category, FieldType, SourceField};
use crate::mapping::is_never_offered;

/// A category with fields that most people have and nobody minds, in order of preference.
type Preferred = (&'static str, &'static [&'static str]);

/// HiThrive's list of permissions.
const STANDARD: [Preferred; 11] = [
    ("about", &["about.avatar", "about.superpowers"]),
    ("root", &["root.firstName", "root.displayName"]),
    ("email", &["root.email"]),
    (
        "employment",
        &["payroll.employment.type", "payroll.employment.contract"],
    ),
    ("home", &["home.spokenLanguages"]),
    ("lifecycle", &["internal.status"]),
    ("personal", &["personal.honorific", "personal.pronouns"]),
    ("personalContact", &["home.privateEmail"]),
    ("userData", &["root.state", "root.creationDate"]),
    ("work", &["work.title", "work.department"]),
    ("workContact", &["work.workPhone", "work.workMobile"]),
];

/// Not on the list, but where a usual mapping looks for the country.
const ADDRESS: Preferred = ("address", &["address.siteCountry", "address.country"]);

/// Fields asked for in one category: few people have filled in neither of two.
const PROBES: usize = 2;

/// Where a category stands on HiThrive's list.
pub(super) fn place_on_the_list(category: &str) -> Option<usize> {
    STANDARD.iter().position(|(id, _)| *id == category)
}

/// The fields to ask for, to learn whether a category may be viewed; none if it has no field that may be asked for.
pub(super) fn probes<'a>(category: &Category, metadata: &'a [KnownField]) -> Vec<&'a SourceField> {
    let of_category = || {
        metadata
            .iter()
            .map(|known| &known.field)
            .filter(|field| field.category.id == category.id && may_be_asked(field))
    };
    let preferred = STANDARD
        .iter()
        .chain([&ADDRESS])
        .find(|(id, _)| *id == category.id)
        .map_or(&[][..], |(_, fields)| fields);
    let found: Vec<_> = preferred
        .iter()
        .filter_map(|id| of_category().find(|field| field.id.as_str() == *id))
        .take(PROBES)
        .collect();
    if found.is_empty() {
        of_category().take(1).collect()
    } else {
        found
    }
}

fn may_be_asked(field: &SourceField) -> bool {
    !is_never_offered(field) && !matches!(field.field_type, FieldType::Ssn | FieldType::Other)
}

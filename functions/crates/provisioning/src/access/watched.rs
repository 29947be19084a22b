//! One permission category under observation.

use std::collections::BTreeMap;

use crate::access::probes::{place_on_the_list, probes};
use crate::access::{CategoryAccess, CategoryState, KnownField};
use crate::field::{Category, FieldIndex, FieldSet, SourceField, control};
use crate::mapping::Mapping;
use crate::policy::Policy;

/// A category and what would show that it is granted.
#[derive(Debug)]
pub(super) struct Watched {
    category: Category,
    evidence: Vec<FieldIndex>,
    is_needed: bool,
    needed_for: Vec<String>,
}

/// The strongest thing seen of a field, over all people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Evidence {
    #[default]
    Absent,
    Empty,
    Value,
}

impl Watched {
    pub(super) fn new(
        category: Category,
        metadata: &[KnownField],
        fields: &FieldSet,
        mapping: Option<&Mapping>,
        policy: &Policy,
    ) -> Self {
        // Fields are looked up where they are today: an admin may have moved them since they were chosen.
        let is_within = |field: &SourceField| {
            let today = metadata.iter().find(|known| known.field.id == field.id);
            today.map_or(&field.category, |known| &known.field.category).id == category.id
        };
        let entries = mapping.map_or(&[][..], Mapping::entries);
        let needed_for: Vec<String> = entries
            .iter()
            .filter(|entry| entry.sources.iter().any(is_within))
            .map(|entry| entry.target.to_string())
            .collect();
        let decides = policy.scope.rules.iter().any(|rule| is_within(&rule.field));
        let control: Vec<FieldIndex> = fields
            .indexes()
            .take(control::FIELDS.len())
            .filter(|&index| fields.get(index).1.id == category.id)
            .collect();
        let is_needed = decides || !needed_for.is_empty() || !control.is_empty();
        let probes = probes(&category, metadata);
        let asked = probes.iter().filter_map(|field| fields.index_of(&field.id));
        Self {
            // A record may well name its person whatever is granted.
            evidence: asked
                .chain(control)
                .filter(|&index| index != control::ID)
                .collect(),
            category,
            is_needed,
            needed_for,
        }
    }

    /// What has been seen of the category, with the way to its permission.
    pub(super) fn access(&self, seen: &[Evidence], nobody: bool) -> CategoryAccess {
        let strongest = self.evidence.iter().map(|index| seen[index.get()]).max();
        let state = match strongest {
            Some(_) if nobody => CategoryState::NotAsked,
            Some(Evidence::Value) => CategoryState::Granted,
            Some(Evidence::Empty) => CategoryState::NoValues,
            Some(Evidence::Absent) => CategoryState::NotGranted,
            None => CategoryState::NotAsked,
        };
        let Category { id, name } = &self.category;
        let screens = [
            "Settings",
            "Permission groups",
            "<the group>",
            "People's data",
            "People",
            name,
        ];
        CategoryAccess {
            id: id.clone(),
            name: name.clone(),
            state,
            standard: place_on_the_list(id).is_some(),
            needed: self.is_needed,
            needed_for: self.needed_for.clone(),
            screen_path: screens.map(str::to_owned).to_vec(),
            tick_box: format!("View selected employees' {name} sections"),
        }
    }
}

/// Every category that has a field, HiThrive's list first.
pub(super) fn categories(metadata: &[KnownField]) -> Vec<Category> {
    let known = metadata.iter().map(|known| &known.field.category);
    let by_id: BTreeMap<&str, &Category> = known.map(|category| (category.id.as_str(), category)).collect();
    let mut categories: Vec<Category> = by_id.into_values().cloned().collect();
    categories.sort_by_cached_key(|category| {
        let place = place_on_the_list(&category.id).unwrap_or(usize::MAX);
        (place, category.name.to_lowercase())
    });
    categories
}

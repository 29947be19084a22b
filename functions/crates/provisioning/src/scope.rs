//! Whom a tenant wants in its team: rules over fields, and people never to sync. Applied before anything is planned.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::email::EmailAddress;
use crate::employee::{Employee, FieldValue};
use crate::field::{FieldIndex, FieldSet, SourceField, control};
use crate::ids::EmployeeId;
use crate::target::TargetType;
use crate::value::{Value, read_value};

/// What a tenant's scope rules compare a field with. Comparison ignores case and surrounding space.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Condition {
    /// The field's value, as the admin sees it in HiBob, is this text.
    Equals(String),
    /// The field's value is one of these texts.
    OneOf(Vec<String>),
    /// The field's value is an address of this domain, written without `@`.
    EmailDomain(String),
}

/// Whether people whom a rule describes are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Effect {
    /// Only people who meet every including rule are in scope.
    Include,
    /// People who meet any excluding rule are not.
    Exclude,
}

/// One rule of a scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScopeRule {
    /// Include or exclude.
    pub effect: Effect,
    /// The field to look at. Read for this comparison and never stored, unless it is mapped too.
    pub field: SourceField,
    /// What to compare it with.
    pub condition: Condition,
}

/// A person who must never come into the team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum NeverSync {
    /// By HiBob's id.
    Employee(EmployeeId),
    /// By work address.
    Email(EmailAddress),
}

/// Whom a tenant wants in its team. The default is everybody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Scope {
    /// Include and exclude rules.
    pub rules: Vec<ScopeRule>,
    /// People never to sync.
    pub never_sync: Vec<NeverSync>,
}

/// Where a person stands with respect to the scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InScope {
    /// Wanted.
    Yes,
    /// Not wanted, by the rules.
    No,
    /// Never to be synced.
    Never,
    /// A field that decides it is absent or cannot be read: the person stays where they were.
    Unknown,
}

/// A scope whose fields have been found in a [`FieldSet`].
#[derive(Debug)]
pub(crate) struct ScopeEvaluator<'a> {
    /// Each rule by its place in the policy.
    rules: Vec<(usize, &'a ScopeRule, FieldIndex)>,
    never_sync: &'a [NeverSync],
}

impl<'a> ScopeEvaluator<'a> {
    /// Finds the scope's fields in the set that employees will be read with.
    #[must_use]
    pub(crate) fn new(scope: &'a Scope, fields: &FieldSet) -> Self {
        let rules = scope
            .rules
            .iter()
            .enumerate()
            .filter_map(|(place, rule)| Some((place, rule, fields.index_of(&rule.field.id)?)))
            .collect();
        Self {
            rules,
            never_sync: &scope.never_sync,
        }
    }

    /// The fields that decide the scope.
    pub(crate) fn fields(&self) -> impl Iterator<Item = FieldIndex> {
        let address = self.names_addresses().then_some(control::EMAIL);
        self.rules.iter().map(|&(.., index)| index).chain(address)
    }

    /// Whether an employee is wanted.
    #[must_use]
    pub(crate) fn evaluate(&self, id: &EmployeeId, employee: &Employee) -> InScope {
        self.explain(id, employee).0
    }

    /// Whether an employee is wanted, and the place of the rule that decides it.
    #[must_use]
    pub(crate) fn explain(&self, id: &EmployeeId, employee: &Employee) -> (InScope, Option<usize>) {
        let may_be_synced = self.may_be_synced(id, employee);
        if may_be_synced == Some(false) {
            return (InScope::Never, None);
        }
        let by_rules = self
            .rules
            .iter()
            .map(|(place, rule, index)| (Some(*place), rule.wants(*index, employee)));
        let mut verdict = (InScope::Yes, None);
        for (place, wanted) in by_rules.chain([(None, may_be_synced)]) {
            match wanted {
                Some(true) => {}
                Some(false) => return (InScope::No, place),
                None if verdict.0 == InScope::Unknown => {}
                None => verdict = (InScope::Unknown, place),
            }
        }
        verdict
    }

    fn names_addresses(&self) -> bool {
        self.never_sync
            .iter()
            .any(|never| matches!(never, NeverSync::Email(_)))
    }

    /// Whether a person is not among those never to sync; `None` when an address would tell and is absent.
    fn may_be_synced(&self, id: &EmployeeId, employee: &Employee) -> Option<bool> {
        if self
            .never_sync
            .iter()
            .any(|never| matches!(never, NeverSync::Employee(never) if never == id))
        {
            return Some(false);
        }
        if !self.names_addresses() || *employee.get(control::EMAIL) == FieldValue::Empty {
            return Some(true);
        }
        let address = employee.text(control::EMAIL)?.parse::<EmailAddress>().ok();
        Some(
            !self
                .never_sync
                .iter()
                .any(|never| matches!(never, NeverSync::Email(never) if Some(never) == address.as_ref())),
        )
    }
}

impl ScopeRule {
    /// Whether the rule lets an employee in; `None` when its field is absent or cannot be read.
    fn wants(&self, index: FieldIndex, employee: &Employee) -> Option<bool> {
        let texts = match employee.get(index) {
            FieldValue::Absent => return None,
            FieldValue::Empty => Vec::new(),
            FieldValue::Present(reading) => {
                let read = |target| read_value(target, self.field.field_type, index == control::ID, reading);
                match read(TargetType::TextList)
                    .or_else(|_| read(TargetType::Text))
                    .ok()?
                {
                    Some(Value::Text(text)) => vec![text],
                    Some(Value::List(texts)) => texts,
                    None => Vec::new(),
                }
            }
        };
        Some(self.meets(&texts) == (self.effect == Effect::Include))
    }

    fn meets(&self, texts: &[CompactString]) -> bool {
        let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
        texts.iter().any(|text| match &self.condition {
            Condition::Equals(wanted) => same(text, wanted),
            Condition::OneOf(wanted) => wanted.iter().any(|wanted| same(text, wanted)),
            Condition::EmailDomain(domain) => text.rsplit_once('@').is_some_and(|(_, of)| same(of, domain)),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::employee::Reading;
    use crate::field::{Category, FieldType};

    fn rule(effect: Effect, id: &str, condition: Condition) -> ScopeRule {
        let category = Category {
            id: "work".to_owned(),
            name: "Work".to_owned(),
        };
        ScopeRule {
            effect,
            field: SourceField {
                id: id.parse().unwrap(),
                field_type: FieldType::List,
                category,
            },
            condition,
        }
    }

    fn evaluate(scope: &Scope, site: &FieldValue, email: &str) -> InScope {
        let fields = FieldSet::new(scope.rules.iter().map(|rule| &rule.field));
        let mut record = vec![FieldValue::Absent; fields.ids().len()];
        record[control::EMAIL.get()] = FieldValue::Present(Reading {
            machine: json!(email),
            human: None,
        });
        if let Some(index) = fields.index_of(&"work.site".parse().unwrap()) {
            record[index.get()] = site.clone();
        }
        ScopeEvaluator::new(scope, &fields).evaluate(&"77".parse().unwrap(), &Employee::new(record))
    }

    fn site(name: &str) -> FieldValue {
        FieldValue::Present(Reading {
            machine: json!("1234"),
            human: Some(name.to_owned()),
        })
    }

    #[test]
    fn every_including_rule_must_be_met_and_no_excluding_one() {
        let scope = Scope {
            rules: vec![
                rule(
                    Effect::Include,
                    "work.site",
                    Condition::OneOf(vec!["london".to_owned(), "Kraków ".to_owned()]),
                ),
                rule(
                    Effect::Exclude,
                    "root.email",
                    Condition::EmailDomain("partner.example.com".to_owned()),
                ),
            ],
            never_sync: Vec::new(),
        };
        assert_eq!(evaluate(&scope, &site("London"), "a@example.com"), InScope::Yes);
        assert_eq!(evaluate(&scope, &site("KRAKÓW"), "a@example.com"), InScope::Yes);
        assert_eq!(evaluate(&scope, &site("Paris"), "a@example.com"), InScope::No);
        assert_eq!(
            evaluate(&scope, &site("London"), "a@Partner.example.com"),
            InScope::No
        );
        assert_eq!(
            evaluate(&scope, &FieldValue::Empty, "a@example.com"),
            InScope::No,
            "known to be nowhere"
        );
    }

    #[test]
    fn an_absent_scope_field_leaves_people_where_they_were_unless_another_rule_excludes_them() {
        let scope = Scope {
            rules: vec![
                rule(
                    Effect::Include,
                    "work.site",
                    Condition::Equals("London".to_owned()),
                ),
                rule(
                    Effect::Exclude,
                    "root.email",
                    Condition::EmailDomain("partner.example.com".to_owned()),
                ),
            ],
            never_sync: Vec::new(),
        };
        assert_eq!(
            evaluate(&scope, &FieldValue::Absent, "a@example.com"),
            InScope::Unknown
        );
        assert_eq!(
            evaluate(&scope, &FieldValue::Absent, "a@partner.example.com"),
            InScope::No
        );
    }

    #[test]
    fn people_never_to_sync_are_out_by_id_and_by_address() {
        let never = |never| Scope {
            rules: Vec::new(),
            never_sync: vec![never],
        };
        let by_id = never(NeverSync::Employee("77".parse().unwrap()));
        let by_email = never(NeverSync::Email("ceo@example.com".parse().unwrap()));
        assert_eq!(
            evaluate(&by_id, &FieldValue::Absent, "a@example.com"),
            InScope::Never
        );
        assert_eq!(
            evaluate(&by_email, &FieldValue::Absent, "CEO@example.com"),
            InScope::Never
        );
        assert_eq!(
            evaluate(&by_email, &FieldValue::Absent, "a@example.com"),
            InScope::Yes
        );
    }
}

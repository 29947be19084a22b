//! What a team must look like after a night, worked out from the stand-in's people and not from what the sync did.

use std::collections::{BTreeMap, BTreeSet};

use provisioning::{FieldId, FieldSet, Mapping, MappingEntry, Value};
use serde_json::Value as Json;
use stand_in_hibob::{Company, Employee, EmployeeId, Field, Kind, ServiceUser};

use crate::program::rows::{Account, Team};

/// Where a person belongs on the company's date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Here,
    NotYet,
    Gone,
}

/// What fills a target.
enum Source {
    Value(Value),
    /// Every source is known to be empty.
    Empty,
    /// A source that counts is not shown to the service user.
    Withheld,
}

/// What a service user sees of a company, through a mapping.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) company: &'a Company,
    pub(crate) user: &'a ServiceUser,
    pub(crate) mapping: &'a Mapping,
}

impl View<'_> {
    /// The team that was `before`, after a night. Who is gone keeps an account of which only the state matters.
    pub(crate) fn team_after(self, before: &Team) -> Team {
        let mut after = before.clone();
        if self.user.is_revoked {
            return after;
        }
        for employee in self.company.employees() {
            let id = employee.id().to_string();
            match (self.place(employee), after.get_mut(&id)) {
                (Place::Here, known) => {
                    let known = known.map(|account| account.values.clone()).unwrap_or_default();
                    after.insert(id, self.account(employee.id(), &known));
                }
                (Place::Gone, Some(account)) => account.is_active = false,
                (Place::NotYet, _) | (Place::Gone, None) => {}
            }
        }
        unlink_strangers(&mut after);
        after
    }

    /// The fields asked for that the service user is not shown.
    pub(crate) fn withheld(self) -> Vec<String> {
        let fields = FieldSet::new(self.mapping.sources());
        let ids = fields.ids().iter().map(FieldId::as_str);
        ids.filter(|id| !self.sees(Field::named(id)))
            .map(str::to_owned)
            .collect()
    }

    fn sees(self, field: &Field) -> bool {
        self.user.sees_field(self.company, field)
    }

    fn place(self, employee: &Employee) -> Place {
        let text = |field: &'static str| {
            let is_seen = self.sees(Field::named(field));
            let value = self.company.value(employee.id(), field);
            value.as_str().filter(|_| is_seen).map(str::to_owned)
        };
        // Dates in this form compare as texts do.
        let today = self.company.today().to_string();
        let has_begun = text("work.startDate").map(|start| start <= today);
        let is_over = text("internal.terminationDate").map(|end| end < today);
        match text("internal.lifecycleStatus").as_deref() {
            Some("terminated") if is_over != Some(false) => Place::Gone,
            Some("garden leave") if is_over == Some(true) => Place::Gone,
            Some("hired") if has_begun != Some(true) => Place::NotYet,
            _ if has_begun == Some(false) => Place::NotYet,
            _ => Place::Here,
        }
    }

    fn account(self, id: EmployeeId, known: &BTreeMap<String, Value>) -> Account {
        let mut values = known.clone();
        for entry in self.mapping.entries() {
            let target = entry.target.to_string();
            match self.source(id, entry, &target) {
                Source::Value(value) => drop(values.insert(target, value)),
                Source::Empty => drop(values.remove(&target)),
                Source::Withheld => {}
            }
        }
        Account {
            is_active: true,
            values,
        }
    }

    fn source(self, id: EmployeeId, entry: &MappingEntry, target: &str) -> Source {
        for source in &entry.sources {
            let field = Field::named(source.id.as_str());
            if !self.sees(field) {
                return Source::Withheld;
            }
            if let Some(text) = self.text(id, field) {
                return Source::Value(match target {
                    "email" => Value::Text(text.to_lowercase().into()),
                    "teams" | "groups" => {
                        let is_several = matches!(field.kind, Kind::MultiList(_));
                        let items = text.split(|c| is_several && c == ',');
                        Value::List(items.map(|item| item.trim().into()).collect())
                    }
                    _ => Value::Text(text.into()),
                });
            }
        }
        Source::Empty
    }

    /// A field's value as HiThrive shows it; `None` when there is nothing to show.
    fn text(self, id: EmployeeId, field: &'static Field) -> Option<String> {
        let machine = self.company.value(id, field.id);
        let text = match field.kind {
            Kind::List(_) | Kind::ListId(_) | Kind::MultiList(_) | Kind::HierarchyList(_) => {
                self.company.human_value(id, field.id)?
            }
            Kind::Employee => machine["id"].as_str()?.to_owned(),
            _ => match machine {
                Json::String(text) => text,
                Json::Number(number) => number.to_string(),
                Json::Bool(flag) => flag.to_string(),
                Json::Null | Json::Array(_) | Json::Object(_) => return None,
            },
        };
        let text: String = text.trim().chars().filter(|c| !c.is_control()).collect();
        (!text.is_empty()).then_some(text)
    }
}

/// Whose manager has no account reports to nobody.
fn unlink_strangers(team: &mut Team) {
    let ids: BTreeSet<String> = team.keys().cloned().collect();
    for account in team.values_mut() {
        let is_known = |manager: &Value| manager.as_text().is_some_and(|id| ids.contains(id));
        if account
            .values
            .get("reportsTo")
            .is_some_and(|manager| !is_known(manager))
        {
            account.values.remove("reportsTo");
        }
    }
}

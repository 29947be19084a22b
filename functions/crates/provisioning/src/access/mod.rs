//! What the service user may read, found out by harmless questions: one or two plain fields for each permission category,
//! of which only the presence counts. HiBob leaves out what may not be seen and gives an empty field as `null`, so a field
//! that is there at all shows that its category is granted.

mod probes;
mod report;
mod steps;
mod watched;

use std::collections::HashSet;

use serde_json::Value as Json;

use crate::email::EmailHash;
use crate::employee::{Employee, FieldValue, Reading, WorkAddress};
use crate::field::{FieldIndex, FieldSet, SourceField, control};
use crate::ids::EmployeeId;
use crate::mapping::Mapping;
use crate::policy::Policy;
use crate::standing::{has_access, is_employed};
use crate::value::{PersonLink, read_person};

use probes::probes;
use watched::{Evidence, Watched, categories};

pub use report::{
    CategoryAccess, CategoryState, EmailCoverage, ManagerCoverage, Outcome, ProofReport, ProofStep, Step,
};

/// A field of the source with the name the customer's HiBob shows for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownField {
    /// The field.
    pub field: SourceField,
    /// Its name. Two fields may share one.
    pub name: String,
}

const COMPANY_ID: &str = "root.companyId";
const REPORTS_TO: &str = "work.reportsTo";

/// A proof under way: told which fields exist, it asks for a few, watches the answer, and reports.
#[derive(Debug)]
pub struct AccessProof {
    fields: FieldSet,
    values: Vec<FieldIndex>,
    categories: Vec<Watched>,
    has_mapping: bool,
    company_id: Option<(FieldIndex, Option<String>)>,
    reports_to: Option<FieldIndex>,
    /// What has been seen of each field of the set.
    seen: Vec<Evidence>,
    people: HashSet<u64>,
    inactive: u32,
    emails: EmailCoverage,
    addresses: Vec<EmailHash>,
    managers: Vec<Manager>,
}

#[derive(Debug)]
enum Manager {
    Id(u64),
    Address(EmailHash),
}

impl AccessProof {
    /// Chooses what to ask, from the company's metadata as they are now.
    #[must_use]
    pub fn new(metadata: &[KnownField], mapping: Option<&Mapping>, policy: &Policy) -> Self {
        let by_id = |id: &str| {
            metadata
                .iter()
                .map(|known| &known.field)
                .find(|field| field.id.as_str() == id)
        };
        let asked = control::FIELDS.iter().map(|(id, ..)| *id);
        let asked = asked.chain([COMPANY_ID, REPORTS_TO]).filter_map(by_id);
        let categories = categories(metadata);
        let probes = categories.iter().flat_map(|category| probes(category, metadata));
        let fields = FieldSet::new(asked.chain(probes).take(FieldSet::MAX - control::FIELDS.len()));

        let index_of = |id: &str| by_id(id).and_then(|field| fields.index_of(&field.id));
        let company_id = index_of(COMPANY_ID);
        let reports_to = index_of(REPORTS_TO);
        let always = [
            control::ID,
            control::EMAIL,
            control::STATUS,
            control::LIFECYCLE_STATUS,
        ];
        let categories = categories.into_iter();
        let watched = categories.map(|category| Watched::new(category, metadata, &fields, mapping, policy));
        Self {
            categories: watched.collect(),
            values: always.into_iter().chain(company_id).chain(reports_to).collect(),
            has_mapping: mapping.is_some(),
            company_id: company_id.map(|index| (index, None)),
            reports_to,
            seen: vec![Evidence::Absent; fields.ids().len()],
            fields,
            people: HashSet::new(),
            inactive: 0,
            emails: EmailCoverage::default(),
            addresses: Vec::new(),
            managers: Vec::new(),
        }
    }

    /// The fields to ask for.
    #[must_use]
    pub fn fields(&self) -> &FieldSet {
        &self.fields
    }

    /// Those of them whose values are looked at; of the others it is enough to know whether they are there.
    #[must_use]
    pub fn values(&self) -> &[FieldIndex] {
        &self.values
    }

    /// Takes one person of the answer.
    pub fn observe(&mut self, employee: &Employee) {
        let Some(id) = employee
            .text(control::ID)
            .and_then(|id| id.trim().parse::<EmployeeId>().ok())
        else {
            return;
        };
        self.people.insert(id.hash64());
        for (index, seen) in self.fields.indexes().zip(&mut self.seen) {
            let evidence = match employee.get(index) {
                FieldValue::Absent => Evidence::Absent,
                FieldValue::Empty => Evidence::Empty,
                FieldValue::Present(_) => Evidence::Value,
            };
            *seen = evidence.max(*seen);
        }
        if let Some((index, company_id @ None)) = &mut self.company_id
            && let FieldValue::Present(reading) = employee.get(*index)
        {
            *company_id = company_id_in(reading);
        }
        self.inactive += u32::from(is_employed(employee) == Some(false));
        if has_access(employee) != Some(false) {
            self.observe_address(employee);
            self.observe_manager(employee);
        }
    }

    /// HiBob's id of the company, once somebody's record has told it.
    #[must_use]
    pub fn company_id(&self) -> Option<&str> {
        self.company_id.as_ref()?.1.as_deref()
    }

    /// What all of it shows. To be called only when the answer was complete.
    #[must_use]
    pub fn finish(mut self) -> ProofReport {
        self.addresses.sort_unstable();
        let shared = self
            .addresses
            .chunk_by(|a, b| a == b)
            .filter(|people| people.len() > 1);
        self.emails.duplicates = count(shared.count());
        let managers = ManagerCoverage {
            named: count(self.managers.len()),
            resolvable: count(self.managers.iter().filter(|manager| self.knows(manager)).count()),
        };
        let categories: Vec<_> = self
            .categories
            .iter()
            .map(|watched| watched.access(&self.seen, self.people.is_empty()))
            .collect();
        let can_be_unticked = categories
            .iter()
            .filter(|category| self.has_mapping && !category.needed)
            .filter(|category| matches!(category.state, CategoryState::Granted | CategoryState::NoValues))
            .map(|category| category.id.clone());
        ProofReport {
            steps: self.steps(managers, &categories),
            people: count(self.people.len()),
            inactive: self.inactive,
            emails: self.emails,
            managers,
            can_be_unticked: can_be_unticked.collect(),
            categories,
        }
    }

    fn observe_address(&mut self, employee: &Employee) {
        match employee.work_address() {
            WorkAddress::Usable(address) => {
                self.emails.present += 1;
                self.addresses.push(address.hash());
            }
            WorkAddress::Empty => self.emails.empty += 1,
            WorkAddress::Withheld => self.emails.withheld += 1,
            WorkAddress::Malformed => self.emails.malformed += 1,
        }
    }

    fn observe_manager(&mut self, employee: &Employee) {
        let Some(FieldValue::Present(reading)) = self.reports_to.map(|index| employee.get(index)) else {
            return;
        };
        match read_person(reading) {
            Ok(Some(PersonLink::Id(id))) => self.managers.push(Manager::Id(id.hash64())),
            Ok(Some(PersonLink::Address(address))) => self.managers.push(Manager::Address(address.hash())),
            Ok(None) | Err(_) => {}
        }
    }

    fn knows(&self, manager: &Manager) -> bool {
        match manager {
            Manager::Id(id) => self.people.contains(id),
            Manager::Address(address) => self.addresses.binary_search(address).is_ok(),
        }
    }
}

fn company_id_in(reading: &Reading) -> Option<String> {
    match &reading.machine {
        Json::String(id) if !id.trim().is_empty() => Some(id.trim().to_owned()),
        Json::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// Counts fit `u32`: companies are far below four thousand million people.
fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;

//! Computes the plan of one run in three steps: [`Reconciler::observe`] takes the answer person by person and keeps only
//! what differs; [`Reconciler::finish`] judges the answer as a whole and resolves addresses and managers;
//! [`Draft::compare`] narrows each change to the values that really differ from the stored ones.

mod addresses;
mod draft;
mod managers;
mod observe;
mod pending;
mod transition;
mod wanted;

use std::collections::{BTreeSet, HashMap};

use crate::account::{DeactivationReason, Head, Missing, Override};
use crate::email::EmailHash;
use crate::employee::{Employee, FieldValue};
use crate::field::{FieldIndex, FieldSet, control};
use crate::fingerprint::Fingerprinter;
use crate::guard::{History, Refusal, check_answer_size};
use crate::ids::EmployeeId;
use crate::mapping::{Evaluator, Mapping};
use crate::policy::{Policy, WhenOutOfScope};
use crate::report::{Findings, SkipReason, Withheld};
use crate::scope::ScopeEvaluator;
use crate::standing::Today;
use crate::target::Target;

pub use draft::Draft;
use managers::ManagerWish;
use pending::Pending;

/// What a run decides by, besides the accounts and the employees.
#[derive(Debug, Clone, Copy)]
pub struct Basis<'a> {
    /// The tenant's mapping.
    pub mapping: &'a Mapping,
    /// The tenant's choices.
    pub policy: &'a Policy,
    /// The fields the employees were read with.
    pub fields: &'a FieldSet,
    /// The tenant's local day.
    pub today: &'a Today,
    /// What earlier runs left for the guards.
    pub history: &'a History,
    /// Whether somebody has seen which accounts this mapping removes, in a preview or by a run that was let go on.
    pub removals_seen: bool,
}

impl Basis<'_> {
    /// The fields one run has to ask for: control, mapped and scope fields.
    #[must_use]
    pub fn fields(mapping: &Mapping, policy: &Policy) -> FieldSet {
        FieldSet::new(
            mapping
                .sources()
                .chain(policy.scope.rules.iter().map(|rule| &rule.field)),
        )
    }
}

/// A person in the middle of a run: by the place of their head, or of their pending change when they have no account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Who {
    Head(u32),
    New(u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    No,
    Once,
    Twice,
}

/// An answer recognised as bad, with what was found in it.
#[derive(Debug)]
pub struct Refused {
    /// Why.
    pub refusal: Refusal,
    /// What was found before it was refused.
    pub findings: Findings,
}

/// Takes the answer of the source person by person.
#[derive(Debug)]
pub struct Reconciler<'a> {
    basis: Basis<'a>,
    evaluator: Evaluator<'a>,
    scope: ScopeEvaluator<'a>,
    targets: Vec<Target>,
    email_target: u16,
    /// Accounts with a HiBob id in the order of these ids, then the others.
    heads: Vec<Head>,
    linked: usize,
    seen: Vec<Seen>,
    /// People without an account, and their pending change if there is one.
    newcomers: HashMap<EmployeeId, Option<u32>>,
    /// Pending changes of people who turned out to have an account, by the place of its head.
    adopted: HashMap<u32, u32>,
    pending: Vec<Pending>,
    pending_of_head: HashMap<u32, u32>,
    /// The address each active person of the answer is to have.
    claims: Vec<(EmailHash, Who)>,
    wishes: Vec<(Who, ManagerWish)>,
    present: Vec<u32>,
    fingerprinter: Fingerprinter,
    findings: Findings,
}

impl<'a> Reconciler<'a> {
    /// Starts from every account of the team.
    #[must_use]
    pub fn new(mut heads: Vec<Head>, basis: Basis<'a>) -> Self {
        heads.sort_unstable_by(|a, b| {
            (a.employee.is_none(), &a.employee, &a.id).cmp(&(b.employee.is_none(), &b.employee, &b.id))
        });
        let linked = heads.partition_point(|head| head.employee.is_some());
        let active = heads[..linked].iter().filter(|head| head.is_active()).count();
        let targets: Vec<Target> = basis
            .mapping
            .entries()
            .iter()
            .map(|entry| entry.target.clone())
            .collect();
        let email_target = targets
            .iter()
            .zip(0..)
            .find(|(target, _)| **target == Target::EMAIL)
            .map_or(0, |(_, i)| i);
        Self {
            evaluator: Evaluator::new(basis.mapping, basis.fields),
            scope: ScopeEvaluator::new(&basis.policy.scope, basis.fields),
            targets,
            email_target,
            seen: vec![Seen::No; linked],
            heads,
            linked,
            newcomers: HashMap::new(),
            adopted: HashMap::new(),
            pending: Vec::new(),
            pending_of_head: HashMap::new(),
            claims: Vec::new(),
            wishes: Vec::new(),
            present: vec![0; basis.fields.ids().len()],
            fingerprinter: Fingerprinter::default(),
            findings: Findings {
                active_accounts: count(active),
                ..Findings::default()
            },
            basis,
        }
    }

    /// Judges the answer as a whole and resolves what only the whole can tell. To be called only when the answer was
    /// complete.
    ///
    /// # Errors
    /// The answer is recognised as bad: nothing may be applied and no counter may move.
    pub fn finish(mut self) -> Result<Draft, Box<Refused>> {
        self.note_withheld_fields();
        if let Err(refusal) = self.check_answer() {
            return Err(Box::new(Refused {
                refusal,
                findings: self.findings,
            }));
        }
        self.mark_missing_people();
        self.resolve_addresses();
        self.resolve_managers();
        Ok(Draft::new(self))
    }

    fn check_answer(&self) -> Result<(), Refusal> {
        check_answer_size(&self.findings, self.basis.history)?;
        let fields = self.withheld(control::LIFECYCLE);
        if !fields.is_empty() {
            return Err(Refusal::LifecycleWithheld { fields });
        }
        let fields = self.withheld(self.scope.fields());
        if !fields.is_empty() {
            return Err(Refusal::ScopeWithheld { fields });
        }
        Ok(())
    }

    fn note_withheld_fields(&mut self) {
        if self.findings.people > 0 {
            self.findings.withheld = self.withheld(self.basis.fields.indexes());
        }
    }

    fn withheld(&self, fields: impl IntoIterator<Item = FieldIndex>) -> Vec<Withheld> {
        let absent: BTreeSet<FieldIndex> = fields
            .into_iter()
            .filter(|index| self.present[index.get()] == 0)
            .collect();
        let described = |index| {
            let (field, category) = self.basis.fields.get(index);
            Withheld {
                field: field.clone(),
                category: category.name.clone(),
            }
        };
        absent.into_iter().map(described).collect()
    }

    fn mark_missing_people(&mut self) {
        let today = self.basis.today.date();
        let limit = u8::from(self.basis.policy.missing_nights);
        for index in 0..self.linked {
            let head = &self.heads[index];
            if self.seen[index] != Seen::No || !head.is_active() {
                continue;
            }
            self.findings.missing += 1;
            if head.out_of_scope && self.basis.policy.out_of_scope == WhenOutOfScope::Keep {
                continue;
            }
            let is_another_night = head.missing.last_on.is_none_or(|last| last < today);
            let missing = if is_another_night {
                Missing {
                    nights: head.missing.nights.saturating_add(1),
                    last_on: Some(today),
                }
            } else {
                head.missing
            };
            let is_given_up = missing.nights >= limit;
            if is_given_up && head.override_ == Some(Override::Active) {
                let employee = head.employee.clone();
                self.findings.skip(employee, SkipReason::Overridden);
            } else if is_given_up {
                self.push_state_change(index, DeactivationReason::Missing, Some(missing));
            } else if missing != head.missing {
                self.push_mark(index, Some(missing), None);
            }
        }
    }
}

/// Counts fit `u32`: HiBob's answers and teams are far below four thousand million people.
fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Whether a field of a record is there at all.
fn is_present(employee: &Employee, index: FieldIndex) -> bool {
    *employee.get(index) != FieldValue::Absent
}

#[cfg(test)]
#[path = "../reconcile_tests/mod.rs"]
mod tests;

//! Manager links, resolved when every account of the night is known, so that no link ever blocks a person.

use std::collections::{HashMap, HashSet};

use crate::account::ManagerHash;
use crate::email::EmailHash;
use crate::employee::Employee;
use crate::ids::EmployeeId;
use crate::mapping::ManagerOutcome;
use crate::plan::{ChangeKind, ManagerEdit};
use crate::reconcile::{Reconciler, Seen, Who};
use crate::target::Target;
use crate::value::PersonLink;

/// Whom the source names as somebody's manager, where that is not what the account has.
#[derive(Debug)]
pub(super) enum ManagerWish {
    Employee(EmployeeId),
    Address(EmailHash),
    Nobody,
}

impl Reconciler<'_> {
    /// Notes whom somebody is to report to, where that is not stored already.
    pub(super) fn wish_for_manager(&mut self, who: Who, employee: &Employee) {
        // Whether a newcomer has an account to adopt, and so perhaps a manager, turns out only at the end.
        let is_stored = |manager: Option<ManagerHash>| match who {
            Who::Head(index) => self.heads[index as usize].manager == manager,
            Who::New(_) => false,
        };
        let wish = match self.evaluator.manager(employee) {
            ManagerOutcome::Keep => return,
            ManagerOutcome::Clear if is_stored(None) => return,
            ManagerOutcome::Clear => ManagerWish::Nobody,
            ManagerOutcome::Link(PersonLink::Id(id)) if is_stored(Some(ManagerHash::of(&id))) => return,
            ManagerOutcome::Link(PersonLink::Id(id)) => ManagerWish::Employee(id),
            ManagerOutcome::Link(PersonLink::Address(address)) => ManagerWish::Address(address.hash()),
            ManagerOutcome::Unreadable(_) => {
                self.findings.unreadable(&Target::REPORTS_TO.key());
                return;
            }
        };
        self.wishes.push((who, wish));
    }

    /// A manager without an account leaves the link empty; it is looked for again next night.
    pub(super) fn resolve_managers(&mut self) {
        let wishes = std::mem::take(&mut self.wishes);
        let needs_addresses = wishes
            .iter()
            .any(|(_, wish)| matches!(wish, ManagerWish::Address(_)));
        let by_address = if needs_addresses {
            self.people_by_address()
        } else {
            HashMap::new()
        };
        for (who, wish) in wishes {
            if self.is_left_out(who) {
                continue;
            }
            let manager = match wish {
                ManagerWish::Nobody => None,
                ManagerWish::Employee(id) => self.resolved(who, self.has_account(&id).then_some(id)),
                ManagerWish::Address(address) => {
                    let id = by_address
                        .get(&address)
                        .and_then(|&person| self.employee_of(person))
                        .cloned();
                    self.resolved(who, id)
                }
            };
            self.link(who, manager);
        }
    }

    fn resolved(&mut self, who: Who, manager: Option<EmployeeId>) -> Option<EmployeeId> {
        let manager = manager.filter(|manager| self.employee_of(who) != Some(manager));
        self.findings.unresolved_managers += u32::from(manager.is_none());
        manager
    }

    fn link(&mut self, who: Who, manager: Option<EmployeeId>) {
        let account = match who {
            Who::Head(index) => Some(index),
            Who::New(place) => self.adopted.get(&place).copied(),
        };
        let current = account.and_then(|index| self.heads[index as usize].manager);
        if current == manager.as_ref().map(ManagerHash::of) {
            return;
        }
        let edit = manager.map_or(ManagerEdit::Clear, ManagerEdit::Set);
        match (self.pending_of(who), who) {
            (Some(place), _) => self.pending[place].change.manager = edit,
            (None, Who::Head(index)) => {
                self.push_pending(index as usize, ChangeKind::Update, |change| change.manager = edit);
            }
            (None, Who::New(_)) => {}
        }
    }

    /// Whether a person's record was put aside, so that nothing of it may be applied.
    pub(super) fn is_left_out(&self, who: Who) -> bool {
        let seen_twice = matches!(who, Who::Head(index) if self.seen[index as usize] == Seen::Twice);
        seen_twice
            || self
                .pending_of(who)
                .is_some_and(|place| self.pending[place].dropped)
    }

    fn has_account(&self, id: &EmployeeId) -> bool {
        let known = self.heads[..self.linked]
            .binary_search_by(|head| head.employee.as_ref().cmp(&Some(id)))
            .is_ok();
        known
            || self
                .newcomers
                .get(id)
                .copied()
                .flatten()
                .is_some_and(|place| !self.pending[place as usize].dropped)
    }

    fn employee_of(&self, who: Who) -> Option<&EmployeeId> {
        match who {
            Who::Head(index) => self.heads[index as usize].employee.as_ref(),
            Who::New(place) => Some(&self.pending[place as usize].change.employee),
        }
    }

    /// People by the address they will have after this run; who claims none, by the address their account has. An address
    /// that somebody gives up is nobody's, tonight as on every night after.
    fn people_by_address(&self) -> HashMap<EmailHash, Who> {
        let claimants: HashSet<Who> = self.claims.iter().map(|&(_, who)| who).collect();
        let accounts = self.heads[..self.linked]
            .iter()
            .zip(0..)
            .map(|(head, index)| (head.email, Who::Head(index)));
        let others = accounts.filter(|(_, who)| !claimants.contains(who));
        others.chain(self.claims.iter().copied()).collect()
    }
}

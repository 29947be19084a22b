//! One person of the answer against what is known of them.

use crate::account::{AccountState, DeactivationReason, Missing, Override};
use crate::email::EmailHash;
use crate::employee::Employee;
use crate::field::control;
use crate::ids::{AccountId, EmployeeId};
use crate::plan::{Change, ChangeKind, PackedEdits};
use crate::policy::WhenOutOfScope;
use crate::reconcile::pending::Pending;
use crate::reconcile::transition::{Transition, transition};
use crate::reconcile::wanted::{Wanted, WantedEmail};
use crate::reconcile::{Reconciler, Seen, Who, count, is_present};
use crate::report::SkipReason;
use crate::scope::InScope;
use crate::standing::{Standing, standing};

impl Reconciler<'_> {
    /// Takes one person of the answer.
    pub fn observe(&mut self, employee: &Employee) {
        let Some(id) = employee
            .text(control::ID)
            .and_then(|id| id.trim().parse::<EmployeeId>().ok())
        else {
            self.findings.skip(None, SkipReason::MissingId);
            return;
        };
        for index in self.basis.fields.indexes() {
            self.present[index.get()] += u32::from(is_present(employee, index));
        }
        let known = self.heads[..self.linked]
            .binary_search_by(|head| head.employee.as_ref().cmp(&Some(&id)))
            .ok();
        match known {
            Some(index) => self.observe_known(index, &id, employee),
            None => self.observe_newcomer(id, employee),
        }
    }

    fn observe_newcomer(&mut self, id: EmployeeId, employee: &Employee) {
        if let Some(&earlier) = self.newcomers.get(&id) {
            if let Some(earlier) = earlier {
                self.pending[earlier as usize].dropped = true;
            }
            self.findings.skip(Some(id), SkipReason::DuplicateId);
            return;
        }
        self.findings.people += 1;
        match self.wanted_newcomer(&id, employee) {
            Ok((wanted, email)) => {
                let who = Who::New(count(self.pending.len()));
                self.claims.push((email, who));
                self.wish_for_manager(who, employee);
                self.newcomers.insert(id.clone(), Some(count(self.pending.len())));
                let account = AccountId::of_employee(&id);
                let mut change = Change::new(account, id, ChangeKind::Create, 0);
                change.edits = PackedEdits::pack(&wanted.edits);
                change.source_fp = Some(wanted.source_fp);
                self.pending.push(Pending {
                    change,
                    dropped: false,
                    joins: true,
                });
            }
            Err(reason) => {
                self.findings.skip(Some(id.clone()), reason);
                self.newcomers.insert(id, None);
            }
        }
    }

    fn wanted_newcomer(
        &mut self,
        id: &EmployeeId,
        employee: &Employee,
    ) -> Result<(Wanted, EmailHash), SkipReason> {
        match self.scope.evaluate(id, employee) {
            InScope::Yes => {}
            InScope::No | InScope::Never => return Err(SkipReason::OutOfScope),
            InScope::Unknown => return Err(SkipReason::ScopeUnknown),
        }
        match standing(employee, self.basis.policy, self.basis.today) {
            Standing::Here | Standing::Unclear { has_access: true } => {}
            Standing::Unclear { has_access: false } => return Err(SkipReason::LifecycleUnclear),
            Standing::NotYet => return Err(SkipReason::NotYet),
            Standing::Left | Standing::Away => return Err(SkipReason::NeverHere),
        }
        let wanted = self.wanted(employee);
        match wanted.email {
            WantedEmail::Set(email) => Ok((wanted, email)),
            WantedEmail::None => Err(SkipReason::NoEmail),
            WantedEmail::Unreadable => Err(SkipReason::MalformedEmail),
        }
    }

    fn observe_known(&mut self, index: usize, id: &EmployeeId, employee: &Employee) {
        if self.seen[index] != Seen::No {
            if self.seen[index] == Seen::Once {
                self.seen[index] = Seen::Twice;
                self.drop_pending(Who::Head(count(index)));
            }
            self.findings.skip(Some(id.clone()), SkipReason::DuplicateId);
            return;
        }
        self.seen[index] = Seen::Once;
        self.findings.people += 1;

        let head = &self.heads[index];
        let scope = self.scope.evaluate(id, employee);
        let is_in_scope = match scope {
            InScope::Yes => true,
            InScope::No | InScope::Never => false,
            InScope::Unknown => !head.out_of_scope,
        };
        let missing = (head.missing != Missing::default()).then(Missing::default);
        let out_of_scope = (head.out_of_scope == is_in_scope).then_some(!is_in_scope);
        if is_in_scope {
            self.observe_in_scope(index, employee, missing, out_of_scope);
        } else {
            let has_left = scope != InScope::Never
                && standing(employee, self.basis.policy, self.basis.today) == Standing::Left;
            self.observe_out_of_scope(index, has_left, missing, out_of_scope);
        }
    }

    /// A leaver is a leaver also outside the scope: rules such as "employed people only" would else keep every account
    /// for ever.
    fn observe_out_of_scope(
        &mut self,
        index: usize,
        has_left: bool,
        missing: Option<Missing>,
        out_of_scope: Option<bool>,
    ) {
        let head = &self.heads[index];
        let is_unwanted = has_left || self.basis.policy.out_of_scope == WhenOutOfScope::Deactivate;
        let leaves = head.is_active() && is_unwanted;
        if leaves && head.override_ != Some(Override::Active) {
            let reason = if has_left {
                DeactivationReason::Left
            } else {
                DeactivationReason::OutOfScope
            };
            self.push_state_change(index, reason, missing);
            if let Some(pending) = self.pending.last_mut() {
                pending.change.out_of_scope = out_of_scope;
            }
            return;
        }
        let reason = if leaves {
            SkipReason::Overridden
        } else {
            SkipReason::OutOfScope
        };
        let employee = head.employee.clone();
        self.findings.skip(employee, reason);
        if missing.is_some() || out_of_scope.is_some() {
            self.push_mark(index, missing, out_of_scope);
        }
    }

    fn observe_in_scope(
        &mut self,
        index: usize,
        employee: &Employee,
        missing: Option<Missing>,
        out_of_scope: Option<bool>,
    ) {
        let standing = standing(employee, self.basis.policy, self.basis.today);
        let (transition, skipped) = transition(&self.heads[index], standing);
        if let Some(reason) = skipped {
            let employee = self.heads[index].employee.clone();
            self.findings.skip(employee, reason);
        }
        let is_inactive = matches!(self.heads[index].state, AccountState::Inactive(_));
        let is_left_alone =
            is_inactive && matches!(transition, Transition::None) && standing != Standing::Here;
        if is_left_alone {
            if missing.is_some() || out_of_scope.is_some() {
                self.push_mark(index, missing, out_of_scope);
            }
            return;
        }

        let who = Who::Head(count(index));
        let mut wanted = self.wanted(employee);
        let head = &self.heads[index];
        let (kind, source_fp) = match transition {
            Transition::None => (ChangeKind::Update, Some(wanted.source_fp)),
            Transition::Reactivate => (ChangeKind::Reactivate, Some(wanted.source_fp)),
            // A leaver's address may be handed on; it is left alone, and with it the fingerprint, so that a return is
            // compared with what is really stored.
            Transition::Deactivate(reason) => (ChangeKind::Deactivate(reason), None),
        };
        let stays = source_fp.is_some();
        let has_usable_email = matches!(wanted.email, WantedEmail::Set(_));
        wanted
            .edits
            .retain(|&(target, ..)| target != self.email_target || (stays && has_usable_email));
        let wanted_email = match wanted.email {
            WantedEmail::Set(email) => email,
            WantedEmail::None | WantedEmail::Unreadable => head.email,
        };
        let differs = kind != ChangeKind::Update
            || head.source_fp != Some(wanted.source_fp)
            || head.email != wanted_email;
        if differs || missing.is_some() || out_of_scope.is_some() {
            let edits = if differs {
                PackedEdits::pack(&wanted.edits)
            } else {
                PackedEdits::default()
            };
            self.push_pending(index, kind, |change| {
                change.edits = edits;
                change.source_fp = source_fp.filter(|_| differs);
                change.missing = missing;
                change.out_of_scope = out_of_scope;
            });
        }
        if stays {
            self.claims.push((wanted_email, who));
            self.wish_for_manager(who, employee);
        }
    }
}

//! One person of the answer against what is known of them.

use crate::account::{AccountState, DeactivationReason, Head, ManagerHash, Missing, Override};
use crate::email::{EmailAddress, EmailHash};
use crate::employee::Employee;
use crate::field::control;
use crate::fingerprint::Fingerprint;
use crate::ids::{AccountId, EmployeeId};
use crate::mapping::{ManagerOutcome, Outcome};
use crate::plan::{Change, ChangeKind, IndexedEdit, PackedEdits};
use crate::policy::WhenOutOfScope;
use crate::reconcile::managers::ManagerWish;
use crate::reconcile::{Pending, Reconciler, Seen, Who, count, is_present};
use crate::report::SkipReason;
use crate::scope::InScope;
use crate::standing::{Standing, standing};
use crate::target::Target;
use crate::value::{PersonLink, Value};

/// What the mapping makes of one employee.
struct Wanted {
    edits: Vec<IndexedEdit>,
    email: WantedEmail,
    source_fp: Fingerprint,
}

enum WantedEmail {
    Set(EmailHash),
    /// Absent or empty: an existing account keeps its address.
    None,
    Unreadable,
}

/// What becomes of the activity of an existing account.
enum Transition {
    None,
    Reactivate,
    Deactivate(DeactivationReason),
}

impl Reconciler<'_> {
    /// Takes one person of the answer.
    pub fn observe(&mut self, employee: &Employee) {
        let Some(id) = employee.text(control::ID).and_then(|id| id.trim().parse::<EmployeeId>().ok()) else {
            self.findings.skip(None, SkipReason::MissingId);
            return;
        };
        for index in self.basis.fields.indexes() {
            self.present[index.get()] += u32::from(is_present(employee, index));
        }
        let known = self.heads[..self.linked].binary_search_by(|head| head.employee.as_ref().cmp(&Some(&id))).ok();
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
                self.pending.push(Pending { change, dropped: false });
            }
            Err(reason) => {
                self.findings.skip(Some(id.clone()), reason);
                self.newcomers.insert(id, None);
            }
        }
    }

    fn wanted_newcomer(&mut self, id: &EmployeeId, employee: &Employee) -> Result<(Wanted, EmailHash), SkipReason> {
        match self.scope.evaluate(id, employee) {
            InScope::Yes => {}
            InScope::No => return Err(SkipReason::OutOfScope),
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
        let is_in_scope = match self.scope.evaluate(id, employee) {
            InScope::Yes => true,
            InScope::No => false,
            InScope::Unknown => !head.out_of_scope,
        };
        let missing = (head.missing != Missing::default()).then(Missing::default);
        let out_of_scope = (head.out_of_scope == is_in_scope).then_some(!is_in_scope);
        if is_in_scope {
            self.observe_in_scope(index, employee, missing, out_of_scope);
        } else {
            self.observe_out_of_scope(index, missing, out_of_scope);
        }
    }

    fn observe_out_of_scope(&mut self, index: usize, missing: Option<Missing>, out_of_scope: Option<bool>) {
        let head = &self.heads[index];
        let leaves = head.is_active() && self.basis.policy.out_of_scope == WhenOutOfScope::Deactivate;
        if leaves && head.override_ != Some(Override::Active) {
            self.push_state_change(index, DeactivationReason::OutOfScope, missing);
            if let Some(pending) = self.pending.last_mut() {
                pending.change.out_of_scope = out_of_scope;
            }
            return;
        }
        let reason = if leaves { SkipReason::Overridden } else { SkipReason::OutOfScope };
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
        let is_left_alone = is_inactive && matches!(transition, Transition::None) && standing != Standing::Here;
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
        wanted.edits.retain(|&(target, ..)| target != self.email_target || (stays && has_usable_email));
        let wanted_email = match wanted.email {
            WantedEmail::Set(email) => email,
            WantedEmail::None | WantedEmail::Unreadable => head.email,
        };
        let differs = kind != ChangeKind::Update
            || head.source_fp != Some(wanted.source_fp)
            || head.email != wanted_email;
        if differs || missing.is_some() || out_of_scope.is_some() {
            let edits = if differs { PackedEdits::pack(&wanted.edits) } else { PackedEdits::default() };
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

    /// Evaluates the mapping; the edits hold wishes only, what is stored is not known yet.
    fn wanted(&mut self, employee: &Employee) -> Wanted {
        let mut wanted = Wanted {
            edits: Vec::with_capacity(self.targets.len()),
            email: WantedEmail::None,
            source_fp: Fingerprint::from_bytes([0; 16]),
        };
        for (place, target, outcome) in self.evaluator.outcomes(employee) {
            self.fingerprinter.add(target, &outcome);
            if *target == Target::EMAIL {
                wanted.email = email_in(&outcome);
            }
            match outcome {
                Outcome::Set(value) => wanted.edits.push((place, None, Some(value))),
                Outcome::Clear => wanted.edits.push((place, None, None)),
                Outcome::Keep => {}
                Outcome::Unreadable(_) => self.findings.unreadable(&target.key()),
            }
        }
        wanted.source_fp = self.fingerprinter.finish();
        wanted
    }

    fn wish_for_manager(&mut self, who: Who, employee: &Employee) {
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

    /// Adds a pending change for an account, as `fill` completes it.
    pub(super) fn push_pending(&mut self, index: usize, kind: ChangeKind, fill: impl FnOnce(&mut Change)) {
        let head = &self.heads[index];
        let (Some(employee), Some(account)) = (head.employee.clone(), head.account_id()) else { return };
        let mut change = Change::new(account, employee, kind, head.revision);
        fill(&mut change);
        self.pending_of_head.insert(count(index), count(self.pending.len()));
        self.pending.push(Pending { change, dropped: false });
    }

    pub(super) fn push_state_change(&mut self, index: usize, reason: DeactivationReason, missing: Option<Missing>) {
        self.push_pending(index, ChangeKind::Deactivate(reason), |change| change.missing = missing);
    }

    pub(super) fn push_mark(&mut self, index: usize, missing: Option<Missing>, out_of_scope: Option<bool>) {
        self.push_pending(index, ChangeKind::Mark, |change| {
            change.missing = missing;
            change.out_of_scope = out_of_scope;
        });
    }

    pub(super) fn pending_of(&self, who: Who) -> Option<usize> {
        match who {
            Who::New(place) => Some(place as usize),
            Who::Head(index) => self.pending_of_head.get(&index).map(|&place| place as usize),
        }
    }

    pub(super) fn drop_pending(&mut self, who: Who) {
        if let Some(place) = self.pending_of(who) {
            self.pending[place].dropped = true;
        }
    }
}

fn email_in(outcome: &Outcome) -> WantedEmail {
    match outcome {
        Outcome::Set(Value::Text(address)) => match address.parse::<EmailAddress>() {
            Ok(address) => WantedEmail::Set(address.hash()),
            Err(_) => WantedEmail::Unreadable,
        },
        Outcome::Set(Value::List(_)) | Outcome::Clear | Outcome::Keep => WantedEmail::None,
        Outcome::Unreadable(_) => WantedEmail::Unreadable,
    }
}

/// HiThrive's own decision stands above HiBob's, and only what a run deactivated is reactivated by a run.
fn transition(head: &Head, standing: Standing) -> (Transition, Option<SkipReason>) {
    let is_pinned = |to: Override| head.override_ == Some(to);
    match (head.state, standing) {
        (AccountState::Active, Standing::Left | Standing::Away) if is_pinned(Override::Active) => {
            (Transition::None, Some(SkipReason::Overridden))
        }
        (AccountState::Active, Standing::Left) => (Transition::Deactivate(DeactivationReason::Left), None),
        (AccountState::Active, Standing::Away) => (Transition::Deactivate(DeactivationReason::Away), None),
        (AccountState::Inactive(_), Standing::Here) if is_pinned(Override::Inactive) => {
            (Transition::None, Some(SkipReason::Overridden))
        }
        (AccountState::Inactive(Some(_)), Standing::Here) => (Transition::Reactivate, None),
        (AccountState::Inactive(None), Standing::Here) => (Transition::None, Some(SkipReason::DeactivatedElsewhere)),
        (AccountState::Active, Standing::Here | Standing::NotYet | Standing::Unclear { .. })
        | (
            AccountState::Inactive(_),
            Standing::NotYet | Standing::Left | Standing::Away | Standing::Unclear { .. },
        ) => (Transition::None, None),
    }
}

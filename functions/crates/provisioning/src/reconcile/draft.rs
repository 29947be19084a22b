//! From what the source wants to what really changes, and to the plan under its guards.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use crate::account::StoredAccount;
use crate::guard::{History, HoldReason, check_removals};
use crate::ids::AccountId;
use crate::plan::{Change, ChangeKind, Counts, IndexedEdit, PackedEdits, Plan, Targets};
use crate::reconcile::pending::Pending;
use crate::reconcile::{Reconciler, count};
use crate::report::{Findings, SkipReason};
use crate::target::Target;

/// Everything one run wants to change, before it is compared with the stored values.
#[derive(Debug)]
pub struct Draft {
    targets: Vec<Target>,
    email_target: u16,
    pending: Vec<Pending>,
    to_compare: HashMap<AccountId, u32>,
    findings: Findings,
    history: History,
    today: Date,
    removals_seen: bool,
}

impl Draft {
    pub(super) fn new(reconciler: Reconciler<'_>) -> Self {
        let needs_values = |pending: &Pending| {
            !pending.dropped && pending.change.kind != ChangeKind::Create && !pending.change.edits.is_empty()
        };
        let to_compare = reconciler
            .pending
            .iter()
            .zip(0..)
            .filter(|(pending, _)| needs_values(pending))
            .map(|(pending, place)| (pending.change.account.clone(), place))
            .collect();
        Self {
            targets: reconciler.targets,
            email_target: reconciler.email_target,
            pending: reconciler.pending,
            to_compare,
            findings: reconciler.findings,
            history: reconciler.basis.history.clone(),
            today: reconciler.basis.today.date(),
            removals_seen: reconciler.basis.removals_seen,
        }
    }

    /// The accounts whose stored values the plan has to see, in a fixed order.
    #[must_use]
    pub fn to_compare(&self) -> Vec<AccountId> {
        let mut accounts: Vec<AccountId> = self.to_compare.keys().cloned().collect();
        accounts.sort_unstable();
        accounts
    }

    /// Narrows a change to the values that differ from the stored ones.
    pub fn compare(&mut self, stored: &StoredAccount) {
        let Some(place) = self.to_compare.remove(&stored.id) else {
            return;
        };
        let pending = &mut self.pending[place as usize];
        if stored.revision != pending.change.revision {
            pending.dropped = true;
            self.findings.skip(
                Some(pending.change.employee.clone()),
                SkipReason::ChangedMeanwhile,
            );
            return;
        }
        let differing = |(index, _, after): IndexedEdit| {
            let before = stored.value(self.targets.get(usize::from(index))?);
            (before != after).then_some((index, before, after))
        };
        let edits: Vec<IndexedEdit> = pending
            .change
            .edits
            .unpack()
            .into_iter()
            .filter_map(differing)
            .collect();
        pending.change.edits = PackedEdits::pack(&edits);
    }

    /// The plan: what may be done now, and what waits because a guard holds it. Accounts that were to be compared and
    /// were not found any more are left out.
    #[must_use]
    pub fn into_plan(mut self) -> Plan {
        for (_, place) in std::mem::take(&mut self.to_compare) {
            let pending = &mut self.pending[place as usize];
            pending.dropped = true;
            self.findings.skip(
                Some(pending.change.employee.clone()),
                SkipReason::ChangedMeanwhile,
            );
        }
        self.drop_torn_groups();
        let pending = std::mem::take(&mut self.pending);
        // Tonight's joiners count as part of the team, or a run cut short after they were added would find a larger team
        // and judge the rest of its own plan differently.
        let joining = pending.iter().filter(|p| p.joins && !p.dropped).count();
        let team = self.findings.active_accounts.saturating_add(count(joining));
        let changes: Vec<Change> = pending
            .into_iter()
            .filter(|p| !p.dropped)
            .filter_map(|p| settled(p.change))
            .collect();
        let hold = self.check(&changes, team);
        let (mut changes, mut waiting) = self.split(changes, hold);
        put_in_order(&mut changes);
        put_in_order(&mut waiting);
        self.findings
            .skipped
            .sort_unstable_by(|a, b| (a.reason, &a.employee).cmp(&(b.reason, &b.employee)));
        Plan {
            targets: Targets(self.targets),
            changes,
            held: waiting,
            hold,
            findings: self.findings,
        }
    }

    /// Who is to take an address from an account that moved meanwhile must wait with it.
    fn drop_torn_groups(&mut self) {
        let torn: BTreeSet<u32> = self
            .pending
            .iter()
            .filter(|p| p.dropped)
            .filter_map(|p| p.change.together)
            .collect();
        let is_torn =
            |p: &Pending| !p.dropped && p.change.together.is_some_and(|group| torn.contains(&group));
        for pending in self.pending.iter_mut().filter(|p| is_torn(p)) {
            pending.dropped = true;
            self.findings.skip(
                Some(pending.change.employee.clone()),
                SkipReason::ChangedMeanwhile,
            );
        }
    }

    fn check(&self, changes: &[Change], team: u32) -> Option<HoldReason> {
        let removals = Counts::of(changes).deactivated;
        // A mapping nobody has vouched for is the first thing to tell: a smaller plan of it would still be unseen.
        if !self.removals_seen {
            let addresses = changes.iter().filter(|change| self.changes_identity(change));
            let planned = removals.saturating_add(count(addresses.count()));
            if planned > 0 {
                return Some(HoldReason::MappingChanged { planned });
            }
        }
        check_removals(removals, team, &self.history, self.today)
    }

    /// Whether a change gives an account that was ours before another address.
    fn changes_identity(&self, change: &Change) -> bool {
        let is_email = |&(target, ..): &IndexedEdit| target == self.email_target;
        change.kind == ChangeKind::Update && !change.links && change.edits.unpack().iter().any(is_email)
    }

    fn split(&self, changes: Vec<Change>, hold: Option<HoldReason>) -> (Vec<Change>, Vec<Change>) {
        if hold.is_none() {
            return (changes, Vec::new());
        }
        let mut now = Vec::with_capacity(changes.len());
        let mut waiting = Vec::new();
        for mut change in changes {
            let waits = match change.kind {
                ChangeKind::Deactivate(_) | ChangeKind::Reactivate => true,
                ChangeKind::Create | ChangeKind::Update | ChangeKind::Mark => change.together.is_some(),
            };
            if waits {
                waiting.push(change);
            } else if let Some(identity) = self.take_identity_change(&mut change) {
                waiting.push(identity);
                now.extend(settled(change));
            } else {
                now.push(change);
            }
        }
        (now, waiting)
    }

    /// Takes the change of address out of an update. What remains does not store the fingerprint, so that the next night
    /// finds the rest again.
    fn take_identity_change(&self, change: &mut Change) -> Option<Change> {
        if !self.changes_identity(change) {
            return None;
        }
        let (identity, plain): (Vec<_>, Vec<_>) = change
            .edits
            .unpack()
            .into_iter()
            .partition(|&(target, ..)| target == self.email_target);
        let mut held = Change::new(
            change.account.clone(),
            change.employee.clone(),
            change.kind,
            change.revision,
        );
        held.edits = PackedEdits::pack(&identity);
        change.edits = PackedEdits::pack(&plain);
        change.source_fp = None;
        Some(held)
    }
}

/// A change in its final form; `None` when nothing is left of it.
fn settled(mut change: Change) -> Option<Change> {
    match change.kind {
        ChangeKind::Update if !change.changes_values() => change.kind = ChangeKind::Mark,
        ChangeKind::Create
        | ChangeKind::Update
        | ChangeKind::Reactivate
        | ChangeKind::Deactivate(_)
        | ChangeKind::Mark => {}
    }
    (change.kind != ChangeKind::Mark || !change.is_void()).then_some(change)
}

/// Additions before removals, so that a run cut short has done no harm; equal inputs give equal orders.
fn put_in_order(changes: &mut [Change]) {
    let mut first_of_group: BTreeMap<u32, AccountId> = BTreeMap::new();
    for change in changes.iter() {
        if let Some(group) = change.together {
            let first = first_of_group
                .entry(group)
                .or_insert_with(|| change.account.clone());
            if change.account < *first {
                *first = change.account.clone();
            }
        }
    }
    let mut groups: Vec<(AccountId, u32)> = first_of_group
        .into_iter()
        .map(|(group, first)| (first, group))
        .collect();
    groups.sort_unstable();
    let number_of: BTreeMap<u32, u32> = groups
        .iter()
        .zip(0..)
        .map(|((_, group), number)| (*group, number))
        .collect();
    for change in changes.iter_mut() {
        change.together = change.together.and_then(|group| number_of.get(&group).copied());
    }
    let phase = |change: &Change| match change.kind {
        _ if change.together.is_some() => 2,
        ChangeKind::Create => 0,
        ChangeKind::Update => 1,
        ChangeKind::Reactivate => 3,
        ChangeKind::Deactivate(_) => 4,
        ChangeKind::Mark => 5,
    };
    changes
        .sort_unstable_by(|a, b| (phase(a), a.together, &a.account).cmp(&(phase(b), b.together, &b.account)));
}

//! Changes in the making, by the people they are for.

use crate::account::{DeactivationReason, Missing};
use crate::plan::{Change, ChangeKind};
use crate::reconcile::{Reconciler, Who, count};

/// A change in the making. Its edits are what the source wants, until [`Draft::compare`](crate::reconcile::Draft::compare) has seen what is stored.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) change: Change,
    pub(super) dropped: bool,
    /// Whether it adds an active account to those that runs look after.
    pub(super) joins: bool,
}

impl Reconciler<'_> {
    /// Adds a pending change for an account, as `fill` completes it.
    pub(super) fn push_pending(&mut self, index: usize, kind: ChangeKind, fill: impl FnOnce(&mut Change)) {
        let head = &self.heads[index];
        let (Some(employee), Some(account)) = (head.employee.clone(), head.account_id()) else {
            return;
        };
        let mut change = Change::new(account, employee, kind, head.revision);
        fill(&mut change);
        self.pending_of_head
            .insert(count(index), count(self.pending.len()));
        self.pending.push(Pending {
            change,
            dropped: false,
            joins: false,
        });
    }

    pub(super) fn push_state_change(
        &mut self,
        index: usize,
        reason: DeactivationReason,
        missing: Option<Missing>,
    ) {
        self.push_pending(index, ChangeKind::Deactivate(reason), |change| {
            change.missing = missing;
        });
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

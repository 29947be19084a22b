//! What a run will do. A plan leaves nothing to decide: it holds what was read and what to write.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{DeactivationReason, Missing};
use crate::fingerprint::Fingerprint;
use crate::guard::HoldReason;
use crate::ids::{AccountId, EmployeeId};
use crate::report::Findings;
use crate::target::{StandardTarget, Target};
use crate::value::Value;

/// What a change does to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ChangeKind {
    /// A new account.
    Create,
    /// Other values, or the link to HiBob's id, on an account that stays as active as it is.
    Update,
    /// Active again, with the values of today.
    Reactivate,
    /// No longer active.
    Deactivate(DeactivationReason),
    /// Bookkeeping alone: nights missing, out of scope, or a fingerprint whose values are all stored already. Nobody
    /// sees it, it raises no revision and is not counted.
    Mark,
}

/// One target of one account, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The field that changes.
    pub target: Target,
    /// The stored value, if any.
    pub before: Option<Value>,
    /// The value to store; `None` empties the field.
    pub after: Option<Value>,
}

/// What happens to the manager link.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ManagerEdit {
    /// Nothing.
    #[default]
    Keep,
    /// The account reports to this employee.
    Set(EmployeeId),
    /// The account reports to nobody.
    Clear,
}

/// One account's share of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The account.
    pub account: AccountId,
    /// The person, by HiBob's id.
    pub employee: EmployeeId,
    /// What happens.
    pub kind: ChangeKind,
    /// Whether the account gets its HiBob id by this change: it was known by e-mail alone.
    pub links: bool,
    /// The account's revision as read; 0 for a new account. The change is void if it has moved.
    pub revision: u32,
    /// The manager link.
    pub manager: ManagerEdit,
    /// The fingerprint to store; `None` leaves it, so that what was left out is found again next night.
    pub source_fp: Option<Fingerprint>,
    /// Nights missing to store.
    pub missing: Option<Missing>,
    /// Whether to note the person as outside the scope, or inside again.
    pub out_of_scope: Option<bool>,
    /// Changes with the same number hand addresses to each other and are carried out all or none.
    pub together: Option<u32>,
    pub(crate) edits: PackedEdits,
}

impl Change {
    pub(crate) fn new(account: AccountId, employee: EmployeeId, kind: ChangeKind, revision: u32) -> Self {
        Self {
            account,
            employee,
            kind,
            links: false,
            revision,
            manager: ManagerEdit::Keep,
            source_fp: None,
            missing: None,
            out_of_scope: None,
            together: None,
            edits: PackedEdits::default(),
        }
    }

    /// Whether somebody who looks at the account could tell the difference.
    pub(crate) fn changes_values(&self) -> bool {
        !self.edits.is_empty() || self.manager != ManagerEdit::Keep || self.links
    }

    pub(crate) fn is_void(&self) -> bool {
        self.source_fp.is_none() && self.missing.is_none() && self.out_of_scope.is_none()
    }
}

/// How many changes of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Counts {
    /// New accounts.
    pub created: u32,
    /// Accounts with other values.
    pub updated: u32,
    /// Accounts that became inactive.
    pub deactivated: u32,
    /// Accounts that became active again.
    pub reactivated: u32,
}

impl Counts {
    /// Counts changes, without marks.
    #[must_use]
    pub fn of<'a>(changes: impl IntoIterator<Item = &'a Change>) -> Self {
        let mut counts = Self::default();
        for change in changes {
            counts.add(change.kind);
        }
        counts
    }

    /// Counts one more change; a mark does not count.
    pub fn add(&mut self, kind: ChangeKind) {
        match kind {
            ChangeKind::Create => self.created += 1,
            ChangeKind::Update => self.updated += 1,
            ChangeKind::Deactivate(_) => self.deactivated += 1,
            ChangeKind::Reactivate => self.reactivated += 1,
            ChangeKind::Mark => {}
        }
    }

    /// All of them.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.created + self.updated + self.deactivated + self.reactivated
    }
}

/// Edits in a compact form: a first night holds one for each of 100,000 people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct PackedEdits(Box<[u8]>);

/// A target by its place among the plan's targets, before, after.
pub(crate) type IndexedEdit = (u16, Option<Value>, Option<Value>);

impl PackedEdits {
    pub(crate) fn pack(edits: &[IndexedEdit]) -> Self {
        if edits.is_empty() {
            return Self::default();
        }
        // Writing strings and options into a growing buffer has no way to fail. The copy is exact and the buffer free for
        // the next: shrunk in place, each would leave a hole as large as itself.
        let packed = postcard::to_stdvec(edits).unwrap_or_default();
        Self(packed.as_slice().into())
    }

    pub(crate) fn unpack(&self) -> Vec<IndexedEdit> {
        if self.0.is_empty() {
            Vec::new()
        } else {
            postcard::from_bytes(&self.0).unwrap_or_default()
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The plan of one run.
#[derive(Debug)]
pub struct Plan {
    pub(crate) targets: Targets,
    /// What to do now, changes of one group side by side.
    pub changes: Vec<Change>,
    /// What waits for a person.
    pub held: Vec<Change>,
    /// Why something waits.
    pub hold: Option<HoldReason>,
    /// What the run found besides the changes.
    pub findings: Findings,
}

impl Plan {
    /// The values a change reads and writes.
    #[must_use]
    pub fn edits(&self, change: &Change) -> Vec<Edit> {
        self.targets.edits(change)
    }

    /// How many changes of each kind are planned, without marks.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts::of(&self.changes)
    }

    /// Whether there is nothing to write at all, not even a mark, and nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.held.is_empty()
    }

    /// The plan's changes to consume one by one, with what is needed to read their edits.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Change>, Targets, Findings) {
        (self.changes, self.targets, self.findings)
    }
}

/// The targets that a plan's changes refer to.
#[derive(Debug, Default)]
pub struct Targets(pub(crate) Vec<Target>);

impl Targets {
    /// The values a change reads and writes.
    #[must_use]
    pub fn edits(&self, change: &Change) -> Vec<Edit> {
        let named = |(index, before, after): IndexedEdit| {
            let target = self.0.get(usize::from(index))?.clone();
            // What a new account does not get is no edit.
            (before != after).then_some(Edit {
                target,
                before,
                after,
            })
        };
        change.edits.unpack().into_iter().filter_map(named).collect()
    }

    /// The names of the fields a change writes, the manager among them.
    #[must_use]
    pub fn field_names(&self, change: &Change) -> Vec<String> {
        let mut names: Vec<String> = self
            .edits(change)
            .into_iter()
            .map(|edit| edit.target.to_string())
            .collect();
        if change.manager != ManagerEdit::Keep {
            names.push(StandardTarget::ReportsTo.key().to_owned());
        }
        names
    }
}

//! What a run would do, for an admin to look at before a mapping is saved: counts, and a few people whose changes tell
//! the most.

mod choose;
mod shown;

pub use shown::Shown;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::{DeactivationReason, StoredAccount};
use crate::guard::{HoldReason, Refusal};
use crate::ids::{AccountId, EmployeeId};
use crate::plan::{Change, ChangeKind, Counts, Edit, ManagerEdit, Plan};
use crate::report::{Findings, Skip, SkipReason};
use crate::target::{StandardTarget, Target};

/// What a run under a mapping would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// Changes that would be made.
    pub planned: Counts,
    /// Changes that would wait for a person.
    pub held: Counts,
    /// Why they would wait.
    pub hold: Option<HoldReason>,
    /// Why nothing at all would be done.
    pub refusal: Option<Refusal>,
    /// What the run would find besides.
    pub findings: Findings,
    /// Twenty people at most.
    #[schema(max_items = 20)]
    pub people: Vec<PreviewedPerson>,
}

/// One person, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreviewedPerson {
    /// HiBob's id, if the record had one.
    pub employee: Option<EmployeeId>,
    /// The account, as far as there is one or would be one.
    pub account: Option<AccountId>,
    /// The person's name in HiThrive, or the one a new account would get.
    pub name: Option<String>,
    /// The person's address in HiThrive, or the one a new account would get.
    pub email: Option<String>,
    /// What would happen.
    pub kind: PreviewedKind,
    /// Why somebody would be left out or deactivated.
    #[schema(value_type = Option<String>, example = "left")]
    pub reason: Option<PreviewedReason>,
    /// The values that would change, sixty at most.
    #[schema(max_items = 60)]
    pub edits: Vec<PreviewedEdit>,
    /// How many more would change than are shown.
    #[serde(default)]
    pub more_edits: u32,
    /// Why this person is shown.
    pub because: Vec<Because>,
}

/// What would happen to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum PreviewedKind {
    /// A new account.
    Created,
    /// Other values.
    Updated,
    /// No longer active.
    Deactivated,
    /// Active again.
    Reactivated,
    /// Left out.
    Skipped,
}

/// Why somebody would be left out or deactivated. Written as the reason alone, since the kind tells which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PreviewedReason {
    /// Left out.
    Skipped(SkipReason),
    /// Deactivated.
    Deactivated(DeactivationReason),
}

/// One field of a person, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreviewedEdit {
    /// The field's key.
    pub target: String,
    /// What the account has; always `null` for the manager, whose link a run compares without reading it.
    pub before: Option<Shown>,
    /// What it would get; a manager by HiBob's id.
    pub after: Option<Shown>,
}

/// Why a person is among the few that are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Because {
    /// An example of a change of their kind.
    Changed,
    /// A mapped field stays or becomes empty.
    Empty,
    /// One of the longest values.
    Longest,
    /// A value outside ASCII.
    NonAscii,
    /// Left out, for a reason somebody should look at.
    Skipped,
}

impl Preview {
    /// What a plan would do, with the people who tell the most about it.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        Self {
            planned: plan.counts(),
            held: Counts::of(&plan.held),
            hold: plan.hold,
            refusal: None,
            findings: plan.findings.clone(),
            people: choose::telling_people(plan),
        }
    }

    /// An answer on which nothing would be done.
    #[must_use]
    pub fn refused(refusal: Refusal, findings: Findings) -> Self {
        Self {
            planned: Counts::default(),
            held: Counts::default(),
            hold: None,
            refusal: Some(refusal),
            findings,
            people: Vec::new(),
        }
    }

    /// The accounts whose names and addresses [`describe`](Self::describe) can fill in; some may not exist.
    #[must_use]
    pub fn accounts(&self) -> Vec<AccountId> {
        self.people
            .iter()
            .filter_map(PreviewedPerson::described_by)
            .collect()
    }

    /// Fills in the name and address of the person whose account this is.
    pub fn describe(&mut self, stored: &StoredAccount) {
        let is_theirs = |person: &&mut PreviewedPerson| person.described_by().as_ref() == Some(&stored.id);
        if let Some(person) = self.people.iter_mut().find(is_theirs) {
            person.account = Some(stored.id.clone());
            person.email = Some(stored.email.to_string());
            person.name = name_from(|target| stored.profile.get(&target)?.as_text());
        }
    }
}

impl PreviewedPerson {
    fn of(change: &Change, edits: Vec<Edit>) -> Self {
        let after = |target| {
            let edit = edits.iter().find(|edit| edit.target == target)?;
            edit.after.as_ref()?.as_text()
        };
        let (kind, reason) = match change.kind {
            ChangeKind::Create => (PreviewedKind::Created, None),
            ChangeKind::Reactivate => (PreviewedKind::Reactivated, None),
            ChangeKind::Deactivate(reason) => (
                PreviewedKind::Deactivated,
                Some(PreviewedReason::Deactivated(reason)),
            ),
            ChangeKind::Update | ChangeKind::Mark => (PreviewedKind::Updated, None),
        };
        let manager = match &change.manager {
            ManagerEdit::Keep => None,
            ManagerEdit::Set(manager) => Some(Some(Shown::Text(manager.to_string()))),
            ManagerEdit::Clear => Some(None),
        };
        let manager = manager.map(|after| PreviewedEdit {
            target: Target::REPORTS_TO.to_string(),
            before: None,
            after,
        });
        let name = name_from(after);
        let email = after(Target::EMAIL).map(str::to_owned);
        let all = edits.len() + usize::from(manager.is_some());
        let edits: Vec<_> = edits
            .into_iter()
            .map(PreviewedEdit::from)
            .chain(manager)
            .collect();
        let edits = shown::as_many_as_fit(edits);
        Self {
            employee: Some(change.employee.clone()),
            account: Some(change.account.clone()),
            name,
            email,
            kind,
            reason,
            more_edits: u32::try_from(all - edits.len()).unwrap_or(u32::MAX),
            edits,
            because: Vec::new(),
        }
    }

    fn left_out(skip: &Skip) -> Self {
        Self {
            employee: skip.employee.clone(),
            account: None,
            name: None,
            email: None,
            kind: PreviewedKind::Skipped,
            reason: Some(PreviewedReason::Skipped(skip.reason)),
            edits: Vec::new(),
            more_edits: 0,
            because: vec![Because::Skipped],
        }
    }

    /// The account that would tell who this is: a new one is described already, and whoever is left out has, if any,
    /// most likely the one that a run created.
    fn described_by(&self) -> Option<AccountId> {
        match self.kind {
            PreviewedKind::Created => None,
            PreviewedKind::Skipped => self.employee.as_ref().map(AccountId::of_employee),
            PreviewedKind::Updated | PreviewedKind::Deactivated | PreviewedKind::Reactivated => {
                self.account.clone()
            }
        }
    }
}

/// The display name, or what there is of given and family name.
fn name_from<'a>(text: impl Fn(Target) -> Option<&'a str>) -> Option<String> {
    let of = |target| text(Target::Standard(target));
    if let Some(name) = of(StandardTarget::DisplayName) {
        return Some(shown::cut(name));
    }
    let names = [of(StandardTarget::FirstName), of(StandardTarget::LastName)];
    let names: Vec<&str> = names.into_iter().flatten().collect();
    (!names.is_empty()).then(|| shown::cut(&names.join(" ")))
}

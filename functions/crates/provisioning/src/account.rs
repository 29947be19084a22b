//! An account of a HiThrive team: as the reconciler keeps it in memory, and as it is stored.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::email::{EmailAddress, EmailHash};
use crate::fingerprint::Fingerprint;
use crate::ids::{AccountId, EmployeeId};
use crate::target::Target;
use crate::value::Value;

/// Why a run deactivated an account. Only accounts that carry such a reason are ever reactivated by a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum DeactivationReason {
    /// HiBob says the person has left.
    Left,
    /// On leave, under a policy that deactivates meanwhile.
    Away,
    /// Not in HiBob's answer for the tenant's number of healthy nights.
    Missing,
    /// No longer in the tenant's scope, under a policy that deactivates.
    OutOfScope,
    /// The tenant disconnected and chose not to keep its accounts.
    Disconnected,
}

/// Whether an account may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    /// In use.
    Active,
    /// Not in use; `Some` when a run deactivated it, `None` when somebody else did.
    Inactive(Option<DeactivationReason>),
}

/// A decision made in HiThrive about one account, which stands above the sync. Never written by a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Override {
    /// On the inclusion list: not deactivated.
    Active,
    /// On the exclusion list: not reactivated.
    Inactive,
}

/// For how long a person has been missing from healthy answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Missing {
    /// Healthy nights, on distinct local dates, without the person.
    pub nights: u8,
    /// The last such date.
    pub last_on: Option<Date>,
}

/// What a run needs to know of every account, small enough to keep 100,000 of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The account. `None` when it is [`AccountId::of_employee`] of `employee`, as for every account a run created.
    pub(crate) id: Option<AccountId>,
    /// HiBob's id of the person, if the account was created or adopted by a run.
    pub(crate) employee: Option<EmployeeId>,
    pub(crate) email: EmailHash,
    pub(crate) manager: Option<ManagerHash>,
    pub(crate) source_fp: Option<Fingerprint>,
    pub(crate) revision: u32,
    pub(crate) state: AccountState,
    pub(crate) override_: Option<Override>,
    pub(crate) missing: Missing,
    pub(crate) out_of_scope: bool,
}

/// A 64-bit hash of a manager's employee id; a head only ever compares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ManagerHash(u64);

impl ManagerHash {
    /// The hash of a manager's id.
    #[must_use]
    pub(crate) fn of(manager: &EmployeeId) -> Self {
        Self(manager.hash64())
    }
}

/// An account's standing data, as every account has it whatever is mapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountStatus {
    /// The account.
    pub id: AccountId,
    /// HiBob's id of the person. `None` for an account that no run created or adopted: it is never changed.
    pub employee: Option<EmployeeId>,
    /// The account's address.
    pub email: EmailAddress,
    /// The manager, by HiBob's id.
    pub manager: Option<EmployeeId>,
    /// Fingerprint of the source values last applied.
    pub source_fp: Option<Fingerprint>,
    /// Rises whenever a stored value changes.
    pub revision: u32,
    /// Active or not, and who said so.
    pub state: AccountState,
    /// HiThrive's own decision.
    pub override_: Option<Override>,
    /// Nights missing.
    pub missing: Missing,
    /// Whether the last run found the person outside the tenant's scope.
    pub out_of_scope: bool,
}

impl AccountStatus {
    /// Whether the person may come in: HiThrive's own decision says so, or there is none and the account is active.
    #[must_use]
    pub fn is_let_in(&self) -> bool {
        match self.override_ {
            Some(decision) => decision == Override::Active,
            None => self.state == AccountState::Active,
        }
    }
}

impl From<AccountStatus> for Head {
    fn from(status: AccountStatus) -> Self {
        let is_derived = status
            .employee
            .as_ref()
            .is_some_and(|employee| AccountId::of_employee(employee) == status.id);
        Self {
            id: (!is_derived).then_some(status.id),
            email: status.email.hash(),
            manager: status.manager.as_ref().map(ManagerHash::of),
            employee: status.employee,
            source_fp: status.source_fp,
            revision: status.revision,
            state: status.state,
            override_: status.override_,
            missing: status.missing,
            out_of_scope: status.out_of_scope,
        }
    }
}

impl Head {
    /// How many of some accounts are inactive.
    #[must_use]
    pub fn inactive_among(heads: &[Self], accounts: &HashSet<AccountId>) -> usize {
        let is_meant = |head: &&Self| head.account_id().is_some_and(|id| accounts.contains(&id));
        let inactive = heads.iter().filter(|head| !head.is_active());
        inactive.filter(is_meant).count()
    }

    /// The account's id; `None` cannot happen for a head made from an account.
    pub(crate) fn account_id(&self) -> Option<AccountId> {
        self.id
            .clone()
            .or_else(|| self.employee.as_ref().map(AccountId::of_employee))
    }

    pub(crate) fn is_active(&self) -> bool {
        self.state == AccountState::Active
    }
}

/// The values of an account that a plan compares and changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAccount {
    /// The account.
    pub id: AccountId,
    /// The revision these values have.
    pub revision: u32,
    /// The address.
    pub email: EmailAddress,
    /// Every other target that has a value; the manager link is not among them.
    pub profile: BTreeMap<Target, Value>,
}

impl StoredAccount {
    pub(crate) fn value(&self, target: &Target) -> Option<Value> {
        if *target == Target::EMAIL {
            Some(Value::Text(self.email.as_str().into()))
        } else {
            self.profile.get(target).cloned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_let_in(state: AccountState, override_: Option<Override>) -> bool {
        let status = AccountStatus {
            id: "hibob-1".parse().unwrap(),
            employee: None,
            email: "ada@acme.example".parse().unwrap(),
            manager: None,
            source_fp: None,
            revision: 1,
            state,
            override_,
            missing: Missing::default(),
            out_of_scope: false,
        };
        status.is_let_in()
    }

    #[test]
    fn hithrives_own_decision_stands_above_the_state() {
        let (active, inactive) = (AccountState::Active, AccountState::Inactive(None));
        assert!(is_let_in(active, None));
        assert!(!is_let_in(inactive, None));
        assert!(is_let_in(inactive, Some(Override::Active)));
        assert!(!is_let_in(active, Some(Override::Inactive)));
    }
}

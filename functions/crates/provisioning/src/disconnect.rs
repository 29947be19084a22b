//! What becomes of the accounts when a tenant disconnects and does not keep them.

use crate::account::{DeactivationReason, Head, Override};
use crate::plan::{Change, ChangeKind};

/// The deactivation of every active account that a run created or adopted, unless HiThrive's own decision keeps it
/// active. A run of a later connection finds them as its own and brings back who still works there.
#[must_use]
pub fn disconnection(heads: &[Head]) -> Vec<Change> {
    let kind = ChangeKind::Deactivate(DeactivationReason::Disconnected);
    let deactivated = |head: &Head| {
        let employee = head.employee.clone()?;
        let is_meant = head.is_active() && head.override_ != Some(Override::Active);
        is_meant.then_some(Change::new(head.account_id()?, employee, kind, head.revision))
    };
    heads.iter().filter_map(deactivated).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{AccountState, AccountStatus, Missing};

    fn head(id: &str, change: impl FnOnce(&mut AccountStatus)) -> Head {
        let mut status = AccountStatus {
            id: id.parse().unwrap(),
            employee: Some(id.parse().unwrap()),
            email: format!("{id}@example.com").parse().unwrap(),
            manager: None,
            source_fp: None,
            revision: 3,
            state: AccountState::Active,
            override_: None,
            missing: Missing::default(),
            out_of_scope: false,
        };
        change(&mut status);
        status.into()
    }

    #[test]
    fn only_active_accounts_of_ours_that_nobody_pinned_are_deactivated() {
        let heads = [
            head("ours", |_| ()),
            head("pinned", |status| status.override_ = Some(Override::Active)),
            head("excluded", |status| status.override_ = Some(Override::Inactive)),
            head("gone", |status| status.state = AccountState::Inactive(None)),
            head("made-by-hand", |status| status.employee = None),
        ];
        let changes = disconnection(&heads);
        let accounts: Vec<_> = changes.iter().map(|change| change.account.as_str()).collect();
        assert_eq!(accounts, ["ours", "excluded"]);
        assert_eq!(
            (changes[0].kind, changes[0].revision),
            (ChangeKind::Deactivate(DeactivationReason::Disconnected), 3)
        );
    }
}

//! Accounts as the team directory keeps them.

use std::collections::BTreeMap;

use crate::account::{AccountState, AccountStatus, Missing, Override, StoredAccount};
use crate::ids::AccountId;
use crate::plan::{Change, ChangeKind, Edit, ManagerEdit};
use crate::target::Target;
use crate::value::Value;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) status: AccountStatus,
    pub(super) profile: BTreeMap<Target, Value>,
}

impl Account {
    pub(super) fn made_by_hand(id: &str, email: &str) -> Self {
        let status = AccountStatus {
            id: id.parse().unwrap(),
            employee: None,
            email: email.parse().unwrap(),
            manager: None,
            source_fp: None,
            revision: 1,
            state: AccountState::Active,
            override_: None,
            missing: Missing::default(),
            out_of_scope: false,
        };
        Self {
            status,
            profile: BTreeMap::new(),
        }
    }

    pub(super) fn stored(&self) -> StoredAccount {
        StoredAccount {
            id: self.status.id.clone(),
            revision: self.status.revision,
            email: self.status.email.clone(),
            profile: self.profile.clone(),
        }
    }

    /// The stored text of a target other than the address.
    pub(super) fn text(&self, target: &str) -> Option<&str> {
        self.profile.get(&target.parse::<Target>().unwrap())?.as_text()
    }

    pub(super) fn is_active(&self) -> bool {
        self.status.state == AccountState::Active
    }

    pub(super) fn manager(&self) -> Option<&str> {
        self.status.manager.as_ref().map(crate::ids::EmployeeId::as_str)
    }

    pub(super) fn pin(&mut self, override_: Override) {
        self.status.override_ = Some(override_);
    }

    /// Somebody in HiThrive deactivates the account.
    pub(super) fn deactivate_by_hand(&mut self) {
        self.status.state = AccountState::Inactive(None);
        self.status.revision += 1;
    }

    /// Carries out one change under the conditions that the team directory sets.
    pub(super) fn apply(accounts: &mut BTreeMap<AccountId, Self>, change: &Change, edits: &[Edit]) {
        if change.kind == ChangeKind::Create {
            let created = Self::created(change, edits);
            assert!(
                accounts.insert(change.account.clone(), created).is_none(),
                "created over an account"
            );
        } else {
            accounts.get_mut(&change.account).unwrap().write(change, edits);
        }
    }

    fn created(change: &Change, edits: &[Edit]) -> Self {
        assert!(
            edits
                .iter()
                .all(|edit| edit.before.is_none() && edit.after.is_some())
        );
        let address = edits
            .iter()
            .find(|edit| edit.target == Target::EMAIL)
            .unwrap()
            .after
            .as_ref()
            .unwrap();
        let mut account = Self::made_by_hand(change.account.as_str(), address.as_text().unwrap());
        account.status.employee = Some(change.employee.clone());
        account.status.source_fp = change.source_fp;
        account.write_manager(&change.manager);
        let profile = edits.iter().filter(|edit| edit.target != Target::EMAIL);
        account.profile = profile
            .map(|edit| (edit.target.clone(), edit.after.clone().unwrap()))
            .collect();
        account
    }

    fn write(&mut self, change: &Change, edits: &[Edit]) {
        assert_eq!(self.status.revision, change.revision, "the account moved");
        if change.links {
            assert_eq!(self.status.employee, None, "linked twice");
            self.status.employee = Some(change.employee.clone());
        }
        assert_eq!(self.status.employee.as_ref(), Some(&change.employee));
        for edit in edits {
            self.write_value(edit);
        }
        self.write_manager(&change.manager);
        self.status.source_fp = change.source_fp.or(self.status.source_fp);
        self.status.missing = change.missing.unwrap_or(self.status.missing);
        self.status.out_of_scope = change.out_of_scope.unwrap_or(self.status.out_of_scope);
        match change.kind {
            ChangeKind::Reactivate => self.status.state = AccountState::Active,
            ChangeKind::Deactivate(reason) => self.status.state = AccountState::Inactive(Some(reason)),
            ChangeKind::Create | ChangeKind::Update | ChangeKind::Mark => {}
        }
        if change.kind == ChangeKind::Mark {
            assert!(edits.is_empty() && change.manager == ManagerEdit::Keep && !change.links);
        } else {
            self.status.revision += 1;
        }
    }

    fn write_value(&mut self, edit: &Edit) {
        assert_eq!(
            self.stored().value(&edit.target),
            edit.before,
            "planned on another value"
        );
        assert_ne!(edit.before, edit.after, "planned without a difference");
        match &edit.after {
            Some(value) if edit.target == Target::EMAIL => {
                self.status.email = value.as_text().unwrap().parse().unwrap();
            }
            Some(value) => drop(self.profile.insert(edit.target.clone(), value.clone())),
            None => drop(self.profile.remove(&edit.target).unwrap()),
        }
    }

    fn write_manager(&mut self, edit: &ManagerEdit) {
        match edit {
            ManagerEdit::Keep => {}
            ManagerEdit::Set(manager) => self.status.manager = Some(manager.clone()),
            ManagerEdit::Clear => self.status.manager = None,
        }
    }
}

//! Keys, which only a [`TenantId`] can make: one tenant's code cannot name another tenant's item.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use provisioning::{AccountId, EmailAddress, EmployeeId, TenantId};

use crate::attributes::{PK, SK};

const SORT_PREFIX: &str = "ACCOUNT#";

pub(crate) type Item = HashMap<String, AttributeValue>;

/// The keys of one team's items.
#[derive(Debug, Clone)]
pub(crate) struct TeamKeys(TenantId);

impl TeamKeys {
    pub(crate) fn new(tenant: &TenantId) -> Self {
        Self(tenant.clone())
    }

    pub(crate) fn tenant(&self) -> &TenantId {
        &self.0
    }

    pub(crate) fn partition(&self) -> AttributeValue {
        AttributeValue::S(format!("TENANT#{}", self.0))
    }

    pub(crate) fn account(&self, account: &AccountId) -> Item {
        let sort = AttributeValue::S(format!("{SORT_PREFIX}{account}"));
        HashMap::from([(PK.to_owned(), self.partition()), (SK.to_owned(), sort)])
    }

    pub(crate) fn email(&self, address: &EmailAddress) -> AttributeValue {
        AttributeValue::S(format!("{}#{address}", self.0))
    }

    pub(crate) fn manager(&self, manager: &EmployeeId) -> AttributeValue {
        AttributeValue::S(format!("{}#{manager}", self.0))
    }
}

/// The account that a sort key names.
pub(crate) fn account_of(item: &Item) -> Option<AccountId> {
    item.get(SK)?.as_s().ok()?.strip_prefix(SORT_PREFIX)?.parse().ok()
}

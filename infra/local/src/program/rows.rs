//! The accounts of a team as they lie in the table, read past the code that wrote them.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, Select};
use provisioning::{TenantId, Value};

use crate::program::Failure;

/// The Accounts table.
#[derive(Debug, Clone)]
pub(crate) struct AccountsTable {
    pub(crate) client: Client,
    pub(crate) name: String,
}

/// Accounts by HiBob's id of their person.
pub(crate) type Team = BTreeMap<String, Account>;

/// What somebody who looks at an account can see.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Account {
    pub(crate) is_active: bool,
    /// By target; the manager by HiBob's id.
    pub(crate) values: BTreeMap<String, Value>,
}

impl AccountsTable {
    /// A team as it is at this moment.
    pub(crate) async fn team(&self, tenant: &TenantId) -> Result<Team, Failure> {
        let mut items = self.query(tenant).into_paginator().items().send();
        let mut team = Team::new();
        while let Some(item) = items.next().await {
            let item = item.map_err(|error| Failure::Accounts(Box::new(error)))?;
            // An account that is nobody's in HiBob goes by its own id, which is nobody's either.
            let id = text(&item, "hibob_id")
                .or_else(|| text(&item, "sk"))
                .unwrap_or_default();
            team.insert(id, account(&item));
        }
        Ok(team)
    }

    /// How many accounts a team has.
    pub(crate) async fn count(&self, tenant: &TenantId) -> Result<u64, Failure> {
        let mut pages = self.query(tenant).select(Select::Count).into_paginator().send();
        let mut count = 0;
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| Failure::Accounts(Box::new(error)))?;
            count += u64::try_from(page.count).unwrap_or_default();
        }
        Ok(count)
    }

    fn query(&self, tenant: &TenantId) -> aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.name)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(format!("TENANT#{tenant}")))
    }
}

fn account(item: &HashMap<String, AttributeValue>) -> Account {
    let profile = item.get("profile").and_then(|profile| profile.as_m().ok());
    let mut values: BTreeMap<String, Value> = profile
        .into_iter()
        .flatten()
        .map(|(target, stored)| (target.clone(), value(stored)))
        .collect();
    for (target, attribute) in [("email", "email"), ("reportsTo", "manager_id")] {
        values.extend(text(item, attribute).map(|text| (target.to_owned(), Value::Text(text.into()))));
    }
    Account {
        is_active: text(item, "state").as_deref() == Some("active"),
        values,
    }
}

fn value(stored: &AttributeValue) -> Value {
    let text = |stored: &AttributeValue| stored.as_s().cloned().unwrap_or_default().into();
    match stored {
        AttributeValue::L(items) => Value::List(items.iter().map(text).collect()),
        one => Value::Text(text(one)),
    }
}

fn text(item: &HashMap<String, AttributeValue>, attribute: &str) -> Option<String> {
    item.get(attribute)?.as_s().ok().cloned()
}

//! Finding people for somebody who looks for them, and naming them.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use futures::{StreamExt, TryStreamExt, stream};
use provisioning::{AccountId, AccountState, DeactivationReason, EmailAddress, EmployeeId, StandardTarget};

use crate::account::{account, full_name, identity, state};
use crate::attributes::{
    ACCOUNT_ID, DEACTIVATED_BY, DEACTIVATION_REASON, EMAIL, HIBOB_ID, PK, PROFILE, STATE,
};
use crate::keys::Item;
use crate::lookup::{KEYS_PER_READ, READS_AT_ONCE, projection};
use crate::{Account, Error, Team};

const NAMES: [StandardTarget; 3] = [
    StandardTarget::DisplayName,
    StandardTarget::FirstName,
    StandardTarget::LastName,
];

/// An account that a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The account.
    pub account: AccountId,
    /// HiBob's id of the person; `None` for an account that is HiThrive's own.
    pub employee: Option<EmployeeId>,
    /// What the person is called, if a name is mapped.
    pub name: Option<String>,
    /// The address.
    pub email: EmailAddress,
    /// Whether the account may be used.
    pub state: AccountState,
}

/// What a search came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Searched<T> {
    /// What was found.
    pub found: T,
    /// Whether there was nothing more to look through.
    pub is_complete: bool,
}

/// What people call an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// What the person is called, if a name is mapped.
    pub name: Option<String>,
    /// The address.
    pub email: EmailAddress,
}

/// Accounts that runs created or adopted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Those in use.
    pub active: u32,
    /// Those that disconnecting deactivated.
    pub disconnected: u32,
}

impl Team {
    /// Accounts whose name or address holds `query`, whatever its case, or whose HiBob id it is; `limit` at most, from as many
    /// pages of a megabyte, which is over 1000 accounts.
    pub async fn find_by_name(
        &self,
        query: &str,
        limit: usize,
        most_pages: usize,
    ) -> Result<Searched<Vec<Found>>, Error> {
        let attributes = [
            ACCOUNT_ID,
            HIBOB_ID,
            EMAIL,
            STATE,
            DEACTIVATED_BY,
            DEACTIVATION_REASON,
        ];
        let (projection, names) = with_names(&attributes);
        let pages = self.client.query().table_name(&self.table);
        let mut pages = pages
            .key_condition_expression("#pk = :pk")
            .expression_attribute_values(":pk", self.keys.partition())
            .projection_expression(projection)
            .set_expression_attribute_names(Some(names))
            .expression_attribute_names("#pk", PK)
            .into_paginator()
            .send();

        let wanted = query.trim().to_lowercase();
        let mut found = Vec::new();
        let mut is_complete = false;
        for _ in 0..most_pages {
            let Some(page) = pages.next().await else {
                is_complete = true;
                break;
            };
            let page = page.map_err(Error::of("search the team's accounts"))?;
            // An account of HiThrive's own that cannot be read is nobody's to find.
            let readable = page.items().iter().filter_map(|item| entry(item).ok());
            found.extend(readable.filter(|entry| entry.is_meant_by(&wanted)));
            if found.len() > limit {
                break;
            }
        }
        found.truncate(limit);
        Ok(Searched { found, is_complete })
    }

    /// The account of an employee that a run adopted. No index knows it by that id, so that the team is looked through, at
    /// most so many pages of a megabyte. An account that a run created is found by [`AccountId::of_employee`].
    pub async fn find_adopted(
        &self,
        employee: &EmployeeId,
        most_pages: usize,
    ) -> Result<Searched<Option<Account>>, Error> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk")
            .filter_expression("#hibob_id = :hibob_id")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#hibob_id", HIBOB_ID)
            .expression_attribute_values(":pk", self.keys.partition())
            .expression_attribute_values(":hibob_id", AttributeValue::S(employee.to_string()))
            .into_paginator()
            .send();
        for _ in 0..most_pages {
            let Some(page) = pages.next().await else {
                return Ok(Searched {
                    found: None,
                    is_complete: true,
                });
            };
            let page = page.map_err(Error::of("find an adopted account"))?;
            if let Some(item) = page.items().first() {
                return Ok(Searched {
                    found: Some(account(item)?),
                    is_complete: true,
                });
            }
        }
        Ok(Searched {
            found: None,
            is_complete: false,
        })
    }

    /// How many accounts runs created or adopted, by what became of them.
    pub async fn tally(&self) -> Result<Tally, Error> {
        let (projection, names) = projection(&[STATE, DEACTIVATED_BY, DEACTIVATION_REASON]);
        let mut items = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("#pk = :pk")
            .filter_expression("attribute_exists(#hibob_id)")
            .projection_expression(projection)
            .set_expression_attribute_names(Some(names))
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#hibob_id", HIBOB_ID)
            .expression_attribute_values(":pk", self.keys.partition())
            .into_paginator()
            .items()
            .send();
        let mut tally = Tally::default();
        while let Some(item) = items.next().await {
            match state(&item.map_err(Error::of("count the team's accounts"))?)? {
                AccountState::Active => tally.active += 1,
                AccountState::Inactive(Some(DeactivationReason::Disconnected)) => tally.disconnected += 1,
                AccountState::Inactive(_) => {}
            }
        }
        Ok(tally)
    }

    /// What people call some accounts. Accounts that do not exist are left out.
    pub async fn labels(&self, accounts: &[AccountId]) -> Result<HashMap<AccountId, Label>, Error> {
        let (projection, names) = with_names(&[ACCOUNT_ID, EMAIL]);
        let chunks = accounts.chunks(KEYS_PER_READ);
        let reads: Vec<_> = chunks
            .map(|chunk| self.read_items(chunk, Some((projection.clone(), names.clone()))))
            .collect();
        let pages: Vec<Vec<Item>> = stream::iter(reads).buffered(READS_AT_ONCE).try_collect().await?;
        let labelled = |item: &Item| {
            let (account, email, _) = identity(item)?;
            Ok((
                account,
                Label {
                    name: name(item),
                    email,
                },
            ))
        };
        pages.iter().flatten().map(labelled).collect()
    }
}

impl Found {
    fn is_meant_by(&self, wanted: &str) -> bool {
        let name = self.name.as_deref().unwrap_or_default().to_lowercase();
        let employee = self.employee.as_ref().map(EmployeeId::as_str);
        name.contains(wanted) || self.email.as_str().contains(wanted) || employee == Some(wanted)
    }
}

/// A projection of attributes and of the parts of a profile that make a name.
fn with_names(attributes: &[&str]) -> (String, HashMap<String, String>) {
    let (attributes, mut names) = projection(attributes);
    names.insert("#profile".to_owned(), PROFILE.to_owned());
    let parts = NAMES.map(|target| format!("#profile.#{}", target.key()));
    names.extend(NAMES.map(|target| (format!("#{}", target.key()), target.key().to_owned())));
    (format!("{attributes}, {}", parts.join(", ")), names)
}

fn entry(item: &Item) -> Result<Found, Error> {
    let (account, email, employee) = identity(item)?;
    Ok(Found {
        account,
        employee,
        name: name(item),
        email,
        state: state(item)?,
    })
}

fn name(item: &Item) -> Option<String> {
    let profile = item.get(PROFILE)?.as_m().ok()?;
    let [display, first, last] =
        NAMES.map(|target| profile.get(target.key()).and_then(|name| name.as_s().ok()));
    full_name(
        display.map(String::as_str),
        first.map(String::as_str),
        last.map(String::as_str),
    )
}

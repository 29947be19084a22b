//! Reading a team.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemOutput;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use futures::{StreamExt, TryStreamExt, stream};
use provisioning::{AccountId, EmailAddress, EmployeeId, Head, StoredAccount};
use tracing::debug;

use crate::account::{account, is_ours, status, values};
use crate::attributes::{BY_EMAIL, BY_MANAGER, EMAIL_KEY, MANAGER_KEY, PK, SK, STATUS, VALUES};
use crate::backoff::Backoff;
use crate::keys::{Item, account_of};
use crate::{Account, Error, Team};

/// `BatchGetItem` takes no more keys.
pub(crate) const KEYS_PER_READ: usize = 100;
/// Reads in flight at a time.
pub(crate) const READS_AT_ONCE: usize = 4;

impl Team {
    /// The heads of all accounts, as they are at this moment. Of each page only the heads are kept. An account of
    /// HiThrive's own that cannot be read, for instance because no employee can have its address, is left out: no run can
    /// be about it.
    pub async fn heads(&self) -> Result<Vec<Head>, Error> {
        let (projection, names) = projection(&STATUS);
        let query = self.client.query().table_name(&self.table).consistent_read(true);
        let mut pages = query
            .key_condition_expression("#pk = :pk")
            .expression_attribute_values(":pk", self.keys.partition())
            .projection_expression(projection)
            .set_expression_attribute_names(Some(names))
            .expression_attribute_names("#pk", PK)
            .into_paginator()
            .send();

        let mut heads = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(Error::of("list the team's accounts"))?;
            for item in page.items() {
                match status(item) {
                    Ok(status) => heads.push(Head::from(status)),
                    Err(error) if is_ours(item) => return Err(error),
                    Err(error) => debug!(error = %error, "an account of HiThrive's own is left out"),
                }
            }
        }
        Ok(heads)
    }

    /// The values of some accounts, as they are at this moment and in no particular order. Accounts that do not exist
    /// are left out.
    pub async fn read(&self, accounts: &[AccountId]) -> Result<Vec<StoredAccount>, Error> {
        let chunks = accounts.chunks(KEYS_PER_READ);
        // Gathered first: a stream that holds the closure would tie the caller to one thread.
        let reads: Vec<_> = chunks
            .map(|chunk| self.read_items(chunk, Some(projection(&VALUES))))
            .collect();
        let pages: Vec<Vec<Item>> = stream::iter(reads).buffered(READS_AT_ONCE).try_collect().await?;
        pages.iter().flatten().map(values).collect()
    }

    /// One account.
    pub async fn get(&self, id: &AccountId) -> Result<Option<Account>, Error> {
        let items = self.read_items(std::slice::from_ref(id), None).await?;
        items.first().map(account).transpose()
    }

    /// The accounts with an address: one, unless two people share it, or none.
    pub async fn find_by_email(&self, address: &EmailAddress) -> Result<Vec<Account>, Error> {
        let found = self
            .indexed(BY_EMAIL, EMAIL_KEY, self.keys.email(address))
            .await?;
        // The index may be behind the table.
        Ok(found
            .into_iter()
            .filter(|account| account.status.email == *address)
            .collect())
    }

    /// The accounts that report to an employee, in the order of their ids.
    pub async fn reports_of(&self, manager: &EmployeeId) -> Result<Vec<Account>, Error> {
        let mut reports = self
            .indexed(BY_MANAGER, MANAGER_KEY, self.keys.manager(manager))
            .await?;
        reports.retain(|account| account.status.manager.as_ref() == Some(manager));
        reports.sort_by(|a, b| a.status.id.cmp(&b.status.id));
        Ok(reports)
    }

    /// The accounts an index knows, read again from the table.
    async fn indexed(
        &self,
        index: &str,
        attribute: &str,
        key: AttributeValue,
    ) -> Result<Vec<Account>, Error> {
        let mut items = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(index)
            .key_condition_expression("#key = :key")
            .expression_attribute_names("#key", attribute)
            .expression_attribute_values(":key", key)
            .into_paginator()
            .items()
            .send();

        let mut ids = Vec::new();
        while let Some(item) = items.next().await {
            let item = item.map_err(Error::of("find accounts by an index"))?;
            ids.push(account_of(&item).ok_or_else(|| Error::Malformed {
                key: index.to_owned(),
                attribute: SK,
            })?);
        }
        let mut accounts = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(KEYS_PER_READ) {
            for item in self.read_items(chunk, None).await? {
                accounts.push(account(&item)?);
            }
        }
        Ok(accounts)
    }

    /// Up to [`KEYS_PER_READ`] items, asking again for what a throttled or full answer left out.
    pub(crate) async fn read_items(
        &self,
        ids: &[AccountId],
        attributes: Option<(String, HashMap<String, String>)>,
    ) -> Result<Vec<Item>, Error> {
        const OPERATION: &str = "read accounts";
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut wanted = KeysAndAttributes::builder().consistent_read(true);
        for id in ids {
            wanted = wanted.keys(self.keys.account(id));
        }
        if let Some((projection, names)) = attributes {
            wanted = wanted
                .projection_expression(projection)
                .set_expression_attribute_names(Some(names));
        }
        let wanted = wanted.build().map_err(|error| Error::unbuilt(OPERATION, error))?;

        let mut pending = HashMap::from([(self.table.clone(), wanted)]);
        let mut items = Vec::with_capacity(ids.len());
        let mut backoff = Backoff::default();
        loop {
            let sent = self
                .client
                .batch_get_item()
                .set_request_items(Some(pending.clone()))
                .send()
                .await;
            match sent.map_err(Error::of(OPERATION)) {
                Ok(BatchGetItemOutput {
                    responses,
                    unprocessed_keys,
                    ..
                }) => {
                    items.extend(responses.into_iter().flatten().flat_map(|(_, found)| found));
                    match unprocessed_keys.filter(|left| !left.is_empty()) {
                        None => return Ok(items),
                        Some(left) => pending = left,
                    }
                }
                Err(Error::Throttled { .. }) => {}
                Err(error) => return Err(error),
            }
            if !backoff.wait().await {
                return Err(Error::Throttled { operation: OPERATION });
            }
        }
    }
}

/// A projection of attributes, all by alias, since some of their names are words that DynamoDB keeps to itself.
pub(crate) fn projection(attributes: &[&str]) -> (String, HashMap<String, String>) {
    let names: HashMap<String, String> = attributes
        .iter()
        .map(|attribute| (format!("#{attribute}"), (*attribute).to_owned()))
        .collect();
    let aliases: Vec<&str> = names.keys().map(String::as_str).collect();
    (aliases.join(", "), names)
}

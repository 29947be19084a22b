//! Assertions that were used, and codes that stand for them until HiThrive's backend redeems them.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{Put, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use jiff::{SignedDuration, Timestamp};
use provisioning::{AccountId, EmailAddress, TenantId};
use serde::{Deserialize, Serialize};
use single_sign_on::{AssertionKey, CODE_LIFETIME, CodeHash, Portal};

use crate::Error;
use crate::keys::{self, Item, instant, number, text};

/// A transaction that meets another one is tried so often.
const MOST_TRIES: u32 = 4;
/// Records stay for so long after they are of use: a clock may be slow, and what happened to a code can be told.
const KEPT_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// The table `SignIns`.
#[derive(Debug, Clone)]
pub struct SignIns {
    client: Client,
    table: String,
}

/// Who may open which portal with a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The code's hash; the code itself is kept nowhere.
    pub code: CodeHash,
    /// Whose account it is.
    pub tenant: TenantId,
    /// The account that is signed in.
    pub account: AccountId,
    /// Its address.
    pub email: EmailAddress,
    /// Where to.
    pub portal: Portal,
}

/// What became of an assertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// It was not used before, and is from here on.
    New,
    /// It was used before; nothing was written.
    Replayed,
}

/// What a code is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redemption {
    /// To sign this account in, and never again.
    Granted(Grant),
    /// Nobody was given such a code, or long ago.
    Unknown,
    /// It was not redeemed in time.
    Expired,
    /// Nothing any more. Whose it was, for the log.
    AlreadyRedeemed(Grant),
}

/// The attributes of a code, its hash aside.
#[derive(Serialize, Deserialize)]
struct StoredGrant {
    tenant: TenantId,
    account_id: AccountId,
    email: EmailAddress,
    portal: Portal,
    good_until: i64,
    expires_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    redeemed_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    redeemed_by: Option<String>,
}

impl SignIns {
    /// What is in a table.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }

    /// Remembers that an assertion is used, at least until `good_until`, and with it keeps what the code of a grant is good
    /// for: both or neither.
    pub async fn accept(
        &self,
        tenant: &TenantId,
        assertion: &AssertionKey,
        good_until: Timestamp,
        grant: Option<&Grant>,
        now: Timestamp,
    ) -> Result<Accepted, Error> {
        let mut used = keys::assertion(tenant, assertion);
        let expires_at = good_until
            .max(now)
            .saturating_add(KEPT_AFTER)
            .unwrap_or(good_until);
        used.insert("expires_at".to_owned(), number(expires_at.as_second()));
        let mut writes = vec![self.put_new(used)?];
        if let Some(grant) = grant {
            writes.push(self.put_new(grant_item(grant, now)?)?);
        }
        self.write(writes).await
    }

    /// Redeems a code, once. `attempt` is random and of this call alone: by it the SDK, which asks again when an answer was
    /// lost, finds that it was itself who redeemed the code.
    pub async fn redeem(
        &self,
        code: &CodeHash,
        attempt: [u8; 16],
        now: Timestamp,
    ) -> Result<Redemption, Error> {
        let attempt = format!("{:032x}", u128::from_be_bytes(attempt));
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keys::code(code)))
            .update_expression("SET redeemed_at = :at, redeemed_by = :by")
            .condition_expression("good_until > :now AND attribute_not_exists(redeemed_at)")
            .expression_attribute_values(":at", instant(now))
            .expression_attribute_values(":by", text(attempt.as_str()))
            .expression_attribute_values(":now", number(now.as_second()))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let error = match sent {
            Ok(output) => {
                let stored = stored(output.attributes.unwrap_or_default())?;
                return Ok(Redemption::Granted(stored.of(code)));
            }
            Err(error) => error,
        };
        let Some(UpdateItemError::ConditionalCheckFailedException(failed)) = error.as_service_error() else {
            return Err(Error::of(REDEEM)(error));
        };
        let Some(item) = failed.item().cloned() else {
            return Ok(Redemption::Unknown);
        };
        let stored = stored(item)?;
        Ok(match (&stored.redeemed_at, &stored.redeemed_by) {
            (Some(_), Some(by)) if *by == attempt => Redemption::Granted(stored.of(code)),
            (Some(_), _) => Redemption::AlreadyRedeemed(stored.of(code)),
            (None, _) => Redemption::Expired,
        })
    }

    fn put_new(&self, item: Item) -> Result<TransactWriteItem, Error> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)");
        let put = put.build().map_err(|error| Error::unbuilt(ACCEPT, error))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// Writes items all at once; the first of them is the assertion.
    async fn write(&self, writes: Vec<TransactWriteItem>) -> Result<Accepted, Error> {
        let mut tries = 0;
        loop {
            let write = self.client.transact_write_items();
            let sent = write.set_transact_items(Some(writes.clone())).send().await;
            let Err(error) = sent else {
                return Ok(Accepted::New);
            };
            let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
                error.as_service_error()
            else {
                return Err(Error::of(ACCEPT)(error));
            };
            let first = cancelled.cancellation_reasons().first();
            if first.and_then(|reason| reason.code()) == Some("ConditionalCheckFailed") {
                return Ok(Accepted::Replayed);
            }
            // Most likely the same assertion is being posted twice at this moment.
            tries += 1;
            if tries == MOST_TRIES {
                return Err(Error::Unavailable {
                    operation: ACCEPT,
                    source: error.into(),
                });
            }
            tokio::time::sleep(Duration::from_millis(25 << tries)).await;
        }
    }
}

const ACCEPT: &str = "remember a sign-in";
const REDEEM: &str = "redeem a code";

fn grant_item(grant: &Grant, now: Timestamp) -> Result<Item, Error> {
    let good_until = now.saturating_add(CODE_LIFETIME).unwrap_or(now);
    let stored = StoredGrant {
        tenant: grant.tenant.clone(),
        account_id: grant.account.clone(),
        email: grant.email.clone(),
        portal: grant.portal,
        good_until: good_until.as_second(),
        expires_at: (good_until + KEPT_AFTER).as_second(),
        redeemed_at: None,
        redeemed_by: None,
    };
    let mut item: Item = serde_dynamo::to_item(stored).map_err(|_| Error::Malformed { operation: ACCEPT })?;
    item.extend(keys::code(&grant.code));
    Ok(item)
}

/// The cause of a failure is dropped, since it may repeat what is stored.
fn stored(item: Item) -> Result<StoredGrant, Error> {
    serde_dynamo::from_item(item).map_err(|_| Error::Malformed { operation: REDEEM })
}

impl StoredGrant {
    fn of(self, code: &CodeHash) -> Grant {
        Grant {
            code: code.clone(),
            tenant: self.tenant,
            account: self.account_id,
            email: self.email,
            portal: self.portal,
        }
    }
}

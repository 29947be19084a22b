//! How often HiBob may be asked for a tenant while admins wait. HiBob blocks an address that it refuses too often, and all
//! tenants share ours.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use jiff::{SignedDuration, Timestamp};
use provisioning::TenantId;

use crate::keys::{EXPIRES_AT, Item, Partition, instant_text, number};
use crate::{Error, TenantStore};

/// Attempts are counted in spans of so many seconds.
const SPAN_SECONDS: i64 = 600;
/// So many in one span are more than mistyping; HiBob blocks after fifty within ten seconds.
const MOST_REFUSALS: u64 = 5;
/// A page asks several questions at once, for each of which HiBob is asked; so many may fail before one is known to.
const MOST_IN_FLIGHT: u64 = 10;
/// How soon an attempt ends that another one waits for.
const BUSY: SignedDuration = SignedDuration::from_secs(5);
/// HiBob's blocks end within minutes; none is believed to last longer.
const LONGEST_BLOCK: SignedDuration = SignedDuration::from_hours(1);
const REFUSED: &str = "refused";
const BLOCKED_UNTIL: &str = "blocked_until";

impl TenantStore {
    /// Reserves an attempt at HiBob: `None` if it may be made, otherwise how long to wait. Its end is told, by
    /// [`note_refusal`](Self::note_refusal) after a 401 and by [`give_back_attempt`](Self::give_back_attempt) after
    /// anything else; of one whose end is never told the reservation ends with its span of ten minutes.
    pub async fn reserve_attempt(
        &self,
        tenant: &TenantId,
        now: Timestamp,
    ) -> Result<Option<SignedDuration>, Error> {
        const OPERATION: &str = "reserve an attempt";
        let sent = self
            .update_span(tenant, span_of(now))
            .update_expression("ADD in_flight :one SET #expires_at = :expires_at")
            .condition_expression(
                "(attribute_not_exists(refused) OR refused < :most_refusals) AND \
                 (attribute_not_exists(in_flight) OR in_flight < :most_in_flight) AND \
                 (attribute_not_exists(blocked_until) OR blocked_until <= :now)",
            )
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":most_refusals", number(MOST_REFUSALS))
            .expression_attribute_values(":most_in_flight", number(MOST_IN_FLIGHT))
            .expression_attribute_values(":now", number(now.as_second()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else { return Ok(None) };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                Ok(Some(wait(failed.item().unwrap_or(&Item::new()), now)))
            }
            _ => Err(Error::of(OPERATION)(error)),
        }
    }

    /// Tells that an attempt met no 401.
    pub async fn give_back_attempt(&self, tenant: &TenantId, now: Timestamp) -> Result<(), Error> {
        self.end_attempt(tenant, now, false).await
    }

    /// Tells that HiBob answered an attempt with a 401.
    pub async fn note_refusal(&self, tenant: &TenantId, now: Timestamp) -> Result<(), Error> {
        self.end_attempt(tenant, now, true).await
    }

    /// Remembers until when HiBob turns our address away.
    pub async fn note_block(&self, tenant: &TenantId, until: Timestamp, now: Timestamp) -> Result<(), Error> {
        let until = until.min(now + LONGEST_BLOCK);
        let mut span = span_of(now);
        while span < until {
            self.update_span(tenant, span)
                .update_expression("SET blocked_until = :until, #expires_at = :expires_at")
                .expression_attribute_values(":until", number(until.as_second()))
                .send()
                .await
                .map_err(Error::of("note a block"))?;
            span += SignedDuration::from_secs(SPAN_SECONDS);
        }
        Ok(())
    }

    async fn end_attempt(&self, tenant: &TenantId, now: Timestamp, refused: bool) -> Result<(), Error> {
        const OPERATION: &str = "end an attempt";
        let span = span_of(now);
        let update = self.update_span(tenant, span);
        let sent = update
            .update_expression("ADD in_flight :minus_one, refused :refused SET #expires_at = :expires_at")
            .condition_expression("in_flight > :zero")
            .expression_attribute_values(":minus_one", number(-1))
            .expression_attribute_values(":refused", number(i8::from(refused)))
            .expression_attribute_values(":zero", number(0))
            .send()
            .await;
        let Err(error) = sent else { return Ok(()) };
        match error.as_service_error() {
            // It was reserved in the span before, which is over.
            Some(UpdateItemError::ConditionalCheckFailedException(_)) if refused => {
                let counted = self
                    .update_span(tenant, span)
                    .update_expression("ADD refused :one SET #expires_at = :expires_at")
                    .expression_attribute_values(":one", number(1));
                counted.send().await.map(drop).map_err(Error::of(OPERATION))
            }
            Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(()),
            _ => Err(Error::of(OPERATION)(error)),
        }
    }

    /// An update of what is counted in a span, which sets when it expires.
    fn update_span(&self, tenant: &TenantId, span: Timestamp) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Partition::of(tenant).item(sort_key(span))))
            .expression_attribute_names("#expires_at", EXPIRES_AT)
            .expression_attribute_values(":expires_at", number(span.as_second() + 2 * SPAN_SECONDS))
    }
}

/// How long to wait with what was counted.
fn wait(counted: &Item, now: Timestamp) -> SignedDuration {
    let count = |name| match counted.get(name) {
        Some(AttributeValue::N(count)) => count.parse::<i64>().unwrap_or_default(),
        _ => 0,
    };
    let blocked = SignedDuration::from_secs(count(BLOCKED_UNTIL) - now.as_second());
    let refused = u64::try_from(count(REFUSED)).unwrap_or_default();
    let wait = if refused >= MOST_REFUSALS {
        let next = span_of(now) + SignedDuration::from_secs(SPAN_SECONDS);
        blocked.max(next.duration_since(now))
    } else if blocked.is_positive() {
        blocked
    } else {
        BUSY
    };
    wait.max(SignedDuration::from_secs(1))
}

/// When the span that an instant is in began.
fn span_of(at: Timestamp) -> Timestamp {
    let began = at.as_second() - at.as_second().rem_euclid(SPAN_SECONDS);
    Timestamp::from_second(began).unwrap_or(at)
}

fn sort_key(span: Timestamp) -> String {
    format!("REFUSED#{}", instant_text(span))
}

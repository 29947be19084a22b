//! Takes "the connection needs attention" from its queue and sends one mail to the tenant's contacts, at most one per
//! cause and local day. The day is claimed before the mail is sent: a crash in between costs that day's mail, and no crash
//! doubles it.

mod config;
mod mail;
mod mailer;

pub use config::Config;
pub use mail::Mail;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use startup::{Chain, Clock, Metrics, Unit};
use tenant_store::{AttentionNotice, Notices, TenantStore, Versioned};
use tracing::{error, info};

use crate::mailer::{MailError, Mailer};

/// Sends mails to tenants' contacts.
#[derive(Debug)]
pub struct FailureEmails {
    tenants: TenantStore,
    notices: Notices,
    mailer: Mailer,
    settings_page_url: String,
    clock: Clock,
}

#[derive(Debug, thiserror::Error)]
enum NoticeError {
    #[error("the message is not a notice")]
    Malformed,
    #[error("could not read or write the tables")]
    Store(#[from] tenant_store::Error),
    #[error("could not write the mail")]
    Template(#[from] askama::Error),
    #[error("could not send the mail")]
    Send(#[from] MailError),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Delivery {
    Sent,
    SentEarlierToday,
    NoContacts,
    NoConnection,
}

impl FailureEmails {
    /// Wires the function.
    #[must_use]
    pub fn new(
        dynamodb: &aws_sdk_dynamodb::Client,
        ses: aws_sdk_sesv2::Client,
        config: Config,
        clock: Clock,
    ) -> Self {
        Self {
            tenants: TenantStore::new(dynamodb.clone(), config.tenants_table),
            notices: Notices::new(dynamodb.clone(), config.notices_table),
            mailer: Mailer::new(ses, config.sender_address),
            settings_page_url: config.settings_page_url,
            clock,
        }
    }

    /// Handles the notices of an event. A notice that fails is handed back alone, until the queue gives it up.
    pub async fn handle(&self, event: SqsEvent) -> SqsBatchResponse {
        let mut response = SqsBatchResponse::default();
        for message in event.records {
            let id = message.message_id.unwrap_or_default();
            let receipt = message.receipt_handle.unwrap_or_default();
            let body = message.body.unwrap_or_default();
            if let Err(error) = self.deliver(&body, &receipt).await {
                error!(message.id = id, error = %Chain(&error), "a notice led to no mail");
                self.count("MailsFailed");
                let mut failure = BatchItemFailure::default();
                failure.item_identifier = id;
                response.batch_item_failures.push(failure);
            }
        }
        response
    }

    /// The receipt is another one each time the message comes.
    async fn deliver(&self, body: &str, receipt: &str) -> Result<(), NoticeError> {
        let notice: AttentionNotice = serde_json::from_str(body).map_err(|_| NoticeError::Malformed)?;
        let delivery = self.send(&notice, receipt).await?;
        info!(tenant.id = %notice.tenant, cause = ?notice.cause, delivery = ?delivery, "notice handled");
        match delivery {
            Delivery::Sent => self.count("MailsSent"),
            Delivery::NoContacts => self.count("MailsWithoutContact"),
            Delivery::SentEarlierToday | Delivery::NoConnection => {}
        }
        Ok(())
    }

    async fn send(&self, notice: &AttentionNotice, receipt: &str) -> Result<Delivery, NoticeError> {
        let Some(Versioned {
            value: connection, ..
        }) = self.tenants.connection(&notice.tenant).await?
        else {
            return Ok(Delivery::NoConnection);
        };
        if connection.contacts.is_empty() {
            return Ok(Delivery::NoContacts);
        }
        let zone = connection.night.time_zone().clone();
        let mail = Mail::attention(notice.cause, notice.since, &zone, &self.settings_page_url)?;
        let now = self.clock.now();
        let today = now.to_zoned(zone).date();
        if !self
            .notices
            .claim(&notice.tenant, notice.cause, today, now, receipt)
            .await?
        {
            return Ok(Delivery::SentEarlierToday);
        }
        match self.mailer.send(&connection.contacts, mail).await {
            Ok(()) => Ok(Delivery::Sent),
            Err(error @ MailError::Refused(_)) => {
                // Surely not sent, so trying again cannot double it.
                self.notices.release(&notice.tenant, notice.cause, today).await?;
                Err(error.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    fn count(&self, metric: &str) {
        Metrics::new("failure-emails")
            .metric(metric, 1, Unit::Count)
            .emit(self.clock.now());
    }
}

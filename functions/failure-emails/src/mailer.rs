//! Sending through SES.

use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::error::SdkError;
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};
use aws_sdk_sesv2::{Client, Config};
use provisioning::EmailAddress;

use crate::mail::Mail;

/// SES did not take a mail.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MailError {
    /// It said so: the mail was not sent.
    #[error("SES refused the mail")]
    Refused(#[source] Box<SdkError<SendEmailError>>),
    /// No answer, or one that says the fault is SES's: the mail may or may not have been sent.
    #[error("SES did not answer as it should")]
    Unknown(#[source] Box<SdkError<SendEmailError>>),
    /// A mail without text cannot happen.
    #[error("the mail could not be built")]
    Build(#[from] aws_sdk_sesv2::error::BuildError),
}

#[derive(Debug)]
pub(crate) struct Mailer {
    client: Client,
    sender: String,
}

impl Mailer {
    pub(crate) fn new(client: Client, sender: String) -> Self {
        Self { client, sender }
    }

    /// Sends one mail to all contacts together. Never repeated by the SDK: an answer that is lost may be that of a mail
    /// which was sent.
    pub(crate) async fn send(&self, contacts: &[EmailAddress], mail: Mail) -> Result<(), MailError> {
        let content = |text: String| Content::builder().data(text).charset("UTF-8").build();
        let body = Body::builder()
            .text(content(mail.text)?)
            .html(content(mail.html)?)
            .build();
        let message = Message::builder()
            .subject(content(mail.subject)?)
            .body(body)
            .build();
        let to = contacts.iter().map(ToString::to_string).collect();
        self.client
            .send_email()
            .from_email_address(&self.sender)
            .destination(Destination::builder().set_to_addresses(Some(to)).build())
            .content(EmailContent::builder().simple(message).build())
            .customize()
            .config_override(Config::builder().retry_config(RetryConfig::disabled()))
            .send()
            .await
            .map(drop)
            .map_err(|error| match error {
                SdkError::ConstructionFailure(_) => MailError::Refused(Box::new(error)),
                SdkError::ServiceError(ref answer) if answer.raw().status().is_client_error() => {
                    MailError::Refused(Box::new(error))
                }
                _ => MailError::Unknown(Box::new(error)),
            })
    }
}

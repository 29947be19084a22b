//! Everybody's inbox.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use embedded_aws::SentMail;

use crate::development::{Development, page};

#[derive(Template)]
#[template(path = "mails.html")]
struct MailsPage {
    /// The latest first.
    mails: Vec<SentMail>,
}

pub(super) async fn show(State(development): State<Arc<Development>>) -> Response {
    let mut mails = development.mailbox.sent_mails();
    mails.reverse();
    page(&MailsPage { mails })
}

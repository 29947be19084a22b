//! Everybody's inbox.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use embedded_aws::SentMail;

use crate::development::{Pages, page};

#[derive(Template)]
#[template(path = "mails.html")]
struct MailsPage {
    /// The latest first.
    mails: Vec<SentMail>,
}

pub(super) async fn show(State(pages): State<Arc<Pages>>) -> Response {
    let mut mails = pages.development.mailbox.sent_mails();
    mails.reverse();
    page(&MailsPage { mails })
}

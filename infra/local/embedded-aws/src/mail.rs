use std::collections::BTreeMap;
use std::io;

use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// An e-mail as it was given to SES.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMail {
    /// The sender, possibly with a display name.
    pub from: String,
    /// The addresses in `To`.
    pub to: Vec<String>,
    /// The subject line.
    pub subject: String,
    /// The plain-text body.
    pub text: Option<String>,
    /// The HTML body.
    pub html: Option<String>,
}

impl SentMail {
    /// The mail in the body of a `SendEmail` call; none if it is not a simple one (raw or from a template).
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct SendEmail {
            from_email_address: String,
            destination: Destination,
            content: Content,
        }

        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Destination {
            #[serde(default)]
            to_addresses: Vec<String>,
        }

        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Content {
            simple: Simple,
        }

        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Simple {
            subject: Part,
            body: Body,
        }

        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Body {
            text: Option<Part>,
            html: Option<Part>,
        }

        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Part {
            data: String,
        }

        let mail: SendEmail = serde_json::from_slice(body).ok()?;
        let Simple { subject, body } = mail.content.simple;
        Some(Self {
            from: mail.from_email_address,
            to: mail.destination.to_addresses,
            subject: subject.data,
            text: body.text.map(|part| part.data),
            html: body.html.map(|part| part.data),
        })
    }
}

/// Where ministack lists the mails it was given; AWS has nothing like it.
const MINISTACK_MAILS: &str = "/_ministack/ses/messages";

/// The mails that a ministack at `endpoint` was given, in order.
pub(crate) async fn sent_through_ministack(endpoint: &str) -> io::Result<Vec<SentMail>> {
    #[derive(Deserialize)]
    struct Listing {
        /// By account.
        messages: BTreeMap<String, Vec<Message>>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Message {
        source: String,
        to: Vec<String>,
        subject: String,
        body_text: Option<String>,
        body_html: Option<String>,
    }

    let listing: Listing = serde_json::from_slice(&get(endpoint, MINISTACK_MAILS).await?)?;
    let mails = listing.messages.into_values().flatten().map(|message| SentMail {
        from: message.source,
        to: message.to,
        subject: message.subject,
        text: message.body_text,
        html: message.body_html,
    });
    Ok(mails.collect())
}

/// One plain GET: HTTP/1.0, so that the answer ends where the connection does.
async fn get(endpoint: &str, path: &str) -> io::Result<Vec<u8>> {
    let host = endpoint.trim_start_matches("http://").trim_end_matches('/');
    let mut connection = TcpStream::connect(host).await?;
    connection
        .write_all(format!("GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n").as_bytes())
        .await?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await?;

    let head = answer.windows(4).position(|window| window == b"\r\n\r\n");
    head.map(|end| answer.split_off(end + 4))
        .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

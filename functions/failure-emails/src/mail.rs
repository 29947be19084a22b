//! The words of each mail.

use askama::Template;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tenant_store::AttentionCause;

/// A mail, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The subject line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as HTML.
    pub html: String,
}

#[derive(Template)]
#[template(path = "reconnect.txt", escape = "none")]
struct ReconnectText<'a> {
    what_happened: &'a str,
    since: &'a str,
    steps: &'a [&'a str],
    link: &'a str,
}

#[derive(Template)]
#[template(path = "reconnect.html")]
struct ReconnectHtml<'a> {
    subject: &'a str,
    what_happened: &'a str,
    since: &'a str,
    steps: &'a [&'a str],
    link: &'a str,
}

struct Words {
    subject: &'static str,
    what_happened: &'static str,
    steps: &'static [&'static str],
}

const RECONNECT: &[&str] = &[
    "In HiBob, open Settings → Integrations → Automation → Service users. Make sure that the service user for HiThrive is \
     still there, and create a new token for it. HiBob shows a token only once.",
    "In HiThrive, open Settings → Integrations → HiBob Integration.",
    "Enter the service user ID and the new token, and choose Connect to HiBob.",
];

/// What to tell the admin about a cause, in words an HR person understands.
fn words(cause: AttentionCause) -> Words {
    match cause {
        AttentionCause::TokenRefused => Words {
            subject: "HiBob no longer accepts HiThrive's access: please reconnect",
            what_happened: "HiThrive could not read your people from HiBob: HiBob does not accept the service user's ID \
                            and token any more.",
            steps: RECONNECT,
        },
        AttentionCause::AccessDenied => Words {
            subject: "HiBob denies HiThrive access to your people: please check its permissions",
            what_happened: "HiThrive could not read your people from HiBob: HiBob knows the service user, but denies it \
                            access to your people.",
            steps: &[
                "In HiBob, open Settings → Permission groups and the group that you made for HiThrive. Make sure that \
                 the service user is in it, and that its access rights still include your people.",
                "In HiThrive, open Settings → Integrations → HiBob Integration, and choose Connect to HiBob again.",
            ],
        },
        AttentionCause::TokenMissing => Words {
            subject: "HiThrive has no access to HiBob any more: please reconnect",
            what_happened: "HiThrive could not read your people from HiBob: the service user's token is not stored any \
                            more.",
            steps: RECONNECT,
        },
        AttentionCause::OtherCompany => Words {
            subject: "The HiBob token belongs to another company: please reconnect",
            what_happened: "HiThrive did not read your people from HiBob: the token it was given belongs to another \
                            company than the one that was connected first.",
            steps: RECONNECT,
        },
        AttentionCause::MappingUnusable => Words {
            subject: "The HiBob field mapping can no longer be used: please check it",
            what_happened: "HiThrive did not read your people from HiBob: the saved field mapping names a field that is \
                            not available any more.",
            steps: &[
                "In HiThrive, open Settings → Integrations → HiBob Integration.",
                "Next to Field Mapping, choose Edit, mend the marked rows, and choose Save Fields.",
            ],
        },
    }
}

impl Mail {
    /// The mail about a connection that needs a person. Times are told in the tenant's time zone.
    ///
    /// # Errors
    /// A template could not be rendered.
    pub fn attention(
        cause: AttentionCause,
        since: Timestamp,
        time_zone: &TimeZone,
        settings_page_url: &str,
    ) -> Result<Self, askama::Error> {
        let Words {
            subject,
            what_happened,
            steps,
        } = words(cause);
        let since = since
            .to_zoned(time_zone.clone())
            .strftime("%-d %B %Y at %H:%M (%Q)")
            .to_string();
        let section = if cause == AttentionCause::MappingUnusable {
            "mapping"
        } else {
            "connect"
        };
        let link = format!("{}#{section}", settings_page_url.trim_end_matches('#'));
        let (since, link) = (since.as_str(), link.as_str());
        Ok(Self {
            subject: subject.to_owned(),
            text: ReconnectText {
                what_happened,
                since,
                steps,
                link,
            }
            .render()?,
            html: ReconnectHtml {
                subject,
                what_happened,
                since,
                steps,
                link,
            }
            .render()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(cause: AttentionCause) -> Mail {
        let since = "2026-11-24T03:31:07Z".parse().unwrap();
        let zone = TimeZone::get("Europe/Paris").unwrap();
        Mail::attention(cause, since, &zone, "https://team.example.com/settings/hibob").unwrap()
    }

    #[test]
    fn a_refused_token_is_told_with_steps_and_a_deep_link() {
        let mail = mail(AttentionCause::TokenRefused);
        insta::assert_snapshot!("token_refused_text", format!("{}\n\n{}", mail.subject, mail.text));
        insta::assert_snapshot!("token_refused_html", mail.html);
    }

    #[test]
    fn every_cause_says_what_to_do_and_leads_to_its_place() {
        for (cause, section) in [
            (AttentionCause::TokenRefused, "#connect"),
            (AttentionCause::AccessDenied, "#connect"),
            (AttentionCause::TokenMissing, "#connect"),
            (AttentionCause::OtherCompany, "#connect"),
            (AttentionCause::MappingUnusable, "#mapping"),
        ] {
            let mail = mail(cause);
            let link = format!("https://team.example.com/settings/hibob{section}");
            assert!(
                mail.text.contains(&link) && mail.html.contains(&format!("href=\"{link}\"")),
                "{cause:?}"
            );
            assert!(
                mail.text.contains("1. ") && mail.html.contains("<li>"),
                "{cause:?}"
            );
            assert!(
                mail.text.contains("24 November 2026 at 04:31 (Europe/Paris)"),
                "{cause:?}"
            );
        }
    }
}

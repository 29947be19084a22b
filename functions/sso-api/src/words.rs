//! Every text of the pages.

pub(crate) mod checks;

use provisioning::EmailAddress;
use single_sign_on::Portal;

use crate::denial::Denial;
use crate::page::{Link, Page};

pub(crate) const TO_SETTINGS: &str = "Back to the settings";

const TELL_HR: &str = "Open HiThrive from your HiBob dashboard again. If this stays, tell your HR team.";
const SEE_THE_REASON: &str =
    "An administrator sees the reason with Test sign-in, in the settings of the HiBob integration.";

/// What a portal is called.
pub(crate) fn portal(portal: Portal) -> &'static str {
    match portal {
        Portal::Admin => "HiThrive admin",
        Portal::Reports => "Manager reports",
        Portal::Rewards => "Rewards",
    }
}

/// The head of the page about a test sign-in.
pub(crate) fn trial(passed: bool) -> Page {
    let (title, first) = if passed {
        (
            "The test sign-in works",
            "Everything that is checked at a sign-in is in order.",
        )
    } else {
        (
            "The test sign-in does not work yet",
            "The first check that failed is marked. Mend it, then start the test again from the settings.",
        )
    };
    Page {
        title,
        paragraphs: vec![first.to_owned()],
        ..Page::default()
    }
}

/// The page in a portal's place. `again` is the link that starts over, `start` gives the one to a portal.
pub(crate) fn denied(
    denial: &Denial,
    again: Option<String>,
    start: impl Fn(Portal) -> Option<String>,
) -> Page {
    let link = |portal: Portal, text: &str| {
        let address = start(portal)?;
        let text = text.to_owned();
        Some(Link { text, address })
    };
    let again = || {
        let text = "Try again".to_owned();
        again.map(|address| Link { text, address }).into_iter().collect()
    };
    match denial {
        Denial::NotOffered => page(
            "You cannot sign in to HiThrive here",
            &[
                "The link is not complete, or signing in this way is not set up.",
                "Open HiThrive from your HiBob dashboard. If that leads here too, tell your HR team.",
            ],
        ),
        Denial::BadDeepLink => page(
            "This link does not lead into HiThrive",
            &["Part of its address cannot be used. Ask whoever gave you the link for the right one."],
        ),
        Denial::NotFollowed => page(
            "Please open HiThrive by its link",
            &["This is where a link to HiThrive leads. Open HiThrive from your HiBob dashboard."],
        ),
        Denial::UnreadableForm | Denial::WrongBinding => unusable(
            "The sign-in page sent something we cannot read",
            "Your company's sign-in page did not send its answer in the form that HiThrive needs.",
        ),
        Denial::TooLarge => unusable(
            "The sign-in page sent too much",
            "The answer of your company's sign-in page is larger than HiThrive takes.",
        ),
        Denial::StartedElsewhere => page_with(
            again(),
            "Please start again",
            &[
                "This sign-in was started in another browser or more than ten minutes ago, or your browser keeps no cookies \
                 for this site.",
            ],
        ),
        Denial::ForgedState | Denial::StateOfOtherTenant => page_with(
            again(),
            "Please start again",
            &["This answer does not belong to the sign-in that your browser started."],
        ),
        Denial::Unsolicited => page(
            "Please use the link on your HiBob dashboard",
            &[
                "Your company does not open HiThrive from its sign-in page. Open it from your HiBob dashboard.",
            ],
        ),
        Denial::Circling => page(
            "Your company's sign-in page does not answer us",
            &[
                "We asked it who you are, several times, and each time it opened HiThrive without an answer to that.",
                "Please tell your HR team.",
                SEE_THE_REASON,
            ],
        ),
        Denial::Refused(_) => page_with(
            again(),
            "We could not check your sign-in",
            &[
                "Your company's sign-in page sent an answer that we cannot accept.",
                TELL_HR,
                SEE_THE_REASON,
            ],
        ),
        Denial::Replayed => page_with(
            again(),
            "Please start again",
            &["This sign-in has been used already. Each one works once."],
        ),
        Denial::UnknownPerson(email) => unknown_person(email),
        Denial::SharedAddress(email) => shared_address(email),
        Denial::NoRight { portal, may_open } => no_right(*portal, may_open, link),
        Denial::NoSigningKey => page(
            "HiThrive cannot ask your company's sign-in page yet",
            &[
                "Your company wants HiThrive's requests signed, and HiThrive has no key for that yet.",
                "An administrator can switch signed requests off in the settings, or ask HiThrive's support for the key.",
            ],
        ),
        Denial::Fault { is_passing: true, .. } => page_with(
            again(),
            "We cannot sign you in at the moment",
            &["Please try again in a minute."],
        ),
        Denial::Fault { .. } => page_with(
            again(),
            "Something went wrong on our side",
            &["Please try again. If it stays, tell HiThrive's support."],
        ),
    }
}

fn page(title: &'static str, paragraphs: &[&str]) -> Page {
    page_with(Vec::new(), title, paragraphs)
}

fn page_with(links: Vec<Link>, title: &'static str, paragraphs: &[&str]) -> Page {
    Page {
        title,
        paragraphs: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
        links,
        ..Page::default()
    }
}

fn unusable(title: &'static str, reason: &str) -> Page {
    page(title, &[reason, TELL_HR, SEE_THE_REASON])
}

fn unknown_person(email: &EmailAddress) -> Page {
    Page {
        title: "HiThrive does not know you by this address",
        paragraphs: vec![
            format!("Your company's sign-in page says that you are {email}. No active HiThrive account has this address."),
            "Please ask your HR team. Accounts follow HiBob every night, so what changes there today counts tomorrow."
                .to_owned(),
        ],
        ..Page::default()
    }
}

fn shared_address(email: &EmailAddress) -> Page {
    Page {
        title: "More than one person has your address",
        paragraphs: vec![
            format!(
                "Your company's sign-in page says that you are {email}. More than one active HiThrive account has this address, so \
                 we cannot tell which is yours."
            ),
            "Please ask your HR team for an address of your own. Accounts follow HiBob every night, so what changes there today \
             counts tomorrow."
                .to_owned(),
        ],
        ..Page::default()
    }
}

fn no_right(wanted: Portal, may_open: &[Portal], link: impl Fn(Portal, &str) -> Option<Link>) -> Page {
    let reason = match wanted {
        Portal::Admin => "It is open to the people whom your administrators have named.",
        Portal::Reports => "It is open to managers to whom somebody reports, and to administrators.",
        Portal::Rewards => "It is open to everybody with an active account.",
    };
    let links = may_open.iter().filter_map(|other| {
        let text = format!("Open {}", portal(*other));
        link(*other, &text)
    });
    Page {
        title: "This part of HiThrive is not open to you",
        paragraphs: vec![
            format!("You asked for {}. {reason}", portal(wanted)),
            "If you need it, ask your HR team.".to_owned(),
        ],
        links: links.collect(),
        ..Page::default()
    }
}

#[cfg(test)]
mod tests {
    use single_sign_on::Refusal;

    use super::*;

    #[test]
    fn no_page_for_everybody_speaks_of_the_protocol() {
        let email: EmailAddress = "ada@acme.example".parse().unwrap();
        let (portal, may_open) = (Portal::Admin, vec![Portal::Rewards]);
        for denial in [
            Denial::NotOffered,
            Denial::NotFollowed,
            Denial::BadDeepLink,
            Denial::UnreadableForm,
            Denial::TooLarge,
            Denial::WrongBinding,
            Denial::StartedElsewhere,
            Denial::ForgedState,
            Denial::StateOfOtherTenant,
            Denial::Unsolicited,
            Denial::Circling,
            Denial::Refused(Refusal::OtherAudience),
            Denial::Replayed,
            Denial::UnknownPerson(email.clone()),
            Denial::SharedAddress(email),
            Denial::NoRight { portal, may_open },
            Denial::NoSigningKey,
            Denial::fault("no table", true),
            Denial::fault("no table", false),
        ] {
            let page = denied(&denial, None, |_| None);
            let text = format!("{} {}", page.title, page.paragraphs.join(" "));
            for word in [
                "SAML",
                "POST",
                "InResponseTo",
                "RelayState",
                "provider",
                "assertion",
            ] {
                assert!(!text.contains(word), "{word}: {text}");
            }
        }
    }
}

//! What a test sign-in found, check by check.

use provisioning::EmailAddress;
use single_sign_on::{Check, Portal, Refusal};

use crate::page::{Link, Page, Step, StepState};
use crate::words;
use crate::words::checks;

/// What became of a test.
#[derive(Debug)]
pub(crate) enum Trial {
    /// The provider's answer failed a check.
    Refused(Refusal),
    /// It came in the address.
    OtherBinding,
    /// It names no request of this browser, or not by the relay state.
    NoRelayState,
    /// It was used before.
    Replayed,
    /// It names an address that no active account has.
    Unknown(EmailAddress),
    /// It names an address that several active accounts have.
    Shared(EmailAddress),
    /// All is well.
    Passed {
        /// Whose account was found.
        email: EmailAddress,
        /// What the person may open.
        portals: Vec<Portal>,
        /// Whether people can sign in by now.
        is_enabled: bool,
    },
}

/// The checks after those of the answer itself.
const FIRST_USE: usize = Check::ALL.len();
const ACCOUNT: usize = FIRST_USE + 1;

impl Trial {
    /// A short name for logs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::OtherBinding => "wrong-binding",
            Self::NoRelayState => "no-relay-state",
            Self::Replayed => "replayed",
            Self::Unknown(_) => "unknown-person",
            Self::Shared(_) => "shared-address",
            Self::Passed { .. } => "test-passed",
        }
    }

    pub(crate) fn page(&self, settings_page_url: &str) -> Page {
        let titles = Check::ALL.map(checks::title).into_iter();
        let titles = titles.chain([checks::FIRST_USE, checks::ACCOUNT]);
        let mut fault = self.fault();
        let failed = fault.as_ref().map(|(index, _)| *index);
        let steps = titles.enumerate().map(|(index, title)| Step {
            state: match failed {
                Some(failed) if index == failed => StepState::Wrong,
                Some(failed) if index > failed => StepState::NotReached,
                _ => StepState::Done,
            },
            title,
            text: fault
                .take_if(|(failed, _)| *failed == index)
                .map(|(_, text)| text),
        });
        Page {
            steps: steps.collect(),
            result: self.result(),
            links: vec![Link {
                text: words::TO_SETTINGS.to_owned(),
                address: format!("{}#sso", settings_page_url.trim_end_matches('#')),
            }],
            ..words::trial(failed.is_none())
        }
    }

    /// Which check failed, counted from the first, and what to say about it.
    fn fault(&self) -> Option<(usize, String)> {
        match self {
            Self::Refused(refusal) => Some((place(refusal.check()), checks::remedy(*refusal).to_owned())),
            Self::OtherBinding => Some((place(Check::Readable), checks::OTHER_BINDING.to_owned())),
            Self::NoRelayState => Some((place(Check::Request), checks::NO_RELAY_STATE.to_owned())),
            Self::Replayed => Some((FIRST_USE, checks::USED_BEFORE.to_owned())),
            Self::Unknown(email) => Some((ACCOUNT, checks::unknown(email))),
            Self::Shared(email) => Some((ACCOUNT, checks::shared(email))),
            Self::Passed { .. } => None,
        }
    }

    fn result(&self) -> Vec<String> {
        match self {
            Self::Passed {
                email,
                portals,
                is_enabled,
            } => checks::passed(email, portals, *is_enabled),
            _ => Vec::new(),
        }
    }
}

/// At which place a check stands.
fn place(check: Check) -> usize {
    let place = Check::ALL.iter().position(|other| *other == check);
    place.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(trial: &Trial) -> Vec<StepState> {
        let page = trial.page("https://hithrive.example/settings");
        page.steps.iter().map(|step| step.state).collect()
    }

    #[test]
    fn checks_before_the_failed_one_are_done_and_those_after_it_not_reached() {
        for refusal in Refusal::ALL {
            let states = states(&Trial::Refused(*refusal));
            let failed = states
                .iter()
                .position(|state| *state == StepState::Wrong)
                .unwrap();
            assert_eq!(Check::ALL[failed], refusal.check());
            assert!(states[..failed].iter().all(|state| *state == StepState::Done));
            assert!(
                states[failed + 1..]
                    .iter()
                    .all(|state| *state == StepState::NotReached)
            );
        }
    }

    #[test]
    fn only_the_failed_check_is_explained() {
        let page = Trial::Replayed.page("https://hithrive.example/settings");
        let explained: Vec<usize> = (0..page.steps.len())
            .filter(|index| page.steps[*index].text.is_some())
            .collect();
        assert_eq!(explained, [FIRST_USE]);
        assert_eq!(page.links[0].address, "https://hithrive.example/settings#sso");
    }
}

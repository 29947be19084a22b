//! The mapping applied to one person of the answer.

use crate::email::{EmailAddress, EmailHash};
use crate::employee::Employee;
use crate::fingerprint::Fingerprint;
use crate::mapping::Outcome;
use crate::plan::IndexedEdit;
use crate::reconcile::Reconciler;
use crate::target::Target;
use crate::value::Value;

/// What the mapping makes of one employee.
pub(super) struct Wanted {
    pub(super) edits: Vec<IndexedEdit>,
    pub(super) email: WantedEmail,
    pub(super) source_fp: Fingerprint,
}

pub(super) enum WantedEmail {
    Set(EmailHash),
    /// Absent or empty: an existing account keeps its address.
    None,
    Unreadable,
}

impl Reconciler<'_> {
    /// Evaluates the mapping; the edits hold wishes only, what is stored is not known yet.
    pub(super) fn wanted(&mut self, employee: &Employee) -> Wanted {
        let mut wanted = Wanted {
            edits: Vec::with_capacity(self.targets.len()),
            email: WantedEmail::None,
            source_fp: Fingerprint::from_bytes([0; 16]),
        };
        for (place, target, outcome) in self.evaluator.outcomes(employee) {
            self.fingerprinter.add(target, &outcome);
            if *target == Target::EMAIL {
                wanted.email = email_in(&outcome);
            }
            match outcome {
                Outcome::Set(value) => wanted.edits.push((place, None, Some(value))),
                Outcome::Clear => wanted.edits.push((place, None, None)),
                Outcome::Keep => {}
                Outcome::Unreadable(_) => self.findings.unreadable(&target.key()),
            }
        }
        wanted.source_fp = self.fingerprinter.finish();
        wanted
    }
}

fn email_in(outcome: &Outcome) -> WantedEmail {
    match outcome {
        Outcome::Set(Value::Text(address)) => match address.parse::<EmailAddress>() {
            Ok(address) => WantedEmail::Set(address.hash()),
            Err(_) => WantedEmail::Unreadable,
        },
        Outcome::Set(Value::List(_)) | Outcome::Clear | Outcome::Keep => WantedEmail::None,
        Outcome::Unreadable(_) => WantedEmail::Unreadable,
    }
}

//! A 128-bit hash of what the source says about one person, so that an unchanged person costs no comparison.

use twox_hash::XxHash3_128;

use crate::mapping::Outcome;
use crate::target::Target;
use crate::value::Value;

/// A hash over every mapped target and its value, emptiness or absence, in the order of the targets. Nothing else is
/// mixed in: a release, or a mapping saved with the same effect, leaves every fingerprint as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// From its stored form.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// As stored.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 16] {
        self.0
    }
}

/// Collects outcomes into a [`Fingerprint`].
#[derive(Debug, Default)]
pub(crate) struct Fingerprinter {
    bytes: Vec<u8>,
}

impl Fingerprinter {
    pub(crate) fn add(&mut self, target: &Target, outcome: &Outcome) {
        self.text(&target.key());
        match outcome {
            Outcome::Set(Value::Text(text)) => {
                self.bytes.push(b'v');
                self.text(text);
            }
            Outcome::Set(Value::List(texts)) => {
                self.bytes.push(b'l');
                self.bytes.extend_from_slice(&(texts.len() as u64).to_le_bytes());
                for text in texts {
                    self.text(text);
                }
            }
            Outcome::Clear => self.bytes.push(b'e'),
            // What cannot be read leaves the target as it is, exactly like what is absent.
            Outcome::Keep | Outcome::Unreadable(_) => self.bytes.push(b'a'),
        }
    }

    /// Lengths go first, so that no two different sequences of texts run together into the same bytes.
    fn text(&mut self, text: &str) {
        self.bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// The fingerprint of what was added since the last one.
    pub(crate) fn finish(&mut self) -> Fingerprint {
        let hash = XxHash3_128::oneshot(&self.bytes);
        self.bytes.clear();
        Fingerprint(hash.to_le_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::StandardTarget;

    fn of(outcomes: &[(StandardTarget, Outcome)]) -> Fingerprint {
        let mut fingerprinter = Fingerprinter::default();
        for (target, outcome) in outcomes {
            fingerprinter.add(&Target::Standard(*target), outcome);
        }
        fingerprinter.finish()
    }

    #[test]
    fn value_empty_and_absent_differ_and_texts_do_not_run_together() {
        use StandardTarget::{FirstName, LastName, Teams};
        let set = |text: &str| Outcome::Set(Value::Text(text.into()));
        let list = |texts: &[&str]| Outcome::Set(Value::List(texts.iter().map(|&t| t.into()).collect()));
        let all = [
            of(&[(FirstName, set("ab")), (LastName, set("c"))]),
            of(&[(FirstName, set("a")), (LastName, set("bc"))]),
            of(&[(FirstName, Outcome::Clear), (LastName, set("bc"))]),
            of(&[(FirstName, Outcome::Keep), (LastName, set("bc"))]),
            of(&[(LastName, set("bc"))]),
            of(&[(Teams, list(&["a", "b"]))]),
            of(&[(Teams, list(&["ab"]))]),
            of(&[]),
        ];
        for (i, a) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|b| a != b), "{i}");
        }
    }

    /// Stored fingerprints outlive releases: a changed algorithm would read as a change of everybody.
    #[test]
    fn the_fingerprint_of_given_values_never_changes() {
        let fingerprint = of(&[(StandardTarget::FirstName, Outcome::Set(Value::Text("Zoë".into())))]);
        insta::assert_snapshot!(u128::from_le_bytes(fingerprint.to_bytes()), @"166737772419961559616557395485907813317");
    }
}

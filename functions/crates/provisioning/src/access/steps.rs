//! The steps of a proof, judged by what was seen.

use crate::access::watched::Evidence;
use crate::access::{
    AccessProof, CategoryAccess, CategoryState, ManagerCoverage, Outcome, ProofStep, Step, count,
};
use crate::field::{FieldIndex, control};

impl AccessProof {
    pub(super) fn steps(&self, managers: ManagerCoverage, categories: &[CategoryAccess]) -> Vec<ProofStep> {
        let emails = &self.emails;
        let seen = |index: FieldIndex| self.seen[index.get()] > Evidence::Absent;
        let warn_of = |affected: u32| match affected {
            0 => (Outcome::Passed, 0),
            _ => (Outcome::Warning, affected),
        };
        let unknown = (Outcome::CannotCheck, 0);
        let refused = categories
            .iter()
            .filter(|category| category.state == CategoryState::NotGranted);
        let refused_and_needed = count(refused.clone().filter(|category| category.needed).count());
        let refused = count(refused.filter(|category| category.standard).count());

        let people = if self.people.is_empty() {
            (Outcome::Failed, 0)
        } else {
            (Outcome::Passed, 0)
        };
        let of_people = |outcome| if self.people.is_empty() { unknown } else { outcome };
        let inactive = match (
            seen(control::LIFECYCLE_STATUS) || seen(control::STATUS),
            self.inactive,
        ) {
            (false, _) => unknown,
            (true, 0) => (Outcome::Warning, 0),
            (true, _) => (Outcome::Passed, 0),
        };
        let granted = match refused_and_needed {
            0 => warn_of(refused),
            needed => (Outcome::Failed, needed),
        };
        let addresses = if seen(control::EMAIL) {
            warn_of(emails.empty + emails.withheld + emails.malformed)
        } else {
            (Outcome::Failed, emails.withheld)
        };
        let duplicates = if seen(control::EMAIL) {
            warn_of(emails.duplicates)
        } else {
            unknown
        };
        let managers = match self.reports_to {
            Some(index) if seen(index) => warn_of(managers.named - managers.resolvable),
            _ => unknown,
        };
        let steps = [
            (Step::Credentials, (Outcome::Passed, 0)),
            (Step::People, people),
            (Step::InactivePeople, of_people(inactive)),
            (Step::Categories, of_people(granted)),
            (Step::Emails, of_people(addresses)),
            (Step::Duplicates, of_people(duplicates)),
            (Step::Managers, of_people(managers)),
            (Step::Directory, unknown),
        ];
        steps
            .map(|(step, (outcome, affected))| ProofStep {
                step,
                outcome,
                affected,
            })
            .to_vec()
    }
}

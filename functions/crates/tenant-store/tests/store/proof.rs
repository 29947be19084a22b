use provisioning::access::{EmailCoverage, ManagerCoverage, Outcome, ProofReport, ProofStep, Step};
use tenant_store::SavedProof;

use crate::stack::{Stack, acme, at};

pub(crate) fn proof() -> SavedProof {
    let step = ProofStep {
        step: Step::Credentials,
        outcome: Outcome::Passed,
        affected: 0,
    };
    SavedProof {
        finished_at: at(23, "15:00:00"),
        report: ProofReport {
            steps: vec![step],
            people: 250,
            inactive: 12,
            emails: EmailCoverage::default(),
            managers: ManagerCoverage::default(),
            categories: Vec::new(),
            can_be_unticked: vec!["payroll".to_owned()],
        },
    }
}

#[tokio::test]
async fn the_last_proof_is_read_as_it_was_kept() {
    let (stack, _) = Stack::with_acme().await;
    assert_eq!(stack.store.last_proof(&acme()).await.unwrap(), None);
    stack.store.save_proof(&acme(), &proof()).await.unwrap();
    assert_eq!(stack.store.last_proof(&acme()).await.unwrap(), Some(proof()));
}

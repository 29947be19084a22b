use provisioning::access::{EmailCoverage, ManagerCoverage, Outcome, ProofReport, ProofStep, Step};
use tenant_store::{Error, SavedProof};

use crate::stack::{Stack, acme, at, connection};

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
    let token = stack.token().await;
    stack.store.save_proof(&acme(), token, &proof()).await.unwrap();
    assert_eq!(stack.store.last_proof(&acme()).await.unwrap(), Some(proof()));
}

#[tokio::test]
async fn what_a_replaced_token_showed_is_not_kept() {
    let (stack, connected) = Stack::with_acme().await;
    let old = stack.token().await;
    stack.store.token_replaced(&acme()).await.unwrap();
    let proved = stack.store.save_proof(&acme(), old, &proof()).await;
    assert!(matches!(proved, Err(Error::VersionChanged { .. })));
    assert_eq!(stack.store.last_proof(&acme()).await.unwrap(), None);
    let acme = acme();
    let learn = async |token| {
        let learned = stack
            .store
            .learn_company_id(&acme, &connected, "1".to_owned(), token);
        learned.await
    };
    assert!(matches!(learn(old).await, Err(Error::VersionChanged { .. })));
    assert_eq!(
        stack.store.connection(&acme).await.unwrap(),
        Some(connected.clone())
    );

    learn(stack.token().await).await.unwrap();
    let saved = stack.store.connection(&acme).await.unwrap().unwrap();
    assert_eq!((saved.version, saved.value.company_id.as_deref()), (2, Some("1")));
}

#[tokio::test]
async fn another_connection_has_another_token() {
    let (stack, _) = Stack::with_acme().await;
    let old = stack.token().await;
    stack.store.disconnect(&acme()).await.unwrap();
    let proved = stack.store.save_proof(&acme(), old, &proof()).await;
    assert!(matches!(proved, Err(Error::VersionChanged { .. })));
    stack
        .store
        .create_connection(&acme(), &connection(), at(24, "12:00:00"))
        .await
        .unwrap();
    let proved = stack.store.save_proof(&acme(), old, &proof()).await;
    assert!(matches!(proved, Err(Error::VersionChanged { .. })));
    assert_eq!(stack.store.last_proof(&acme()).await.unwrap(), None);
}

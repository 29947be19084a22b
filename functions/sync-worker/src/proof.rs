//! A proof of what HiBob lets us read.

use provisioning::access::{AccessProof, KnownField, ProofReport};
use provisioning::{Mapping, SourceField};
use tenant_store::{Error, SavedProof, Versioned};

use crate::read::as_instant;
use crate::run::READING_MARGIN;
use crate::task::Errand;
use crate::task_error::TaskError;

impl Errand<'_> {
    /// Asks for the fields, and then for one harmless field of each category over everybody.
    pub(crate) async fn prove(&self) -> Result<ProofReport, TaskError> {
        let worker = self.worker;
        let state = worker.tenants.run_state(self.tenant).await?;
        let token = state.and_then(|state| state.token_fence);
        let token = token.ok_or_else(TaskError::not_connected)?;
        let Versioned {
            value: connection, ..
        } = self.connection().await?;
        let saved = worker.tenants.mapping(self.tenant).await?;
        let mapping = saved.and_then(|saved| Mapping::try_from(saved.document).ok());
        let service_user = self.service_user().await?;
        let credentials = hibob::Credentials::new(service_user.id, service_user.token);
        let until = as_instant(self.invocation.deadline - READING_MARGIN, worker.clock.now());
        let mut session = worker.hibob.session(credentials, until);

        self.stage("fields").await;
        let metadata: Vec<_> = session.fields().await?.into_iter().map(known).collect();
        let mut proof = AccessProof::new(&metadata, mapping.as_ref(), &connection.policy);
        let (fields, values) = (proof.fields().clone(), proof.values().to_vec());
        let mut progress = self.stage("people").await;
        let mut people = session.survey(&fields, &values).await?;
        while let Some(employee) = people.next().await? {
            proof.observe(&employee);
            progress.count().await;
        }
        drop(people);

        if let Some(company_id) = proof.company_id() {
            self.keep_company_id(company_id, token).await?;
        }
        let report = proof.finish();
        let saved = SavedProof {
            finished_at: worker.clock.now(),
            report,
        };
        match worker.tenants.save_proof(self.tenant, token, &saved).await {
            Err(Error::VersionChanged { .. }) => Err(token_replaced()),
            kept => Ok(kept.map(|()| saved.report)?),
        }
    }

    /// Keeps the id of the company if it was not known; another than the known one is refused.
    async fn keep_company_id(&self, company_id: &str, token: u64) -> Result<(), TaskError> {
        let tenants = &self.worker.tenants;
        loop {
            let state = tenants.run_state(self.tenant).await?.unwrap_or_default();
            if state.token_fence != Some(token) {
                return Err(token_replaced());
            }
            let read = self.connection().await?;
            match &read.value.company_id {
                Some(known) if known == company_id => return Ok(()),
                Some(_) => {
                    return Err(TaskError::failed(
                        "other-company",
                        "The token belongs to another company than the one that is connected.",
                    ));
                }
                None => {}
            }
            let learned = tenants.learn_company_id(self.tenant, &read, company_id.to_owned(), token);
            match learned.await {
                // An admin has saved in between, or replaced the token.
                Err(Error::VersionChanged { .. }) => {}
                learned => return Ok(learned?),
            }
        }
    }
}

/// What the old token showed says nothing of the new one.
fn token_replaced() -> TaskError {
    TaskError::failed("not-connected", "The token was replaced meanwhile.")
}

fn known(field: hibob::FieldMetadata) -> KnownField {
    KnownField {
        field: SourceField {
            id: field.id,
            field_type: field.field_type,
            category: field.category,
        },
        name: field.name,
    }
}

//! A proof of what HiBob lets us read.

use provisioning::access::{AccessProof, KnownField, ProofReport};
use provisioning::{Mapping, SourceField};
use tenant_store::{SavedProof, Versioned};

use crate::read::as_instant;
use crate::run::READING_MARGIN;
use crate::task::Errand;
use crate::task_error::TaskError;

impl Errand<'_> {
    /// Asks for the fields, and then for one harmless field of each category over everybody.
    pub(crate) async fn prove(&self) -> Result<ProofReport, TaskError> {
        let worker = self.worker;
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
            self.keep_company_id(company_id).await?;
        }
        let report = proof.finish();
        let saved = SavedProof {
            finished_at: worker.clock.now(),
            report,
        };
        worker.tenants.save_proof(self.tenant, &saved).await?;
        Ok(saved.report)
    }

    /// Keeps the id of the company if it was not known; another than the known one is refused.
    async fn keep_company_id(&self, company_id: &str) -> Result<(), TaskError> {
        loop {
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
            let tenants = &self.worker.tenants;
            let now = self.worker.clock.now();
            match tenants
                .set_company_id(self.tenant, &read, company_id.to_owned(), now)
                .await
            {
                // An admin has saved in between.
                Err(tenant_store::Error::VersionChanged { .. }) => {}
                saved => return Ok(saved.map(drop)?),
            }
        }
    }
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

//! What a run with another mapping would change. It is the plan of a run, made by the same code, and writes nothing.

use std::collections::HashSet;

use provisioning::preview::Preview;
use provisioning::{Mapping, MappingDocument, Today};
use tenant_store::Versioned;

use crate::read::{Decided, ReadError, as_instant, read_and_plan};
use crate::run::READING_MARGIN;
use crate::task::Errand;
use crate::task_error::TaskError;

impl Errand<'_> {
    pub(crate) async fn preview(&self, document: MappingDocument) -> Result<Preview, TaskError> {
        let worker = self.worker;
        let mapping = Mapping::try_from(document)
            .map_err(|error| TaskError::failed("invalid-mapping", error.to_string()))?;
        let Versioned {
            value: connection, ..
        } = self.connection().await?;
        let state = worker.tenants.run_state(self.tenant).await?.unwrap_or_default();
        let service_user = self.service_user().await?;

        let now = worker.clock.now();
        let today = Today::new(now, connection.night.time_zone().clone());
        let decided = Decided {
            mapping: &mapping,
            policy: &connection.policy,
            today: &today,
            history: &state.history,
            deactivating: &HashSet::new(),
            // They are about to be.
            removals_seen: true,
        };
        let team = worker.directory.team(self.tenant);
        let until = as_instant(self.invocation.deadline - READING_MARGIN, now);
        let progress = self.stage("people").await;
        let reading = read_and_plan(&worker.hibob, service_user, &team, &decided, until, progress).await;
        let mut preview = match reading.result {
            Ok(planned) => Preview::of(&planned.plan),
            Err(ReadError::Refused(refused)) => Preview::refused(refused.refusal, refused.findings),
            Err(error) => return Err(error.into()),
        };
        for stored in team.read(&preview.accounts()).await? {
            preview.describe(&stored);
        }
        Ok(preview)
    }
}

//! Giving a tenant back after a run.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use provisioning::History;

use crate::item::{from_item, to_attribute};
use crate::keys::{Partition, RUN_STATE, number};
use crate::{Attention, Error, Lease, RunState, Suspicion, TenantStore};

const OPERATION: &str = "give a lease back";

/// How a worker leaves a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Release {
    /// The run is over, and HiBob answered it: no suspicion or need of attention is left.
    Finished {
        /// What the guards shall remember.
        history: History,
        /// The mapping's version, if nothing waits for its removals to be seen.
        cleared_mapping: Option<u64>,
    },
    /// The run is over, because only a person can mend the connection.
    NeedsAttention(Attention),
    /// The run is over without a result.
    GivenUp {
        /// What the guards shall remember all the same.
        history: History,
    },
    /// The run goes on when the message comes again.
    HandedBack {
        /// Whether this attempt counts; having waited only, for a rate limit, does not.
        counts: bool,
        /// A refusal that is to be checked by then. `None` leaves what was noted before.
        suspicion: Option<Suspicion>,
    },
}

impl TenantStore {
    /// Ends a lease; fails with [`Error::LeaseLost`] if it is no longer this worker's. Of a lease that an admin has
    /// voided only the hold on the tenant is let go.
    pub async fn release(&self, lease: &Lease, release: Release) -> Result<(), Error> {
        let (mut sets, mut removes) = (Vec::new(), vec!["lease_owner", "lease_expires_at"]);
        let mut values = Vec::new();
        match release {
            Release::Finished {
                history,
                cleared_mapping,
            } => {
                sets.extend(["run_done = :true", "history = :history"]);
                removes.extend(["suspicion", "attention"]);
                values.push((":history", to_attribute(OPERATION, &history)?));
                if let Some(version) = cleared_mapping {
                    sets.push("cleared_mapping_version = :cleared");
                    values.push((":cleared", number(version)));
                }
            }
            Release::NeedsAttention(attention) => {
                sets.extend(["run_done = :true", "attention = :attention"]);
                removes.push("suspicion");
                values.push((":attention", to_attribute(OPERATION, &attention)?));
            }
            Release::GivenUp { history } => {
                sets.extend(["run_done = :true", "history = :history"]);
                values.push((":history", to_attribute(OPERATION, &history)?));
            }
            Release::HandedBack { counts, suspicion } => {
                if !counts {
                    sets.push("run_attempts = run_attempts - :one");
                    values.push((":one", number(1)));
                }
                if let Some(suspicion) = suspicion {
                    sets.push("suspicion = :suspicion");
                    values.push((":suspicion", to_attribute(OPERATION, &suspicion)?));
                }
            }
        }
        if sets.contains(&"run_done = :true") {
            values.push((":true", AttributeValue::Bool(true)));
        }

        let set = if sets.is_empty() {
            String::new()
        } else {
            format!("SET {} ", sets.join(", "))
        };
        values.push((":fence", number(lease.fence)));
        let update = format!("{set}REMOVE {}", removes.join(", "));
        match self
            .update_lease(lease, update, "lease_owner = :owner AND fence = :fence", values)
            .await?
        {
            None => Ok(()),
            // Only this very update can have let go under this fence: its answer was lost, and the SDK repeated it.
            Some(state) if state.fence == lease.fence && state.lease_owner.is_none() => Ok(()),
            Some(_) => {
                let let_go = "REMOVE lease_owner, lease_expires_at".to_owned();
                self.update_lease(lease, let_go, "lease_owner = :owner", Vec::new())
                    .await?;
                Err(Error::LeaseLost)
            }
        }
    }

    /// The state that was found instead, if the condition did not hold.
    async fn update_lease(
        &self,
        lease: &Lease,
        update: String,
        condition: &str,
        values: Vec<(&str, AttributeValue)>,
    ) -> Result<Option<RunState>, Error> {
        let mut request = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(Partition::of(&lease.run.tenant).item(RUN_STATE)))
            .update_expression(update)
            .condition_expression(condition)
            .expression_attribute_values(":owner", AttributeValue::S(lease.owner.clone()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        for (name, value) in values {
            request = request.expression_attribute_values(name, value);
        }
        let Err(error) = request.send().await else {
            return Ok(None);
        };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                from_item(OPERATION, failed.item().cloned().unwrap_or_default()).map(Some)
            }
            _ => Err(Error::of(OPERATION)(error)),
        }
    }
}

//! What the service user's token shows of the company, and its replacement.

use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use jiff::Timestamp;
use provisioning::TenantId;

use crate::admin::SAVE_CONNECTION;
use crate::keys::{Partition, RUN_STATE, number};
use crate::premise::{Premise, Unwritten};
use crate::{Connection, Error, TenantStore, Versioned};

impl TenantStore {
    /// Keeps the company's id, which was not known when the tenant connected.
    pub async fn set_company_id(
        &self,
        tenant: &TenantId,
        read: &Versioned<Connection>,
        company_id: String,
        now: Timestamp,
    ) -> Result<Versioned<Connection>, Error> {
        let connection = Connection {
            company_id: Some(company_id),
            ..read.value.clone()
        };
        self.save_connection(tenant, read, connection, now).await
    }

    /// Keeps the company's id, as [`set_company_id`](Self::set_company_id) does, if the service user still has the token
    /// of that fence; otherwise it is [`Error::VersionChanged`] too.
    pub async fn learn_company_id(
        &self,
        tenant: &TenantId,
        read: &Versioned<Connection>,
        company_id: String,
        token_fence: u64,
    ) -> Result<(), Error> {
        let connection = Connection {
            company_id: Some(company_id),
            ..read.value.clone()
        };
        let put = self.put_connection(tenant, &connection, Some(read.version))?;
        match self
            .write_if(SAVE_CONNECTION, tenant, Premise::Token(token_fence), put)
            .await
        {
            Ok(()) => Ok(()),
            Err(Unwritten::Premise | Unwritten::Condition) => Err(Error::VersionChanged {
                expected: read.version,
            }),
            Err(Unwritten::Failed(error)) => Err(error),
        }
    }

    /// Voids a run under way and forgets what HiBob said about the old token. To be called after the vault has the new.
    /// A tenant that was disconnected meanwhile is [`Error::NotConnected`].
    pub async fn token_replaced(&self, tenant: &TenantId) -> Result<(), Error> {
        const OPERATION: &str = "note a new token";
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(Partition::of(tenant).item(RUN_STATE)))
            .update_expression(
                "SET fence = fence + :one, token_fence = fence + :one REMOVE suspicion, attention",
            )
            .expression_attribute_values(":one", number(1))
            .build()
            .map_err(|error| Error::unbuilt(OPERATION, error))?;
        let update = TransactWriteItem::builder().update(update).build();
        match self.write_if(OPERATION, tenant, Premise::Connected, update).await {
            Ok(()) => Ok(()),
            Err(Unwritten::Premise | Unwritten::Condition) => Err(Error::NotConnected),
            Err(Unwritten::Failed(error)) => Err(error),
        }
    }
}

use aws_sdk_dynamodb::Client;
use provisioning::TenantId;

use crate::keys::TeamKeys;

/// The table of all teams' accounts.
#[derive(Debug, Clone)]
pub struct TeamDirectory {
    client: Client,
    table: String,
}

impl TeamDirectory {
    /// The accounts in a table.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }

    /// One tenant's accounts: the only way to any account.
    #[must_use]
    pub fn team(&self, tenant: &TenantId) -> Team {
        Team {
            client: self.client.clone(),
            table: self.table.clone(),
            keys: TeamKeys::new(tenant),
        }
    }
}

/// The accounts of one tenant.
#[derive(Debug, Clone)]
pub struct Team {
    pub(crate) client: Client,
    pub(crate) table: String,
    pub(crate) keys: TeamKeys,
}

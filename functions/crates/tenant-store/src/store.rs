use aws_sdk_dynamodb::Client;

/// The Tenants table: connections, mappings and the state of runs.
#[derive(Debug, Clone)]
pub struct TenantStore {
    pub(crate) client: Client,
    pub(crate) table: String,
}

impl TenantStore {
    /// What is in a table.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }
}

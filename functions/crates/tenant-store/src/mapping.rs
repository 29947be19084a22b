//! The mapping as its admin saves it.

use aws_sdk_dynamodb::types::{AttributeValue, Put};
use provisioning::{Mapping, MappingDocument, TenantId};

use crate::admin::{VERSION, stamp, versioned};
use crate::item::to_attribute;
use crate::keys::{Item, MAPPING, Partition, number};
use crate::premise::{Premise, Unwritten};
use crate::{Error, TenantStore, Versioned};

const DOCUMENT: &str = "document";
const REMOVALS_SEEN: &str = "removals_seen";

/// A tenant's mapping, as it was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedMapping {
    /// From 1; rises with every save.
    pub version: u64,
    /// The entries: a later release may find them invalid.
    pub document: MappingDocument,
    /// Whether the admin saw in a preview whom this mapping removes.
    pub removals_seen: bool,
}

impl TenantStore {
    /// A tenant's mapping.
    pub async fn mapping(&self, tenant: &TenantId) -> Result<Option<SavedMapping>, Error> {
        const OPERATION: &str = "read a mapping";
        let Some(item) = self.item(OPERATION, tenant, MAPPING).await? else {
            return Ok(None);
        };
        // A mapping from before there were previews has long been carried out.
        let removals_seen = item.get(REMOVALS_SEEN) != Some(&AttributeValue::Bool(false));
        let document = |mut item: Item| {
            let document = item
                .remove(DOCUMENT)
                .ok_or(Error::Malformed { operation: OPERATION })?;
            serde_dynamo::from_attribute_value(document)
                .map_err(|_| Error::Malformed { operation: OPERATION })
        };
        let Versioned { version, value } = versioned(OPERATION, item, document)?;
        Ok(Some(SavedMapping {
            version,
            document: value,
            removals_seen,
        }))
    }

    /// Saves a mapping of a connected tenant, the first or one in place of a version that nobody has replaced meanwhile.
    /// Gives its version.
    pub async fn save_mapping(
        &self,
        tenant: &TenantId,
        mapping: &Mapping,
        read: Option<u64>,
        removals_seen: bool,
    ) -> Result<u64, Error> {
        const OPERATION: &str = "save a mapping";
        let mut item = Partition::of(tenant).item(MAPPING);
        item.insert(DOCUMENT.to_owned(), to_attribute(OPERATION, mapping)?);
        item.insert(REMOVALS_SEEN.to_owned(), AttributeValue::Bool(removals_seen));
        let version = stamp(&mut item, read);
        let mut put = Put::builder().table_name(&self.table).set_item(Some(item));
        put = match read {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(read) => put
                .condition_expression("#version = :read")
                .expression_attribute_names("#version", VERSION)
                .expression_attribute_values(":read", number(read)),
        };
        match self.put_if(OPERATION, tenant, Premise::Connected, put).await {
            Ok(()) => Ok(version),
            Err(Unwritten::Premise) => Err(Error::NotConnected),
            Err(Unwritten::Condition) => Err(Error::VersionChanged {
                expected: read.unwrap_or_default(),
            }),
            Err(Unwritten::Failed(error)) => Err(error),
        }
    }
}

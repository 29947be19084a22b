//! Values of this crate as items, and back.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;
use crate::keys::Item;

/// A value's attributes. Nothing that this crate stores has a form that DynamoDB lacks.
pub(crate) fn to_item(operation: &'static str, value: &impl Serialize) -> Result<Item, Error> {
    serde_dynamo::to_item(value).map_err(|error| Error::Rejected {
        operation,
        source: error.into(),
    })
}

pub(crate) fn to_attribute(operation: &'static str, value: &impl Serialize) -> Result<AttributeValue, Error> {
    serde_dynamo::to_attribute_value(value).map_err(|error| Error::Rejected {
        operation,
        source: error.into(),
    })
}

/// A value out of its item; attributes that are not its own are passed over. The cause of a failure is dropped, since it
/// may repeat what is stored.
pub(crate) fn from_item<T: DeserializeOwned>(operation: &'static str, item: Item) -> Result<T, Error> {
    serde_dynamo::from_item(item).map_err(|_| Error::Malformed { operation })
}

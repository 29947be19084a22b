//! Keys and attributes.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use provisioning::TenantId;
use single_sign_on::{AssertionKey, CodeHash};

pub(crate) type Item = HashMap<String, AttributeValue>;

const PK: &str = "pk";
const SK: &str = "sk";

/// Where a tenant's settings lie.
pub(crate) fn settings(tenant: &TenantId) -> Item {
    HashMap::from([
        (PK.to_owned(), text(format!("TENANT#{tenant}"))),
        (SK.to_owned(), text("SSO")),
    ])
}

/// Where an assertion is remembered. Providers are not trusted to make ids that no other tenant's provider makes.
pub(crate) fn assertion(tenant: &TenantId, key: &AssertionKey) -> Item {
    HashMap::from([(PK.to_owned(), text(format!("ASSERTION#{tenant}#{key}")))])
}

/// Where a code's grant lies.
pub(crate) fn code(code: &CodeHash) -> Item {
    HashMap::from([(PK.to_owned(), text(format!("CODE#{code}")))])
}

pub(crate) fn text(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub(crate) fn number(number: impl Into<i128>) -> AttributeValue {
    AttributeValue::N(number.into().to_string())
}

/// An instant as text in UTC, to the second.
pub(crate) fn instant(at: Timestamp) -> AttributeValue {
    text(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

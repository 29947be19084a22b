use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, Projection,
    TimeToLiveSpecification,
};
use serde::Deserialize;

use crate::Error;

/// What of an `AWS::DynamoDB::Table` shows in its behaviour. Encryption, recovery and protection from deletion guard real
/// data on real machines.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Table {
    #[serde(rename = "TableName")]
    name: String,
    attribute_definitions: Vec<Attribute>,
    key_schema: Vec<Key>,
    #[serde(default)]
    global_secondary_indexes: Vec<Index>,
    time_to_live_specification: Option<TimeToLive>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute {
    attribute_name: String,
    attribute_type: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Key {
    attribute_name: String,
    key_type: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Index {
    #[serde(rename = "IndexName")]
    name: String,
    key_schema: Vec<Key>,
    projection: Projected,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Projected {
    projection_type: String,
    #[serde(default)]
    non_key_attributes: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TimeToLive {
    attribute_name: String,
    enabled: bool,
}

impl Table {
    /// Creates the table and gives its name; one that exists stays as it is.
    pub(crate) async fn create(self, client: &Client) -> Result<String, Error> {
        let name = self.name;
        let created = client
            .create_table()
            .table_name(&name)
            .billing_mode(BillingMode::PayPerRequest)
            .set_attribute_definitions(Some(build_all(
                self.attribute_definitions,
                &name,
                Attribute::build,
            )?))
            .set_key_schema(Some(build_all(self.key_schema, &name, Key::build)?))
            .set_global_secondary_indexes(match self.global_secondary_indexes {
                none if none.is_empty() => None,
                indexes => Some(build_all(indexes, &name, Index::build)?),
            })
            .send()
            .await;
        match created.map_err(SdkError::into_service_error) {
            Ok(_) => {}
            Err(CreateTableError::ResourceInUseException(_)) => return Ok(name),
            Err(error) => return Err(Error::create(&name)(error)),
        }

        if let Some(time_to_live) = self.time_to_live_specification {
            let specification = time_to_live.build().map_err(Error::create(&name))?;
            let request = client
                .update_time_to_live()
                .table_name(&name)
                .time_to_live_specification(specification);
            request.send().await.map_err(Error::create(&name))?;
        }
        Ok(name)
    }
}

type Built<T> = Result<T, aws_sdk_dynamodb::error::BuildError>;

fn build_all<T, U>(declared: Vec<T>, table: &str, build: impl Fn(T) -> Built<U>) -> Result<Vec<U>, Error> {
    declared
        .into_iter()
        .map(build)
        .collect::<Built<_>>()
        .map_err(Error::create(table))
}

impl Attribute {
    fn build(self) -> Built<AttributeDefinition> {
        AttributeDefinition::builder()
            .attribute_name(self.attribute_name)
            .attribute_type(self.attribute_type.as_str().into())
            .build()
    }
}

impl Key {
    fn build(self) -> Built<KeySchemaElement> {
        KeySchemaElement::builder()
            .attribute_name(self.attribute_name)
            .key_type(self.key_type.as_str().into())
            .build()
    }
}

impl Index {
    fn build(self) -> Built<GlobalSecondaryIndex> {
        let projection = Projection::builder()
            .projection_type(self.projection.projection_type.as_str().into())
            .set_non_key_attributes(self.projection.non_key_attributes);
        GlobalSecondaryIndex::builder()
            .index_name(self.name)
            .set_key_schema(Some(
                self.key_schema
                    .into_iter()
                    .map(Key::build)
                    .collect::<Built<_>>()?,
            ))
            .projection(projection.build())
            .build()
    }
}

impl TimeToLive {
    fn build(self) -> Built<TimeToLiveSpecification> {
        TimeToLiveSpecification::builder()
            .attribute_name(self.attribute_name)
            .enabled(self.enabled)
            .build()
    }
}

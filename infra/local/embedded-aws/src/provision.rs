use std::collections::BTreeMap;

use aws_config::SdkConfig;
use aws_sdk_sesv2::error::SdkError;
use aws_sdk_sesv2::operation::create_email_identity::CreateEmailIdentityError;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::queue::{CreatedQueue, Queue};
use crate::scope::{Scope, plain_text};
use crate::secret::Secret;
use crate::table::Table;
use crate::{Error, Template};

const FUNCTION: &str = "AWS::Serverless::Function";
const IDENTITY: &str = "AWS::SES::EmailIdentity";
const QUEUE: &str = "AWS::SQS::Queue";
const SECRET: &str = "AWS::SecretsManager::Secret";
const TABLE: &str = "AWS::DynamoDB::Table";

/// What a template became on a stack, by the template's logical ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provisioned {
    /// Table names.
    pub tables: BTreeMap<String, String>,
    /// Queue URLs.
    pub queues: BTreeMap<String, String>,
    /// ARNs of secrets.
    pub secrets: BTreeMap<String, String>,
    /// Each function's environment variables.
    pub functions: BTreeMap<String, BTreeMap<String, String>>,
}

/// Creates the template's tables, queues, secrets and sender identity, and works out each function's environment. What exists is
/// left alone.
///
/// `parameters` are the template's own, as `sam deploy --parameter-overrides` would give them. Every name contains
/// `Stage`, so stages of different names do not meet.
pub async fn provision(
    config: &SdkConfig,
    template: &Template,
    parameters: &[(&str, &str)],
) -> Result<Provisioned, Error> {
    let mut scope = Scope::new(template, parameters)?;
    let mut provisioned = Provisioned {
        tables: BTreeMap::new(),
        queues: BTreeMap::new(),
        secrets: BTreeMap::new(),
        functions: BTreeMap::new(),
    };

    let dynamodb = aws_sdk_dynamodb::Client::new(config);
    for (id, resource) in template.resources_of(TABLE) {
        let table: Table = read(id, &scope.resolve(&resource.properties)?)?;
        let name = table.create(&dynamodb).await?;
        scope.define(id, name.clone());
        provisioned.tables.insert(id.to_owned(), name);
    }

    let sqs = aws_sdk_sqs::Client::new(config);
    let mut queues: Vec<_> = template.resources_of(QUEUE).collect();
    // Dead-letter queues first: the others refer to them, and they to none.
    queues.sort_by_key(|(_, resource)| resource.properties.get("RedrivePolicy").is_some());
    for (id, resource) in queues {
        let queue: Queue = read(id, &scope.resolve(&resource.properties)?)?;
        let CreatedQueue { url, arn } = queue.create(&sqs).await?;
        scope.define(id, url.clone());
        scope.define(format!("{id}.Arn"), arn);
        provisioned.queues.insert(id.to_owned(), url);
    }

    let secrets = aws_sdk_secretsmanager::Client::new(config);
    for (id, resource) in template.resources_of(SECRET) {
        let secret: Secret = read(id, &scope.resolve(&resource.properties)?)?;
        let arn = secret.create(&secrets).await?;
        scope.define(id, arn.clone());
        provisioned.secrets.insert(id.to_owned(), arn);
    }

    let ses = aws_sdk_sesv2::Client::new(config);
    for (_, resource) in template.resources_of(IDENTITY) {
        let properties = scope.resolve(&resource.properties)?;
        create_identity(&ses, properties["EmailIdentity"].as_str().unwrap_or_default()).await?;
    }

    let shared = &template.globals["Function"]["Environment"]["Variables"];
    for (id, resource) in template.resources_of(FUNCTION) {
        let own = &resource.properties["Environment"]["Variables"];
        let mut environment = BTreeMap::new();
        for variables in [shared, own] {
            for (name, value) in variables.as_object().into_iter().flatten() {
                environment.insert(name.clone(), plain_text(&scope.resolve(value)?));
            }
        }
        provisioned.functions.insert(id.to_owned(), environment);
    }
    Ok(provisioned)
}

async fn create_identity(ses: &aws_sdk_sesv2::Client, address: &str) -> Result<(), Error> {
    let created = ses.create_email_identity().email_identity(address).send().await;
    match created.map_err(SdkError::into_service_error) {
        Ok(_) | Err(CreateEmailIdentityError::AlreadyExistsException(_)) => Ok(()),
        Err(error) => Err(Error::create(address)(error)),
    }
}

fn read<T: DeserializeOwned>(id: &str, properties: &Value) -> Result<T, Error> {
    T::deserialize(properties).map_err(|source| Error::Resource {
        resource: id.to_owned(),
        source,
    })
}

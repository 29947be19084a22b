//! The tasks of a tenant. Nothing of one is readable after it expires.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure, Select};
use jiff::Timestamp;
use provisioning::TenantId;
use serde::Serialize;

use crate::erase::Erasure;
use crate::item::{from_item, to_attribute, to_item};
use crate::keys::{EXPIRES_AT, Item, Partition, instant_text, number};
use crate::seal::seal;
use crate::task_item::{KIND, OWNER, PREFIX, REQUESTED_AT, RESULT, STATUS, Stored, key, status, task};
use crate::{BeginOutcome, Error, Task, TaskFailure, TaskId, TaskKind, TaskRequest, TaskStatus};

/// Behind every sort key with that prefix.
const LAST: &str = "TASK$";

/// A tenant waits for no more tasks of a kind.
const MOST_UNFINISHED: i32 = 3;

/// The Tasks table.
#[derive(Debug, Clone)]
pub struct Tasks {
    client: Client,
    table: String,
}

impl Tasks {
    /// What is in a table.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }

    /// Keeps a task for a worker to do, and gives it as it stands: one that was asked for before, by the same id, goes on
    /// as it is. [`Error::OtherTask`] if that one is of another kind; [`Error::TooManyTasks`] if three others of the kind
    /// are not over. Two at the same moment may both pass, but not many more: it only keeps anybody from piling them up.
    pub async fn start(
        &self,
        tenant: &TenantId,
        id: &TaskId,
        request: &TaskRequest,
        now: Timestamp,
    ) -> Result<Task, Error> {
        const OPERATION: &str = "start a task";
        // What a tenant leaves behind has to go in any case.
        if request.kind() != TaskKind::Disconnection
            && self.unfinished(tenant, request.kind(), now).await? >= MOST_UNFINISHED
        {
            return match self.read(tenant, id, now).await? {
                Some(found) if found.kind == request.kind() => Ok(found),
                Some(_) => Err(Error::OtherTask),
                None => Err(Error::TooManyTasks),
            };
        }
        let mut item = to_item(OPERATION, &Stored::new(request, now))?;
        item.extend(key(tenant, id));
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item.clone()));
        let sent = put
            .condition_expression("attribute_not_exists(pk) OR expires_at <= :now")
            .expression_attribute_values(":now", number(now.as_second()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else {
            return task(OPERATION, tenant, id, item);
        };
        let Some(PutItemError::ConditionalCheckFailedException(failed)) = error.as_service_error() else {
            return Err(Error::of(OPERATION)(error));
        };
        let found = task(OPERATION, tenant, id, failed.item().cloned().unwrap_or_default())?;
        if found.kind == request.kind() {
            Ok(found)
        } else {
            Err(Error::OtherTask)
        }
    }

    /// How many tasks of a kind a tenant waits for.
    async fn unfinished(&self, tenant: &TenantId, kind: TaskKind, now: Timestamp) -> Result<i32, Error> {
        const OPERATION: &str = "count tasks";
        let mut pages = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .select(Select::Count)
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .filter_expression("#kind = :kind AND #status IN (:waiting, :running) AND #expires_at > :now")
            .expression_attribute_names("#kind", KIND)
            .expression_attribute_names("#status", STATUS)
            .expression_attribute_names("#expires_at", EXPIRES_AT)
            .expression_attribute_values(":pk", Partition::of(tenant).value())
            .expression_attribute_values(":prefix", AttributeValue::S(PREFIX.to_owned()))
            .expression_attribute_values(":kind", to_attribute(OPERATION, &kind)?)
            .expression_attribute_values(":waiting", status(TaskStatus::Waiting)?)
            .expression_attribute_values(":running", status(TaskStatus::Running)?)
            .expression_attribute_values(":now", number(now.as_second()))
            .into_paginator()
            .send();
        let mut unfinished = 0;
        while let Some(page) = pages.next().await {
            unfinished += page.map_err(Error::of(OPERATION))?.count;
        }
        Ok(unfinished)
    }

    /// A task with its result; `None` when it has expired.
    pub async fn read(&self, tenant: &TenantId, id: &TaskId, now: Timestamp) -> Result<Option<Task>, Error> {
        const OPERATION: &str = "read a task";
        let found = self.item(OPERATION, tenant, id).await?;
        let task = found.map(|item| task(OPERATION, tenant, id, item)).transpose()?;
        Ok(task.filter(|task| now < task.expires_at))
    }

    /// What a task was asked to do; `None` when it has expired.
    pub async fn request(
        &self,
        tenant: &TenantId,
        id: &TaskId,
        now: Timestamp,
    ) -> Result<Option<TaskRequest>, Error> {
        const OPERATION: &str = "read what a task is to do";
        let found = self.item(OPERATION, tenant, id).await?;
        let stored: Option<Stored> = found.map(|item| from_item(OPERATION, item)).transpose()?;
        let stored = stored.filter(|stored| now < stored.expires_at);
        Ok(stored.map(|stored| stored.request))
    }

    /// Takes a task for one worker, which ends at `until`. `owner` is an id that no other invocation has.
    pub async fn begin(
        &self,
        tenant: &TenantId,
        id: &TaskId,
        owner: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<BeginOutcome, Error> {
        const OPERATION: &str = "begin a task";
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(tenant, id)))
            .update_expression(
                "SET #status = :running, #owner = :owner, busy_until = :until, attempts = attempts + :one",
            )
            .condition_expression(
                "#status IN (:waiting, :running) AND expires_at > :seconds AND \
                 (attribute_not_exists(busy_until) OR busy_until <= :now)",
            )
            .expression_attribute_names("#status", STATUS)
            .expression_attribute_names("#owner", OWNER)
            .expression_attribute_values(":running", status(TaskStatus::Running)?)
            .expression_attribute_values(":waiting", status(TaskStatus::Waiting)?)
            .expression_attribute_values(":owner", AttributeValue::S(owner.to_owned()))
            .expression_attribute_values(":until", number(until.as_millisecond()))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":seconds", number(now.as_second()))
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let error = match sent {
            Ok(output) => {
                let stored: Stored = from_item(OPERATION, output.attributes.unwrap_or_default())?;
                return Ok(begun(stored));
            }
            Err(error) => error,
        };
        let Some(UpdateItemError::ConditionalCheckFailedException(failed)) = error.as_service_error() else {
            return Err(Error::of(OPERATION)(error));
        };
        let Some(item) = failed.item().cloned() else {
            return Ok(BeginOutcome::Over);
        };
        let stored: Stored = from_item(OPERATION, item)?;
        Ok(match (stored.status, stored.busy_until) {
            // The answer to a first attempt was lost, and the SDK repeated it.
            (TaskStatus::Running, Some(_)) if stored.owner.as_deref() == Some(owner) => begun(stored),
            (TaskStatus::Running, Some(until)) if now < stored.expires_at => BeginOutcome::Busy { until },
            _ => BeginOutcome::Over,
        })
    }

    /// Says how far a task has come.
    pub async fn progress(
        &self,
        tenant: &TenantId,
        id: &TaskId,
        stage: &str,
        people: Option<u32>,
    ) -> Result<(), Error> {
        let mut sets = vec![("stage", AttributeValue::S(stage.to_owned()))];
        sets.extend(people.map(|people| ("people", number(people))));
        self.update("note a task's progress", tenant, id, sets).await
    }

    /// Ends a task with its result, which is encrypted.
    pub async fn finish(&self, tenant: &TenantId, id: &TaskId, result: &impl Serialize) -> Result<(), Error> {
        const OPERATION: &str = "finish a task";
        let malformed = || Error::Malformed { operation: OPERATION };
        let text = serde_json::to_vec(result).map_err(|_| malformed())?;
        let sealed = seal(tenant, id, text).map_err(|_| malformed())?;
        let sets = vec![
            (STATUS, status(TaskStatus::Done)?),
            (RESULT, AttributeValue::B(Blob::new(sealed))),
        ];
        self.update(OPERATION, tenant, id, sets).await
    }

    /// Ends a task that cannot have a result.
    pub async fn fail(&self, tenant: &TenantId, id: &TaskId, failure: &TaskFailure) -> Result<(), Error> {
        const OPERATION: &str = "fail a task";
        let sets = vec![
            (STATUS, status(TaskStatus::Failed)?),
            ("failure", to_attribute(OPERATION, failure)?),
        ];
        self.update(OPERATION, tenant, id, sets).await
    }

    /// Leaves a task to whoever is given its message next.
    pub async fn put_back(&self, tenant: &TenantId, id: &TaskId) -> Result<(), Error> {
        let sets = vec![("busy_until", number(0)), (STATUS, status(TaskStatus::Waiting)?)];
        self.update("put a task back", tenant, id, sets).await
    }

    /// Erases the tasks that a tenant had asked for until then, but for disconnections, whose receipts somebody may still
    /// want to see; says how many they were.
    pub async fn erase(&self, tenant: &TenantId, requested_until: Timestamp) -> Result<u32, Error> {
        const OPERATION: &str = "erase tasks";
        let spared = to_attribute(OPERATION, &TaskKind::Disconnection)?;
        let until = instant_text(requested_until);
        let erasure = Erasure {
            client: &self.client,
            table: &self.table,
            tenant,
        };
        let is_meant = |item: &Item| {
            let requested_at = item.get(REQUESTED_AT).and_then(|value| value.as_s().ok());
            item.get(KIND) != Some(&spared) && requested_at.is_none_or(|at| *at <= until)
        };
        erasure.erase(PREFIX, LAST, &[KIND, REQUESTED_AT], is_meant).await
    }

    async fn item(
        &self,
        operation: &'static str,
        tenant: &TenantId,
        id: &TaskId,
    ) -> Result<Option<Item>, Error> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(tenant, id)));
        let read = get.consistent_read(true).send().await;
        Ok(read.map_err(Error::of(operation))?.item)
    }

    /// Writes attributes of a task that is not over. One that was erased meanwhile stays so.
    async fn update(
        &self,
        operation: &'static str,
        tenant: &TenantId,
        id: &TaskId,
        sets: Vec<(&str, AttributeValue)>,
    ) -> Result<(), Error> {
        let terms: Vec<String> = sets
            .iter()
            .map(|(name, _)| format!("#{name} = :{name}"))
            .collect();
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(tenant, id)))
            .update_expression(format!("SET {}", terms.join(", ")))
            .condition_expression("#status = :running")
            .expression_attribute_names("#status", STATUS)
            .expression_attribute_values(":running", status(TaskStatus::Running)?);
        for (name, value) in sets {
            update = update
                .expression_attribute_names(format!("#{name}"), name)
                .expression_attribute_values(format!(":{name}"), value);
        }
        let Err(error) = update.send().await else {
            return Ok(());
        };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(()),
            _ => Err(Error::of(operation)(error)),
        }
    }
}

fn begun(stored: Stored) -> BeginOutcome {
    BeginOutcome::Begun {
        request: stored.request,
        attempt: stored.attempts,
    }
}

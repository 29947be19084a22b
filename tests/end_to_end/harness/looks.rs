//! What came of it: items, messages, mails.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_sqs::types::QueueAttributeName;
use embedded_aws::SentMail;
use jiff::Timestamp;
use provisioning::{Counts, History, TenantId};
use serde_json::Value;
use tenant_store::{Attention, AttentionCause, RunStatus};

use super::World;
use super::stack::stack;

/// Items by their sort key.
pub(crate) type Items = BTreeMap<String, HashMap<String, AttributeValue>>;

/// What an undisturbed run and one with accidents must have in common.
pub(crate) struct Outcome {
    accounts: Items,
    history: History,
    is_suspected: bool,
    attention: Option<AttentionCause>,
    next_due_at: Option<Timestamp>,
    run: (Timestamp, RunStatus, Counts),
}

/// When and how often an account was written, which accidents may change.
const OF_THE_WRITING: [&str; 5] = ["fence", "created_at", "updated_at", "deactivated_at", "last_run"];

impl Outcome {
    /// What is not the same, item by item.
    pub(crate) fn differences(&self, other: &Self) -> Vec<String> {
        let of_account =
            |outcome: &Self, key: &String| outcome.accounts.get(key).cloned().unwrap_or_default();
        let mut differences = Vec::new();
        for key in self.accounts.keys().chain(other.accounts.keys()) {
            let (mine, others) = (of_account(self, key), of_account(other, key));
            for name in mine
                .keys()
                .chain(others.keys())
                .filter(|name| mine.get(*name) != others.get(*name))
            {
                differences.push(format!(
                    "{key} {name}: {:?}, {:?}",
                    mine.get(name),
                    others.get(name)
                ));
            }
        }
        let rest = |outcome: &Self| {
            let Self {
                accounts: _,
                history,
                is_suspected,
                attention,
                next_due_at,
                run,
            } = outcome;
            format!("{history:?} {is_suspected} {attention:?} {next_due_at:?} {run:?}")
        };
        if rest(self) != rest(other) {
            differences.push(format!("{}, {}", rest(self), rest(other)));
        }
        differences
    }
}

impl World {
    /// A tenant's accounts as they are stored.
    pub(crate) async fn accounts(&self, tenant: &TenantId) -> Items {
        let partition = AttributeValue::S(format!("TENANT#{tenant}"));
        let mut accounts = Items::new();
        for item in self.scan("AccountsTable").await {
            if item["pk"] == partition {
                accounts.insert(item["sk"].as_s().unwrap().clone(), item);
            }
        }
        accounts
    }

    /// Every item of a table, by the table's name in the template.
    pub(crate) async fn scan(&self, table: &str) -> Vec<HashMap<String, AttributeValue>> {
        let client = aws_sdk_dynamodb::Client::new(&self.aws);
        let pages = client
            .scan()
            .table_name(&self.system.provisioned.tables[table])
            .consistent_read(true)
            .into_paginator();
        pages.items().send().collect::<Result<_, _>>().await.unwrap()
    }

    /// Everything about a tenant that accidents must not change.
    pub(crate) async fn outcome(&self, tenant: &TenantId) -> Outcome {
        let mut accounts = self.accounts(tenant).await;
        for account in accounts.values_mut() {
            account.retain(|name, _| !OF_THE_WRITING.contains(&name.as_str()));
        }
        let state = self.system.tenants.run_state(tenant).await.unwrap().unwrap();
        assert!(state.run_done && state.lease_owner.is_none(), "{state:?}");
        let run = self.last_run(tenant).await;
        Outcome {
            accounts,
            history: state.history,
            is_suspected: state.suspicion.is_some(),
            attention: state.attention.map(|attention| attention.cause),
            next_due_at: state.next_due_at,
            run: (run.due_at, run.status, run.applied),
        }
    }

    /// How many messages are in a queue, visible or not.
    pub(crate) async fn messages(&self, queue: &str) -> u32 {
        use QueueAttributeName as Name;
        let counts = [
            Name::ApproximateNumberOfMessages,
            Name::ApproximateNumberOfMessagesNotVisible,
            Name::ApproximateNumberOfMessagesDelayed,
        ];
        let attributes = aws_sdk_sqs::Client::new(&self.aws)
            .get_queue_attributes()
            .queue_url(&self.system.provisioned.queues[queue])
            .set_attribute_names(Some(counts.to_vec()))
            .send();
        let attributes = attributes.await.unwrap().attributes.unwrap_or_default();
        let count = |name| {
            attributes
                .get(name)
                .map_or(0, |count| count.parse::<u32>().unwrap())
        };
        counts.iter().map(count).sum()
    }

    pub(crate) async fn assert_no_dead_letters(&self) {
        for queue in [
            "SyncDeadLetters",
            "InteractiveDeadLetters",
            "FailureEmailsDeadLetters",
        ] {
            assert_eq!(self.messages(queue).await, 0, "{queue}");
        }
    }

    /// Puts a message into a queue.
    pub(crate) async fn send(&self, queue: &str, body: &str) {
        let client = aws_sdk_sqs::Client::new(&self.aws);
        let send = client
            .send_message()
            .queue_url(&self.system.provisioned.queues[queue]);
        send.message_body(body).send().await.unwrap();
    }

    /// Asks for the run that a tenant is due for, without the schedule.
    pub(crate) async fn request(&self, tenant: &TenantId, due_at: Timestamp) {
        let body = serde_json::json!({"tenant": tenant, "dueAt": due_at});
        self.send("SyncQueue", &body.to_string()).await;
    }

    /// The mails to a tenant's contact.
    pub(crate) async fn mails(&self, tenant: &TenantId) -> Vec<SentMail> {
        let mut mails = stack().await.sent_mails().await.unwrap();
        mails.retain(|mail| mail.to == [self.contact(tenant)]);
        mails
    }

    /// Why only a person can mend a tenant's connection, if that is so.
    pub(crate) async fn attention(&self, tenant: &TenantId) -> Option<Attention> {
        let state = self.system.tenants.run_state(tenant).await.unwrap();
        state.unwrap().attention
    }

    /// For how many seconds a message was last handed back.
    pub(crate) fn handed_back_for(&self) -> i64 {
        let sent = self.network.sent();
        let last = sent
            .iter()
            .rfind(|call| call.operation == "ChangeMessageVisibility")
            .unwrap();
        let last: Value = serde_json::from_str(&last.body).unwrap();
        last["VisibilityTimeout"].as_i64().unwrap()
    }
}

//! A company, its team, and its nights.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use embedded_aws::{EmbeddedAws, Faults, SAMPLE_PARAMETERS, TEMPLATE, Template, provision};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use provisioning::{
    AccountId, Basis, Employee, FieldSet, FieldValue, History, Mapping, Plan, Policy, Reading, Reconciler,
    TenantId, Today,
};
use serde_json::{Value, json};
use team_directory::{Account, Applied, Error, Team, TeamDirectory, WriteContext};

/// One person as HiBob shows them, by field id; a field that is not in it is empty.
pub(crate) type Person = HashMap<&'static str, Value>;

pub(crate) fn person(id: &str, email: &str) -> Person {
    HashMap::from([
        ("root.id", json!(id)),
        ("root.email", json!(email)),
        ("internal.status", json!("Active")),
        ("internal.lifecycleStatus", json!("employed")),
        ("work.startDate", json!("2020-01-01")),
        ("work.title", json!("Analyst")),
    ])
}

/// The table of accounts with one team, and the network to it.
pub(crate) struct Company {
    _aws: EmbeddedAws,
    pub(crate) client: Client,
    pub(crate) table: String,
    pub(crate) faults: Faults,
    pub(crate) team: Team,
    mapping: Mapping,
    policy: Policy,
    history: History,
    fence: u64,
}

pub(crate) fn tenant(id: &str) -> TenantId {
    id.parse().unwrap()
}

pub(crate) fn account(employee: &str) -> AccountId {
    AccountId::of_employee(&employee.parse().unwrap())
}

fn mapping() -> Mapping {
    let source = |id: &str, field_type: &str| json!([{ "id": id, "type": field_type, "category": { "id": "work", "name": "Work" } }]);
    serde_json::from_value(json!({ "entries": [
        { "target": "email", "sources": source("root.email", "text") },
        { "target": "jobTitle", "sources": source("work.title", "text") },
        { "target": "teams", "sources": source("work.teams", "multi-list") },
        { "target": "custom:Shirt size", "sources": source("about.shirt", "text") },
        { "target": "reportsTo", "sources": source("work.reportsTo", "employee-reference") },
    ] }))
    .unwrap()
}

impl Company {
    pub(crate) async fn start() -> Self {
        let aws = EmbeddedAws::start(None).await.unwrap();
        let template = Template::parse(TEMPLATE).unwrap();
        let provisioned = provision(&aws.sdk_config(), &template, &SAMPLE_PARAMETERS)
            .await
            .unwrap();
        let (faults, config) = Faults::before(&aws.sdk_config());
        let client = Client::new(&config);
        let table = provisioned.tables["AccountsTable"].clone();
        let team = TeamDirectory::new(client.clone(), &table).team(&tenant("acme"));
        let (policy, history) = (Policy::default(), History::default());
        Self {
            _aws: aws,
            client,
            table,
            faults,
            team,
            mapping: mapping(),
            policy,
            history,
            fence: 0,
        }
    }

    pub(crate) fn context(&self, day: Date) -> WriteContext {
        let due_at = day.at(2, 30, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp();
        WriteContext {
            fence: self.fence,
            due_at,
            now: due_at,
            team_was_empty: false,
        }
    }

    /// Maps so many custom fields besides the address.
    pub(crate) fn map_custom_fields(&mut self, count: usize) {
        let entry = |target: &str, id: &str| {
            let source = json!({ "id": id, "type": "text", "category": { "id": "work", "name": "Work" } });
            json!({ "target": target, "sources": [source] })
        };
        let custom = (0..count).map(|n| entry(&format!("custom:Field {n}"), custom_field(n)));
        let entries: Vec<_> = std::iter::once(entry("email", "root.email"))
            .chain(custom)
            .collect();
        self.mapping = serde_json::from_value(json!({ "entries": entries })).unwrap();
    }

    /// What a night would do.
    pub(crate) async fn plan(&self, people: &[Person], now: Timestamp) -> Plan {
        let today = Today::new(now, TimeZone::UTC);
        let fields = Basis::fields(&self.mapping, &self.policy);
        let basis = Basis {
            mapping: &self.mapping,
            policy: &self.policy,
            fields: &fields,
            today: &today,
            history: &self.history,
            removals_seen: true,
        };
        let mut reconciler = Reconciler::new(self.team.heads().await.unwrap(), basis);
        for person in people {
            reconciler.observe(&employee(person, &fields));
        }
        let mut draft = reconciler.finish().unwrap();
        for stored in self.team.read(&draft.to_compare()).await.unwrap() {
            draft.compare(&stored);
        }
        draft.into_plan()
    }

    /// A night of its own lease, and what was done by it.
    pub(crate) async fn night(&mut self, day: Date, people: &[Person]) -> Result<Applied, Error> {
        self.fence += 1;
        let mut context = self.context(day);
        context.team_was_empty = self.team.heads().await.unwrap().is_empty();
        let (changes, targets, _) = self.plan(people, context.now).await.into_parts();
        let mut applied = Applied::default();
        self.team
            .apply(&changes, &targets, &context, &mut applied)
            .await
            .map(|()| applied)
    }

    /// Whether a night would have nothing to write.
    pub(crate) async fn is_settled(&self, day: Date, people: &[Person]) -> bool {
        self.plan(people, self.context(day).now).await.is_empty()
    }

    pub(crate) async fn account(&self, employee: &str) -> Account {
        self.team.get(&account(employee)).await.unwrap().unwrap()
    }

    pub(crate) async fn item(&self, id: &AccountId) -> HashMap<String, AttributeValue> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .consistent_read(true);
        let get = get
            .key("pk", text("TENANT#acme"))
            .key("sk", text(&format!("ACCOUNT#{id}")));
        get.send().await.unwrap().item.unwrap()
    }

    /// Writes an attribute of an account as HiThrive itself would.
    pub(crate) async fn set(&self, id: &AccountId, attribute: &str, value: AttributeValue) {
        let update = self.client.update_item().table_name(&self.table);
        let update = update
            .key("pk", text("TENANT#acme"))
            .key("sk", text(&format!("ACCOUNT#{id}")));
        let update = update
            .update_expression("SET #a = :a")
            .expression_attribute_names("#a", attribute);
        update
            .expression_attribute_values(":a", value)
            .send()
            .await
            .unwrap();
    }
}

/// The id of a custom field of the source.
pub(crate) fn custom_field(number: usize) -> &'static str {
    format!("work.custom.field_{number}").leak()
}

pub(crate) fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn employee(person: &Person, fields: &FieldSet) -> Employee {
    let value = |id: &str| match person.get(id) {
        Some(machine) => FieldValue::Present(Reading {
            machine: machine.clone(),
            human: None,
        }),
        None => FieldValue::Empty,
    };
    Employee::new(fields.ids().iter().map(|id| value(id.as_str())).collect())
}

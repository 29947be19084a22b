//! The template agrees with the workspace, and with itself.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use embedded_aws::{Resource, TEMPLATE, Template};
use serde_json::{Value, json};

const FUNCTION: &str = "AWS::Serverless::Function";

#[test]
fn each_package_with_an_entry_point_is_a_function_and_each_function_such_a_package() {
    let template = Template::parse(TEMPLATE).unwrap();
    let packages: BTreeSet<String> = std::fs::read_dir(root().join("functions"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("src/main.rs").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();

    let functions: BTreeSet<String> = template
        .resources_of(FUNCTION)
        .map(|(id, _)| package_of(id))
        .collect();

    assert_eq!(functions, packages);
}

#[test]
fn each_function_is_built_from_the_package_it_is_named_after() {
    let template = Template::parse(TEMPLATE).unwrap();
    for (id, function) in template.resources_of(FUNCTION) {
        let package = package_of(id);
        let manifest =
            std::fs::read_to_string(root().join("functions").join(&package).join("Cargo.toml")).unwrap();

        assert!(
            manifest.contains(&format!("name = \"{package}\"")),
            "{package} has another name"
        );
        assert_eq!(function.metadata["BuildMethod"], "rust-cargolambda", "{id}");
        assert_eq!(
            function.properties["CodeUri"],
            format!("../functions/{package}"),
            "{id}"
        );
    }
    assert_eq!(template.globals["Function"]["Architectures"], json!(["arm64"]));
    assert_eq!(template.globals["Function"]["Runtime"], "provided.al2023");
}

#[test]
fn each_message_is_one_invocation_that_can_fail_on_its_own() {
    let template = Template::parse(TEMPLATE).unwrap();
    for QueueReader { id, source, .. } in queue_readers(&template) {
        assert_eq!(source["BatchSize"], 1, "{id}");
        assert_eq!(
            source["FunctionResponseTypes"],
            json!(["ReportBatchItemFailures"]),
            "{id}"
        );
    }
}

#[test]
fn a_queue_hides_a_message_for_six_times_its_readers_time_out_unless_somebody_waits_for_it() {
    let template = Template::parse(TEMPLATE).unwrap();
    for QueueReader {
        id, function, queue, ..
    } in queue_readers(&template)
    {
        let time_out = function.properties["Timeout"].as_u64().unwrap();
        // Six times is the margin for throttled batches. At the settings page nobody waits an hour and a half for a worker
        // that died; a message that comes again too early only finds its task taken.
        let hidden = if queue == "InteractiveQueue" {
            time_out + 60
        } else {
            6 * time_out
        };

        assert_eq!(
            template.resources[queue].properties["VisibilityTimeout"], hidden,
            "{id} of {queue}"
        );
    }
}

#[test]
fn each_table_is_encrypted_protected_from_deletion_and_recoverable_unless_it_has_to_forget() {
    let template = Template::parse(TEMPLATE).unwrap();
    for (id, table) in template.resources_of("AWS::DynamoDB::Table") {
        assert_eq!(table.properties["SSESpecification"]["SSEEnabled"], true, "{id}");
        assert_eq!(
            table.properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"],
            id != "TasksTable",
            "{id}"
        );
        assert_eq!(table.properties["DeletionProtectionEnabled"], true, "{id}");
    }
}

#[test]
fn no_role_is_granted_a_wildcard_action_or_every_resource() {
    let template = Template::parse(TEMPLATE).unwrap();
    for (id, role) in template.resources_of("AWS::IAM::Role") {
        assert!(
            role.properties.get("ManagedPolicyArns").is_none(),
            "{id} has a policy that is not its own"
        );
        let policies = role.properties["Policies"].as_array().unwrap();
        for statement in policies
            .iter()
            .flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().unwrap())
        {
            assert!(
                !statement["Action"].to_string().contains('*'),
                "{id}: {statement}"
            );
            assert_ne!(statement["Resource"], "*", "{id}: {statement}");
        }
    }
}

#[test]
fn only_the_connection_api_may_write_tokens_and_only_who_asks_hibob_may_read_them() {
    let template = Template::parse(TEMPLATE).unwrap();
    let allowed = |action: &str| -> Vec<&str> {
        let roles = template.resources_of("AWS::IAM::Role");
        let allowed = roles.filter(|(_, role)| role.properties.to_string().contains(action));
        allowed.map(|(id, _)| id).collect()
    };
    for writes in ["CreateSecret", "PutSecretValue", "DeleteSecret"] {
        assert_eq!(
            allowed(&format!("secretsmanager:{writes}")),
            ["ConnectionApiRole"]
        );
    }
    assert_eq!(
        allowed("secretsmanager:Get"),
        ["ConnectionApiRole", "MappingApiRole", "SyncWorkerRole"]
    );
}

#[test]
fn the_gateway_outlasts_its_functions_and_logs_neither_paths_nor_addresses() {
    let template = Template::parse(TEMPLATE).unwrap();
    for (id, function) in template.resources_of(FUNCTION) {
        let events = function.properties["Events"].as_object().unwrap();
        if events.values().any(|event| event["Type"] == "HttpApi") {
            assert!(function.properties["Timeout"].as_u64().unwrap() < 30, "{id}");
        }
    }
    for (id, api) in template.resources_of("AWS::Serverless::HttpApi") {
        let format = api.properties["AccessLogSettings"]["Format"].as_str().unwrap();
        assert!(serde_json::from_str::<Value>(format).is_ok(), "{id}: {format}");
        for personal in ["path", "sourceIp", "identity", "claims", "userAgent"] {
            assert!(!format.contains(personal), "{id}: {personal}");
        }
    }
}

/// `startup::Metrics` gives each metric one dimension; an alarm on any other would never see a value.
#[test]
fn each_alarm_on_a_metric_of_ours_names_the_function_that_writes_it() {
    let template = Template::parse(TEMPLATE).unwrap();
    let packages: BTreeSet<String> = template
        .resources_of(FUNCTION)
        .map(|(id, _)| package_of(id))
        .collect();
    for (id, alarm) in template.resources_of("AWS::CloudWatch::Alarm") {
        if alarm.properties["Namespace"] == "HiThriveHiBob" {
            let dimensions = alarm.properties["Dimensions"].as_array().unwrap();

            assert_eq!(dimensions.len(), 1, "{id}");
            assert_eq!(dimensions[0]["Name"], "function", "{id}");
            assert!(
                packages.contains(dimensions[0]["Value"].as_str().unwrap()),
                "{id}"
            );
        }
    }
}

/// A function with one of the queues that it reads.
struct QueueReader<'a> {
    id: &'a str,
    function: &'a Resource,
    /// How the function reads the queue.
    source: &'a Value,
    queue: &'a str,
}

fn queue_readers(template: &Template) -> Vec<QueueReader<'_>> {
    let mut readers = Vec::new();
    for (id, function) in template.resources_of(FUNCTION) {
        let events = function.properties["Events"].as_object().unwrap();
        for source in events.values().filter(|event| event["Type"] == "SQS") {
            let source = &source["Properties"];
            let queue = source["Queue"]["Fn::GetAtt"].as_str().unwrap();
            readers.push(QueueReader {
                id,
                function,
                source,
                queue: queue.strip_suffix(".Arn").unwrap(),
            });
        }
    }
    readers
}

/// `SyncWorkerFunction` is the package `sync-worker`.
fn package_of(id: &str) -> String {
    let mut package = String::new();
    for letter in id.strip_suffix("Function").unwrap().chars() {
        if letter.is_ascii_uppercase() && !package.is_empty() {
            package.push('-');
        }
        package.push(letter.to_ascii_lowercase());
    }
    package
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../..")
        .canonicalize()
        .unwrap()
}

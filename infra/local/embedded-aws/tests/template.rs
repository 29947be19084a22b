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
            !["SignInsTable", "TasksTable"].contains(&id),
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
        [
            "ConnectionApiRole",
            "MappingApiRole",
            "SsoApiRole",
            "SyncWorkerRole"
        ]
    );
    let reads = &statement_on(&template, "SsoApiRole", "secretsmanager:GetSecretValue")["Resource"];
    assert_eq!(*reads, json!([{"Ref": "SsoCookieKey"}, {"Ref": "SsoSigningKey"}]));
}

/// The others' rights on secrets are by a prefix of names, and none is told where these are.
#[test]
fn the_keys_of_single_sign_on_are_read_by_nobody_else() {
    let template = Template::parse(TEMPLATE).unwrap();
    for (id, secret) in template.resources_of("AWS::SecretsManager::Secret") {
        let name = secret.properties["Name"]["Fn::Sub"].as_str().unwrap();
        assert!(name.starts_with("hithrive-hibob-sso/${Stage}/"), "{id}: {name}");
    }
    for (id, resource) in &template.resources {
        let properties = resource.properties.to_string();
        let is_told = properties.contains("SsoCookieKey") || properties.contains("SsoSigningKey");
        assert_eq!(
            is_told,
            ["SsoApiFunction", "SsoApiRole"].contains(&id.as_str()),
            "{id}"
        );
    }
}

#[test]
fn single_sign_on_writes_nothing_but_records_of_sign_ins() {
    let template = Template::parse(TEMPLATE).unwrap();
    for (action, table) in [
        ("dynamodb:PutItem", "SignInsTable.Arn"),
        ("dynamodb:GetItem", "SsoSettingsTable.Arn"),
    ] {
        let statement = statement_on(&template, "SsoApiRole", action);
        assert_eq!(statement["Resource"], json!({"Fn::GetAtt": table}), "{action}");
    }
    let role = template.resources["SsoApiRole"].properties.to_string();
    for writes in ["DeleteItem", "BatchWriteItem", "PutSecretValue", "SendMessage"] {
        assert!(!role.contains(writes), "{writes}");
    }
}

#[test]
fn what_everybody_may_ask_of_single_sign_on_has_limits_of_its_own() {
    let template = Template::parse(TEMPLATE).unwrap();
    let limited = template.resources["SettingsApi"].properties["RouteSettings"]
        .as_object()
        .unwrap();
    let mut routes: Vec<String> = Vec::new();
    let events = template.resources["SsoApiFunction"].properties["Events"]
        .as_object()
        .unwrap();
    for event in events.values() {
        let (method, path) = (&event["Properties"]["Method"], &event["Properties"]["Path"]);
        routes.push(format!("{} {}", method.as_str().unwrap(), path.as_str().unwrap()));
    }
    routes.retain(|route| route.contains(" /sso/"));
    routes.sort();
    let mut keys: Vec<&String> = limited.keys().collect();
    keys.sort();
    assert_eq!(keys, routes.iter().collect::<Vec<_>>());
    for (route, limits) in limited {
        assert_eq!(
            limits["ThrottlingRateLimit"],
            json!({"Ref": "SignOnRateLimit"}),
            "{route}"
        );
        assert_eq!(
            limits["ThrottlingBurstLimit"],
            json!({"Ref": "SignOnBurstLimit"}),
            "{route}"
        );
    }
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

/// `startup::Metrics` gives each metric one dimension; an alarm on any other, or by another name, would never see a value.
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
            let package = dimensions[0]["Value"].as_str().unwrap();
            assert!(packages.contains(package), "{id}");
            let metric = alarm.properties["MetricName"].to_string();
            assert!(source_of(package).contains(&metric), "{id}: {metric}");
        }
    }
}

#[test]
fn each_alarm_is_explained() {
    let template = Template::parse(TEMPLATE).unwrap();
    let readme = std::fs::read_to_string(root().join("infra/README.md")).unwrap();
    for (id, alarm) in template.resources_of("AWS::CloudWatch::Alarm") {
        let name = alarm.properties["AlarmName"]["Fn::Sub"].as_str().unwrap();
        let name = name.strip_prefix("hithrive-hibob-${Stage}-").unwrap();
        let rows = readme.lines().filter(|line| line.starts_with("| `"));
        let mut firsts = rows.map(|row| row.split(" | ").next().unwrap());
        assert!(firsts.any(|first| first.contains(&format!("`{name}`"))), "{id}");
    }
}

/// The statement of a role that allows an action.
fn statement_on<'a>(template: &'a Template, role: &str, action: &str) -> &'a Value {
    let policies = template.resources[role].properties["Policies"]
        .as_array()
        .unwrap();
    let mut statements = policies
        .iter()
        .flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().unwrap());
    statements
        .find(|statement| statement["Action"].to_string().contains(action))
        .unwrap()
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

/// All that a function's package is made of, one level deep.
fn source_of(package: &str) -> String {
    let files = std::fs::read_dir(root().join("functions").join(package).join("src")).unwrap();
    let files = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.is_file());
    files.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../..")
        .canonicalize()
        .unwrap()
}

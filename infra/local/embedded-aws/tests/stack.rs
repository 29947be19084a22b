//! What the template describes, used through the SDK. Runs on the embedded stack, or on the one `STACK_URL` names.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use aws_sdk_dynamodb::types::{AttributeValue, TimeToLiveStatus};
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};
use aws_sdk_sqs::types::QueueAttributeName;
use embedded_aws::{
    EmbeddedAws, Provisioned, SAMPLE_PARAMETERS, SentMail, Stack, TEMPLATE, Template, provision,
};

const SENDER: &str = "hello@hithrive.example";

#[tokio::test]
async fn every_table_and_queue_of_the_template_comes_up_under_the_names_its_functions_get() {
    let stack = stack().await;
    let provisioned = provision_as(&stack, "names").await;

    let stage = stage("names");
    assert_eq!(
        provisioned.tables["AccountsTable"],
        format!("hithrive-hibob-{stage}-accounts")
    );
    assert_eq!(
        provisioned.tables.keys().collect::<Vec<_>>(),
        [
            "AccountsTable",
            "NoticesTable",
            "RunsTable",
            "SignInsTable",
            "SsoSettingsTable",
            "TasksTable",
            "TenantsTable"
        ],
    );
    assert_eq!(
        provisioned.queues.keys().collect::<Vec<_>>(),
        [
            "FailureEmailsDeadLetters",
            "FailureEmailsQueue",
            "FanOutDeadLetters",
            "InteractiveDeadLetters",
            "InteractiveQueue",
            "SyncDeadLetters",
            "SyncQueue"
        ],
    );

    assert_eq!(
        provisioned.secrets.keys().collect::<Vec<_>>(),
        ["SsoCookieKey", "SsoSigningKey"],
    );

    let worker = &provisioned.functions["SyncWorkerFunction"];
    assert_eq!(worker["TENANTS_TABLE"], provisioned.tables["TenantsTable"]);
    assert_eq!(worker["SYNC_QUEUE_URL"], provisioned.queues["SyncQueue"]);
    assert_eq!(worker["SECRET_PREFIX"], format!("hithrive-hibob/{stage}/"));
    assert_eq!(worker["HIBOB_BASE_URL"], "https://api.hibob.com/v1");
    assert_eq!(worker["RUST_LOG"], "info");
    assert_eq!(
        provisioned.functions["NightlyFanOutFunction"]["START_SPREAD_SECONDS"],
        "600"
    );
    assert_eq!(
        provisioned.functions["FailureEmailsFunction"]["SENDER_ADDRESS"],
        SENDER
    );
}

#[tokio::test]
async fn provisioning_again_changes_nothing() {
    let stack = stack().await;
    let first = provision_as(&stack, "again").await;

    assert_eq!(provision_as(&stack, "again").await, first);
}

#[tokio::test]
async fn two_stages_on_one_stack_share_nothing() {
    let stack = stack().await;
    let (one, other) = (
        provision_as(&stack, "one").await,
        provision_as(&stack, "other").await,
    );

    assert!(
        one.tables
            .values()
            .all(|name| !other.tables.values().any(|taken| taken == name))
    );
    assert!(
        one.queues
            .values()
            .all(|url| !other.queues.values().any(|taken| taken == url))
    );
}

#[tokio::test]
async fn the_index_by_due_is_sorted_and_tenants_expire_by_expires_at() {
    let stack = stack().await;
    let tables = provision_as(&stack, "by-due").await.tables;
    let client = aws_sdk_dynamodb::Client::new(&stack.sdk_config());
    for (tenant, due) in [
        ("late", "2026-11-24T02:45:00Z"),
        ("early", "2026-11-24T02:30:00Z"),
    ] {
        let item = [
            ("pk", format!("TENANT#{tenant}")),
            ("sk", "RUNSTATE".to_owned()),
            ("due_shard", "07".to_owned()),
            ("next_due_at", due.to_owned()),
        ];
        let mut put = client.put_item().table_name(&tables["TenantsTable"]);
        for (name, value) in item {
            put = put.item(name, AttributeValue::S(value));
        }
        put.send().await.unwrap();
    }

    let due = client
        .query()
        .table_name(&tables["TenantsTable"])
        .index_name("by-due")
        .key_condition_expression("due_shard = :shard AND next_due_at <= :now")
        .expression_attribute_values(":shard", AttributeValue::S("07".to_owned()))
        .expression_attribute_values(":now", AttributeValue::S("2026-11-24T02:50:00Z".to_owned()))
        .send()
        .await
        .unwrap();
    let found: Vec<_> = due
        .items()
        .iter()
        .map(|item| item["pk"].as_s().unwrap().as_str())
        .collect();
    assert_eq!(found, ["TENANT#early", "TENANT#late"]);

    let expiry = client
        .describe_time_to_live()
        .table_name(&tables["TenantsTable"])
        .send()
        .await
        .unwrap();
    let expiry = expiry.time_to_live_description.unwrap();
    assert_eq!(expiry.time_to_live_status, Some(TimeToLiveStatus::Enabled));
    assert_eq!(expiry.attribute_name.as_deref(), Some("expires_at"));
}

#[tokio::test]
async fn a_message_received_too_often_moves_to_the_dead_letters() {
    let stack = stack().await;
    let queues = provision_as(&stack, "redrive").await.queues;
    let client = aws_sdk_sqs::Client::new(&stack.sdk_config());
    let (queue, dead_letters) = (&queues["FailureEmailsQueue"], &queues["FailureEmailsDeadLetters"]);
    client
        .send_message()
        .queue_url(queue)
        .message_body("not JSON")
        .send()
        .await
        .unwrap();

    let mut received = 0;
    while let Some(message) = receive(&client, queue).await {
        received += 1;
        assert_eq!(message.body(), Some("not JSON"));
        let back = client
            .change_message_visibility()
            .queue_url(queue)
            .visibility_timeout(0);
        back.receipt_handle(message.receipt_handle().unwrap())
            .send()
            .await
            .unwrap();
    }

    assert_eq!(received, 5);
    assert_eq!(
        receive(&client, dead_letters).await.unwrap().body(),
        Some("not JSON")
    );
}

#[tokio::test]
async fn the_sync_queue_hides_a_message_for_six_times_the_workers_time_out() {
    let stack = stack().await;
    let queues = provision_as(&stack, "visibility").await.queues;

    let attributes = aws_sdk_sqs::Client::new(&stack.sdk_config())
        .get_queue_attributes()
        .queue_url(&queues["SyncQueue"])
        .attribute_names(QueueAttributeName::All)
        .send()
        .await
        .unwrap()
        .attributes
        .unwrap();

    assert_eq!(attributes[&QueueAttributeName::VisibilityTimeout], "5400");
}

#[tokio::test]
async fn a_mail_can_be_read_as_it_was_sent() {
    let stack = stack().await;
    provision_as(&stack, "mail").await;
    let recipient = format!("{}@acme.example", stage("mail"));
    let part = |text: &str| Content::builder().data(text).build().unwrap();
    let body = Body::builder()
        .text(part("Reconnect: ü"))
        .html(part("<p>Reconnect: ü</p>"))
        .build();
    let message = Message::builder()
        .subject(part("HiBob needs you"))
        .body(body)
        .build();

    aws_sdk_sesv2::Client::new(&stack.sdk_config())
        .send_email()
        .from_email_address(SENDER)
        .destination(Destination::builder().to_addresses(&recipient).build())
        .content(EmailContent::builder().simple(message).build())
        .send()
        .await
        .unwrap();

    let sent = stack.sent_mails().await.unwrap();
    let received: Vec<_> = sent
        .into_iter()
        .filter(|mail| mail.to.contains(&recipient))
        .collect();
    let expected = SentMail {
        from: SENDER.to_owned(),
        to: vec![recipient],
        subject: "HiBob needs you".to_owned(),
        text: Some("Reconnect: ü".to_owned()),
        html: Some("<p>Reconnect: ü</p>".to_owned()),
    };
    assert_eq!(received, [expected]);
}

#[tokio::test]
async fn a_secret_is_read_as_it_was_last_written() {
    let stack = stack().await;
    let client = aws_sdk_secretsmanager::Client::new(&stack.sdk_config());
    let name = format!("hithrive-hibob/{}/acme", stage("secret"));

    client
        .create_secret()
        .name(&name)
        .secret_string("first")
        .send()
        .await
        .unwrap();
    client
        .put_secret_value()
        .secret_id(&name)
        .secret_string("second")
        .send()
        .await
        .unwrap();

    let secret = client.get_secret_value().secret_id(&name).send().await.unwrap();
    assert_eq!(secret.secret_string(), Some("second"));
}

#[tokio::test]
async fn the_templates_secrets_have_their_values_and_keep_what_was_put_into_them() {
    let stack = stack().await;
    let sso = provision_as(&stack, "keys").await.functions["SsoApiFunction"].clone();
    let client = aws_sdk_secretsmanager::Client::new(&stack.sdk_config());
    let value = async |variable: &str| {
        let secret = client.get_secret_value().secret_id(&sso[variable]).send().await;
        secret.unwrap().secret_string.unwrap()
    };
    let cookie_key = value("SSO_COOKIE_KEY_SECRET").await;
    assert_eq!(cookie_key.len(), 64);
    assert!(cookie_key.chars().all(|one| one.is_ascii_alphanumeric()));
    assert_eq!(value("SSO_SIGNING_KEY_SECRET").await, "{}");

    let put = client
        .put_secret_value()
        .secret_id(&sso["SSO_SIGNING_KEY_SECRET"]);
    put.secret_string("a key").send().await.unwrap();
    assert_eq!(
        provision_as(&stack, "keys").await.functions["SsoApiFunction"],
        sso
    );
    assert_eq!(value("SSO_COOKIE_KEY_SECRET").await, cookie_key);
    assert_eq!(value("SSO_SIGNING_KEY_SECRET").await, "a key");
}

#[tokio::test]
async fn tables_and_secrets_in_a_directory_outlive_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let item = |value: &str| AttributeValue::S(value.to_owned());

    let before = Stack::Embedded(EmbeddedAws::start(Some(directory.path())).await.unwrap());
    let table = provision_as(&before, "restart").await.tables["AccountsTable"].clone();
    let put = aws_sdk_dynamodb::Client::new(&before.sdk_config())
        .put_item()
        .table_name(&table);
    put.item("pk", item("TENANT#acme"))
        .item("sk", item("ACCOUNT#1"))
        .send()
        .await
        .unwrap();
    let secrets = aws_sdk_secretsmanager::Client::new(&before.sdk_config());
    secrets
        .create_secret()
        .name("hithrive-hibob/acme")
        .secret_string("token")
        .send()
        .await
        .unwrap();
    before.shutdown().await;

    let after = Stack::Embedded(EmbeddedAws::start(Some(directory.path())).await.unwrap());
    assert_eq!(
        provision_as(&after, "restart").await.tables["AccountsTable"],
        table
    );
    let get = aws_sdk_dynamodb::Client::new(&after.sdk_config())
        .get_item()
        .table_name(&table);
    let found = get
        .key("pk", item("TENANT#acme"))
        .key("sk", item("ACCOUNT#1"))
        .send()
        .await
        .unwrap();
    assert!(found.item.is_some());
    let secrets = aws_sdk_secretsmanager::Client::new(&after.sdk_config());
    let secret = secrets
        .get_secret_value()
        .secret_id("hithrive-hibob/acme")
        .send()
        .await
        .unwrap();
    assert_eq!(secret.secret_string(), Some("token"));
}

async fn stack() -> Stack {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment is how a test takes an argument"
    )]
    match std::env::var("STACK_URL") {
        Ok(url) => Stack::at(&url),
        Err(_) => Stack::embedded(None).await.unwrap(),
    }
}

async fn provision_as(stack: &Stack, name: &str) -> Provisioned {
    let template = Template::parse(TEMPLATE).unwrap();
    let stage = stage(name);
    let mut parameters = SAMPLE_PARAMETERS.to_vec();
    parameters.push(("Stage", stage.as_str()));
    provision(&stack.sdk_config(), &template, &parameters)
        .await
        .unwrap()
}

/// A stage of this test and this process alone.
fn stage(name: &str) -> String {
    format!("{name}-{}", std::process::id())
}

async fn receive(client: &aws_sdk_sqs::Client, queue: &str) -> Option<aws_sdk_sqs::types::Message> {
    client
        .receive_message()
        .queue_url(queue)
        .send()
        .await
        .unwrap()
        .messages?
        .pop()
}

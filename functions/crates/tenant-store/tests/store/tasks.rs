use provisioning::MappingDocument;
use serde_json::json;
use tenant_store::{
    BeginOutcome, Error, TaskFailure, TaskId, TaskKind, TaskMessage, TaskRequest, TaskStatus,
};

use crate::stack::{Stack, acme, at, tenant};

fn id(first: char) -> TaskId {
    format!("{first}{}", "A".repeat(42)).parse().unwrap()
}

fn preview() -> TaskRequest {
    TaskRequest::Preview {
        mapping: MappingDocument { entries: Vec::new() },
    }
}

async fn begin(stack: &Stack, time: &str) -> BeginOutcome {
    let until = at(24, "10:16:00");
    stack
        .tasks
        .begin(&acme(), &id('A'), at(24, time), until)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_task_is_started_once_begun_and_finished_for_whoever_knows_its_id() {
    let stack = Stack::start().await;
    let (acme, now) = (acme(), at(24, "10:00:00"));
    let task = stack.tasks.start(&acme, &id('A'), &preview(), now).await.unwrap();
    assert_eq!((task.kind, task.status), (TaskKind::Preview, TaskStatus::Waiting));
    assert_eq!(task.expires_at, at(24, "11:00:00"));
    assert_eq!(
        stack.tasks.request(&acme, &id('A'), now).await.unwrap(),
        Some(preview())
    );

    let begun = BeginOutcome::Begun {
        request: preview(),
        attempt: 1,
    };
    assert_eq!(begin(&stack, "10:00:01").await, begun);
    let until = at(24, "10:16:00");
    assert_eq!(begin(&stack, "10:00:02").await, BeginOutcome::Busy { until });
    stack
        .tasks
        .progress(&acme, &id('A'), "people", Some(5000))
        .await
        .unwrap();
    let again = stack
        .tasks
        .start(&acme, &id('A'), &preview(), at(24, "10:01:00"))
        .await
        .unwrap();
    assert_eq!(
        (again.status, again.stage.as_deref()),
        (TaskStatus::Running, Some("people"))
    );
    assert_eq!((again.people, again.requested_at), (Some(5000), now));

    let result = json!({ "people": [{ "name": "Ada" }] });
    stack.tasks.finish(&acme, &id('A'), &result).await.unwrap();
    let done = stack
        .tasks
        .read(&acme, &id('A'), at(24, "10:59:59"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((done.status, done.result), (TaskStatus::Done, Some(result)));
    assert_eq!(begin(&stack, "10:20:00").await, BeginOutcome::Over);
    assert_eq!(
        stack.tasks.read(&tenant("globex"), &id('A'), now).await.unwrap(),
        None
    );
    assert_eq!(stack.tasks.read(&acme, &id('B'), now).await.unwrap(), None);

    let items = stack
        .client
        .scan()
        .table_name(stack.table("TasksTable"))
        .send()
        .await
        .unwrap();
    let stored = format!("{:?}", items.items());
    let key = String::from(id('A'));
    assert!(!stored.contains("Ada") && !stored.contains(&key), "{stored}");
}

#[tokio::test]
async fn after_an_hour_a_task_is_gone_and_its_id_is_free() {
    let stack = Stack::start().await;
    let (acme, now) = (acme(), at(24, "10:00:00"));
    stack.tasks.start(&acme, &id('A'), &preview(), now).await.unwrap();
    let over = at(24, "11:00:00");
    assert_eq!(stack.tasks.read(&acme, &id('A'), over).await.unwrap(), None);
    assert_eq!(stack.tasks.request(&acme, &id('A'), over).await.unwrap(), None);
    assert_eq!(begin(&stack, "11:00:00").await, BeginOutcome::Over);
    let other = stack
        .tasks
        .start(&acme, &id('A'), &TaskRequest::Proof, at(24, "10:59:59"))
        .await;
    assert!(matches!(other, Err(Error::OtherTask)));
    let other = stack
        .tasks
        .start(&acme, &id('A'), &TaskRequest::Proof, over)
        .await
        .unwrap();
    assert_eq!((other.kind, other.requested_at), (TaskKind::Proof, over));
}

#[tokio::test]
async fn a_task_that_is_put_back_is_begun_again_and_a_failed_one_says_why() {
    let stack = Stack::start().await;
    let acme = acme();
    assert_eq!(
        begin(&stack, "10:00:00").await,
        BeginOutcome::Over,
        "there is none"
    );
    stack
        .tasks
        .start(&acme, &id('A'), &TaskRequest::Proof, at(24, "10:00:00"))
        .await
        .unwrap();
    begin(&stack, "10:00:01").await;
    stack.tasks.put_back(&acme, &id('A')).await.unwrap();
    let begun = BeginOutcome::Begun {
        request: TaskRequest::Proof,
        attempt: 2,
    };
    assert_eq!(begin(&stack, "10:00:02").await, begun);
    // Its worker died.
    let begun = BeginOutcome::Begun {
        request: TaskRequest::Proof,
        attempt: 3,
    };
    assert_eq!(begin(&stack, "10:16:00").await, begun);

    let why = TaskFailure {
        problem: "token-refused".to_owned(),
        detail: "HiBob says no.".to_owned(),
    };
    stack.tasks.fail(&acme, &id('A'), &why).await.unwrap();
    stack.tasks.finish(&acme, &id('A'), &1).await.unwrap();
    let failed = stack
        .tasks
        .read(&acme, &id('A'), at(24, "10:17:00"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((failed.status, failed.failure), (TaskStatus::Failed, Some(why)));
    assert_eq!(failed.result, None);
}

#[tokio::test]
async fn erased_tasks_do_not_come_back_and_one_is_spared() {
    let stack = Stack::start().await;
    let acme = acme();
    for (name, time) in [('A', "10:00:00"), ('B', "10:00:00"), ('C', "10:00:01")] {
        stack
            .tasks
            .start(&acme, &id(name), &TaskRequest::Proof, at(24, time))
            .await
            .unwrap();
    }
    begin(&stack, "10:00:01").await;
    assert_eq!(
        stack
            .tasks
            .erase(&acme, at(24, "10:00:00"), &id('B'))
            .await
            .unwrap(),
        1
    );
    stack.tasks.finish(&acme, &id('A'), &1).await.unwrap();
    let left = async |name| {
        let now = at(24, "10:00:02");
        stack.tasks.read(&acme, &id(name), now).await.unwrap().is_some()
    };
    assert_eq!(
        [left('A').await, left('B').await, left('C').await],
        [false, true, true]
    );
}

#[test]
fn a_message_names_tenant_kind_and_task() {
    let message = TaskMessage {
        tenant: acme(),
        kind: TaskKind::Disconnection,
        task: id('A'),
    };
    let written = serde_json::to_value(&message).unwrap();
    let task = String::from(id('A'));
    assert_eq!(
        written,
        json!({ "tenant": "acme", "kind": "disconnection", "task": task })
    );
    assert_eq!(serde_json::from_value::<TaskMessage>(written).unwrap(), message);
}

use embedded_aws::Fault;
use provisioning::MappingDocument;
use serde_json::json;
use tenant_store::{
    BeginOutcome, Disposition, Erased, Error, LeftAccounts, TaskFailure, TaskId, TaskKind, TaskMessage,
    TaskRequest, TaskStatus,
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
    begin_as(stack, time, time).await
}

async fn begin_as(stack: &Stack, owner: &str, time: &str) -> BeginOutcome {
    let until = at(24, "10:16:00");
    stack
        .tasks
        .begin(&acme(), &id('A'), owner, at(24, time), until)
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
async fn erased_tasks_do_not_come_back_and_disconnections_are_spared() {
    let stack = Stack::start().await;
    let acme = acme();
    let requests = [
        ('A', "10:00:00", TaskRequest::Proof),
        ('B', "10:00:00", disconnection()),
        ('C', "10:00:01", TaskRequest::Proof),
    ];
    for (name, time, request) in requests {
        let at = at(24, time);
        stack.tasks.start(&acme, &id(name), &request, at).await.unwrap();
    }
    begin(&stack, "10:00:01").await;
    let erased = stack.tasks.erase(&acme, at(24, "10:00:00")).await.unwrap();
    assert_eq!(erased, 1);
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

#[tokio::test]
async fn a_disconnection_is_kept_for_three_days() {
    let stack = Stack::start().await;
    let started = stack
        .tasks
        .start(&acme(), &id('A'), &disconnection(), at(24, "10:00:00"))
        .await;
    assert_eq!(started.unwrap().expires_at, at(27, "10:00:00"));
    let read = stack.tasks.read(&acme(), &id('A'), at(27, "09:59:59")).await;
    assert!(read.unwrap().is_some());
}

#[tokio::test]
async fn a_begin_whose_answer_was_lost_is_this_worker_s_all_the_same() {
    let stack = Stack::start().await;
    stack
        .tasks
        .start(&acme(), &id('A'), &TaskRequest::Proof, at(24, "10:00:00"))
        .await
        .unwrap();
    stack.faults.fail_next("UpdateItem", 1, Fault::AnswerLost);
    let begun = BeginOutcome::Begun {
        request: TaskRequest::Proof,
        attempt: 1,
    };
    assert_eq!(begin_as(&stack, "a", "10:00:01").await, begun);
    let until = at(24, "10:16:00");
    assert_eq!(
        begin_as(&stack, "b", "10:00:01").await,
        BeginOutcome::Busy { until }
    );
}

#[tokio::test]
async fn a_result_that_no_item_can_hold_is_given_up() {
    let stack = Stack::start().await;
    stack
        .tasks
        .start(&acme(), &id('A'), &TaskRequest::Proof, at(24, "10:00:00"))
        .await
        .unwrap();
    begin(&stack, "10:00:01").await;
    let too_large = "x".repeat(500_000);
    let finished = stack.tasks.finish(&acme(), &id('A'), &too_large).await;
    assert_eq!(finished.unwrap_err().disposition(), Disposition::GiveUp);
}

#[tokio::test]
async fn nobody_piles_up_tasks_of_a_kind() {
    let stack = Stack::start().await;
    let acme = acme();
    let start = async |name, request: &TaskRequest, time| {
        stack.tasks.start(&acme, &id(name), request, at(24, time)).await
    };
    for name in ['A', 'B', 'C'] {
        start(name, &preview(), "10:00:00").await.unwrap();
    }
    let fourth = start('D', &preview(), "10:00:01").await;
    assert!(matches!(fourth, Err(Error::TooManyTasks)));
    let again = start('A', &preview(), "10:00:01").await.unwrap();
    assert_eq!(again.requested_at, at(24, "10:00:00"));
    let other = start('A', &TaskRequest::Proof, "10:00:01").await;
    assert!(matches!(other, Err(Error::OtherTask)));
    start('P', &TaskRequest::Proof, "10:00:01").await.unwrap();

    begin(&stack, "10:00:02").await;
    stack.tasks.finish(&acme, &id('A'), &1).await.unwrap();
    start('D', &preview(), "10:00:03").await.unwrap();
    // Those that nobody ever finished expire.
    start('E', &preview(), "11:00:00").await.unwrap();
    for name in ['V', 'W', 'X', 'Y'] {
        start(name, &disconnection(), "11:00:00").await.unwrap();
    }
}

fn disconnection() -> TaskRequest {
    TaskRequest::Disconnection {
        accounts: LeftAccounts::Keep,
        disconnected_at: at(24, "10:00:00"),
        fence: 2,
        erased: Erased::default(),
    }
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

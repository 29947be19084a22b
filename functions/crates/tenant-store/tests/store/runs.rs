use std::collections::BTreeMap;

use provisioning::{
    ChangeKind, Counts, DeactivationReason, Findings, HoldReason, Refusal, Skip, SkipReason, Withheld,
};
use tenant_store::{ChangeRow, Error, RunRecord, RunRows, RunStatus, Trigger};

use crate::stack::{Stack, acme, at, run};

pub(crate) fn row(number: usize) -> ChangeRow {
    ChangeRow {
        account: format!("hibob-{number}").parse().unwrap(),
        employee: number.to_string().parse().unwrap(),
        kind: if number.is_multiple_of(2) {
            ChangeKind::Create
        } else {
            ChangeKind::Deactivate(DeactivationReason::Left)
        },
        fields: vec!["email".to_owned(), "custom:Shirt size".to_owned()],
        links: false,
    }
}

async fn rows(stack: &Stack) -> RunRows {
    let mut pages = stack.history.rows(&run(24));
    let mut all = RunRows::default();
    while let Some(page) = pages.next().await {
        let RunRows { changes, skips, .. } = page.unwrap();
        all.changes.extend(changes);
        all.skips.extend(skips);
    }
    all
}

#[tokio::test]
async fn a_record_is_read_as_it_was_written() {
    let stack = Stack::start().await;
    let mut record = RunRecord::begun(run(24).due_at, Trigger::Night, 1, at(24, "03:40:00"));
    let withheld = vec![Withheld {
        field: "work.title".parse().unwrap(),
        category: "Work".to_owned(),
    }];
    record.status = RunStatus::Held;
    record.finished_at = Some(at(24, "03:41:00"));
    record.mapping_version = Some(3);
    record.planned = Counts {
        created: 4,
        updated: 3,
        deactivated: 2,
        reactivated: 1,
    };
    record.findings = Findings {
        people: 250,
        skips: BTreeMap::from([(SkipReason::NoEmail, 2), (SkipReason::NotYet, 1)]),
        unreadable: BTreeMap::from([("birthday".to_owned(), 7)]),
        withheld: withheld.clone(),
        ..Findings::default()
    };
    record.refusal = Some(Refusal::LifecycleWithheld { fields: withheld });
    record.hold = Some(HoldReason::TooManyRemovalsInAWeek {
        planned: 11,
        recent: 40,
        limit: 50,
    });
    record.duration_ms = 61_000;
    stack.history.record(&acme(), 5, &record).await.unwrap();
    let read = stack.history.run(&run(24), at(24, "12:00:00")).await.unwrap();
    assert_eq!(read, Some(record.clone()));

    record.refusal = Some(Refusal::AnswerTooSmall {
        people: 7,
        last_people: 100,
    });
    stack.history.record(&acme(), 5, &record).await.unwrap();
    assert_eq!(
        stack.history.run(&run(24), at(24, "12:00:00")).await.unwrap(),
        Some(record)
    );
}

#[tokio::test]
async fn a_later_attempt_replaces_a_record_and_an_earlier_one_does_not() {
    let stack = Stack::start().await;
    let mut record = RunRecord::begun(run(24).due_at, Trigger::Night, 2, at(24, "03:40:00"));
    record.status = RunStatus::Applied;
    stack.history.record(&acme(), 6, &record).await.unwrap();
    let outdated = RunRecord::begun(run(24).due_at, Trigger::Night, 1, at(24, "03:39:00"));
    assert!(matches!(
        stack.history.record(&acme(), 5, &outdated).await,
        Err(Error::LeaseLost)
    ));
    assert_eq!(
        stack.history.run(&run(24), at(24, "12:00:00")).await.unwrap(),
        Some(record)
    );
}

#[tokio::test]
async fn the_last_runs_come_latest_first_without_their_rows_and_expired_ones_not_at_all() {
    let stack = Stack::start().await;
    for day in [22, 23, 24] {
        let record = RunRecord::begun(run(day).due_at, Trigger::Night, 1, run(day).due_at);
        stack.history.record(&acme(), 1, &record).await.unwrap();
        stack
            .history
            .change_log(&run(day), 1)
            .write(vec![row(1)], Vec::new())
            .await
            .unwrap();
    }
    let latest = async |limit, now: &str| {
        let records = stack
            .history
            .latest(&acme(), limit, now.parse().unwrap())
            .await
            .unwrap();
        records
            .into_iter()
            .map(|record| record.due_at)
            .collect::<Vec<_>>()
    };
    let due = |day| run(day).due_at;
    assert_eq!(latest(2, "2026-11-24T12:00:00Z").await, [due(24), due(23)]);
    // 90 days after the night of the 23rd.
    assert_eq!(latest(9, "2027-02-21T03:30:00Z").await, [due(24)]);
}

#[tokio::test]
async fn rows_are_packed_and_come_back_in_order_over_all_attempts() {
    let stack = Stack::start().await;
    let skips: Vec<Skip> = (0..300)
        .map(|number| Skip {
            employee: (number > 0).then(|| number.to_string().parse().unwrap()),
            reason: SkipReason::NoEmail,
        })
        .collect();
    let mut first = stack.history.change_log(&run(24), 9);
    first
        .write((0..600).map(row).collect(), Vec::new())
        .await
        .unwrap();
    first
        .write((600..700).map(row).collect(), Vec::new())
        .await
        .unwrap();
    let mut second = stack.history.change_log(&run(24), 10);
    second
        .write((700..750).map(row).collect(), skips.clone())
        .await
        .unwrap();
    second.write(Vec::new(), Vec::new()).await.unwrap();

    assert_eq!(
        stack
            .faults
            .operations()
            .iter()
            .filter(|operation| *operation == "PutItem")
            .count(),
        3 + 1 + 1 + 2
    );
    let read = rows(&stack).await;
    assert_eq!(read.changes, (0..750).map(row).collect::<Vec<_>>());
    assert_eq!(read.skips, skips);
    let item = stack
        .item(
            "RunsTable",
            "TENANT#acme",
            "CHANGES#2026-11-24T03:30:00Z#0000000009#00000",
        )
        .await
        .unwrap();
    let expires_at: i64 = item["expires_at"].as_n().unwrap().parse().unwrap();
    assert_eq!(expires_at - run(24).due_at.as_second(), 90 * 24 * 3600);
}

#[tokio::test]
async fn rows_with_very_many_fields_are_spread_over_more_items() {
    let stack = Stack::start().await;
    let wide = |number| ChangeRow {
        fields: (0..400).map(|field| format!("custom:{field:080}")).collect(),
        ..row(number)
    };
    stack
        .history
        .change_log(&run(24), 1)
        .write((0..30).map(wide).collect(), Vec::new())
        .await
        .unwrap();
    assert_eq!(rows(&stack).await.changes.len(), 30);
    assert!(
        stack
            .faults
            .operations()
            .iter()
            .filter(|operation| *operation == "PutItem")
            .count()
            > 3
    );
}

#[tokio::test]
async fn records_too_large_for_one_answer_of_the_table_are_one_page_all_the_same() {
    let stack = Stack::start().await;
    for day in 20..25 {
        let mut record = RunRecord::begun(run(day).due_at, Trigger::Night, 1, run(day).due_at);
        record.failure = Some("x".repeat(390_000));
        stack.history.record(&acme(), 1, &record).await.unwrap();
    }
    let (records, next) = stack
        .history
        .page(&acme(), 4, None, at(24, "12:00:00"))
        .await
        .unwrap();
    assert_eq!((records.len(), next), (4, Some(run(21).due_at)));
}

#[tokio::test]
async fn runs_and_rows_are_read_page_by_page() {
    let stack = Stack::start().await;
    for day in [21, 22, 23, 24] {
        let record = RunRecord::begun(run(day).due_at, Trigger::Night, 1, run(day).due_at);
        stack.history.record(&acme(), 1, &record).await.unwrap();
    }
    let noon = at(24, "12:00:00");
    let page = async |limit, before| {
        let (records, next) = stack.history.page(&acme(), limit, before, noon).await.unwrap();
        (
            records
                .into_iter()
                .map(|record| record.due_at)
                .collect::<Vec<_>>(),
            next,
        )
    };
    let due = |day| run(day).due_at;
    assert_eq!(page(2, None).await, (vec![due(24), due(23)], Some(due(23))));
    assert_eq!(page(2, Some(due(23))).await, (vec![due(22), due(21)], None));
    assert_eq!(page(2, Some(at(23, "00:00:00"))).await.0, [due(22), due(21)]);

    let mut log = stack.history.change_log(&run(24), 9);
    let skip = Skip {
        employee: Some("7".parse().unwrap()),
        reason: SkipReason::NoEmail,
    };
    log.write((0..600).map(row).collect(), vec![skip.clone()])
        .await
        .unwrap();
    let (mut all, mut cursor, mut pages) = (RunRows::default(), None, 0);
    loop {
        let (rows, next) = stack
            .history
            .rows_page(&run(24), cursor.as_deref())
            .await
            .unwrap();
        all.changes.extend(rows.changes);
        all.skips.extend(rows.skips);
        pages += 1;
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(all.changes, (0..600).map(row).collect::<Vec<_>>());
    assert_eq!(all.skips, std::slice::from_ref(&skip));
    assert!((4..=5).contains(&pages), "{pages}");
    for forged in ["", "9", "0000000009#00000", "000000000a-00000", "-"] {
        let page = stack.history.rows_page(&run(24), Some(forged)).await;
        assert!(matches!(page, Err(Error::UnknownPage)), "{forged}");
    }
}

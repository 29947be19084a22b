use jiff::Timestamp;
use jiff::civil::date;
use provisioning::{DeactivationReason, Findings, HoldReason};
use tenant_store::{ChangeRow, RunRecord, Trigger};

use super::*;
use crate::program::rows::{Account, Team};

const DUE_AT: Timestamp = Timestamp::constant(1_795_490_000, 0);

fn run(change: impl FnOnce(&mut Run)) -> Run {
    let mut run = Run {
        record: RunRecord::begun(DUE_AT, Trigger::Night, 1, DUE_AT),
        rows: Vec::new(),
        before: Team::new(),
        after: Team::new(),
        needed_attention: false,
        attention: None,
    };
    run.record.status = RunStatus::Applied;
    change(&mut run);
    run
}

/// Without the margin, which a snapshot cannot show.
fn shown(run: &Run, day: Option<&Day>, mails: &[SentMail]) -> String {
    let text = told(&Told {
        name: "Åland & Söhne",
        time_zone: &TimeZone::UTC,
        run,
        day,
        mails,
    });
    text.trim_start().replace("\n  ", "\n")
}

fn updated(fields: &[&str]) -> ChangeRow {
    ChangeRow {
        account: "hibob-1".parse().unwrap(),
        employee: "1".parse().unwrap(),
        kind: ChangeKind::Update,
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        links: false,
    }
}

#[test]
fn a_night_with_changes_names_kinds_fields_and_reasons() {
    let run = run(|run| {
        run.record.applied = Counts {
            created: 3,
            updated: 2,
            deactivated: 1,
            reactivated: 0,
        };
        run.record.planned = run.record.applied;
        run.record.findings = Findings {
            people: 256,
            unresolved_managers: 2,
            skips: [(SkipReason::NotYet, 7), (SkipReason::NeverHere, 21)].into(),
            ..Findings::default()
        };
        let left = ChangeKind::Deactivate(DeactivationReason::Left);
        run.rows = vec![updated(&["jobTitle", "department"]), updated(&["jobTitle"])];
        run.rows.push(ChangeRow {
            kind: left,
            ..updated(&["endDate"])
        });
        let account = |is_active| Account {
            is_active,
            ..Account::default()
        };
        run.after = [("1".to_owned(), account(true)), ("2".to_owned(), account(false))].into();
    });
    let person = || vec!["1".parse().unwrap()];
    let day = Day {
        joined: person(),
        moved: person(),
        ..Day::default()
    };
    insta::assert_snapshot!(shown(&run, Some(&day), &[]), @r"
    Åland & Söhne
      people       256 in HiBob; 1 accounts active, 1 inactive
      HiBob says   1 joined, 1 moved
      changes      3 created, 2 updated, 1 deactivated, 0 reactivated
      fields       department 1, jobTitle 2
      skipped      28: 7 not yet started, 21 gone before the first night
      managers     2 have no account
    ");
}

#[test]
fn withheld_fields_are_told_with_the_category_to_grant_within_the_width() {
    let run = run(|run| {
        let withheld = |field: &str| Withheld {
            field: field.parse().unwrap(),
            category: "Work".to_owned(),
        };
        let fields = [
            "work.title",
            "work.department",
            "work.site",
            "work.startDate",
            "work.reportsTo",
        ];
        run.record.findings.withheld = fields.map(withheld).into();
    });
    let text = shown(&run, Some(&Day::default()), &[]);
    insta::assert_snapshot!(text, @r#"
    Åland & Söhne
      HiBob says   nobody did anything
      changes      nothing to do
      withheld     5 fields, until "Work" is granted: work.title, work.department,
                   work.site, work.startDate, work.reportsTo
    "#);
    assert!(text.lines().all(|line| line.chars().count() + 2 <= WIDTH));
}

#[test]
fn what_needs_a_person_is_told_with_the_mail_that_says_so() {
    let run = run(|run| {
        run.record.status = RunStatus::NeedsAttention;
        run.attention = Some(Attention {
            cause: AttentionCause::TokenRefused,
            since: DUE_AT,
        });
    });
    let mail = SentMail {
        from: "sync@hithrive.example".to_owned(),
        to: vec!["hr@aland-soehne.example".to_owned()],
        subject: "Please reconnect HiBob".to_owned(),
        text: None,
        html: None,
    };
    insta::assert_snapshot!(shown(&run, None, &[mail]), @r"
    Åland & Söhne
      changes      none
      attention    HiBob refuses the token, since 24 November 2026, 03:13
      e-mail       to hr@aland-soehne.example: Please reconnect HiBob
    ");
}

#[test]
fn what_waits_and_what_did_not_take_place_is_told() {
    let run = run(|run| {
        run.record.status = RunStatus::HandedBack;
        run.record.failure = Some("rateLimited".to_owned());
        run.record.held.deactivated = 40;
        run.record.hold = Some(HoldReason::TooManyRemovals {
            planned: 40,
            limit: 25,
        });
    });
    insta::assert_snapshot!(shown(&run, None, &[]), @r"
    Åland & Söhne
      changes      none
      held         0 created, 0 updated, 40 deactivated, 0 reactivated: 40
                   deactivations are planned, 25 are allowed this night
      not done     rateLimited
    ");
}

#[test]
fn differences_are_shown_up_to_a_handful() {
    insta::assert_snapshot!(checked("all is well", &[]).trim(), @"checked      all is well");
    let many: Vec<String> = (0..20).map(|n| format!("person {n} has no account")).collect();
    let text = checked("all is well", &many);
    assert!(text.contains("DIFFERS      person 0 has no account"), "{text}");
    assert!(text.ends_with("and 11 more"), "{text}");
}

#[test]
fn a_heading_names_the_day() {
    assert_eq!(
        heading("Night 1", date(2026, 11, 24)),
        "\nNight 1, Tuesday 24 November 2026"
    );
}

//! What a plan shows of itself before it is carried out.

use serde_json::{Value as Json, json};

use super::person::{DISPLAY_NAME, FIRST_NAME, SITE, employed, staff, terminated};
use super::world::{World, november};
use crate::guard::Refusal;
use crate::plan::Counts;
use crate::preview::{Because, Preview, PreviewedPerson};
use crate::report::Findings;

fn preview(world: &World) -> Preview {
    let mut preview = Preview::of(&world.plan(november(2)).unwrap());
    for account in preview.accounts() {
        if let Some(account) = world.accounts.get(&account) {
            preview.describe(&account.stored());
        }
    }
    preview
}

fn person<'a>(preview: &'a Preview, employee: &str) -> &'a PreviewedPerson {
    let is_meant =
        |person: &&PreviewedPerson| person.employee.as_ref().is_some_and(|id| id.as_str() == employee);
    preview.people.iter().find(is_meant).unwrap()
}

fn shown(preview: &Preview, employee: &str) -> Json {
    serde_json::to_value(person(preview, employee)).unwrap()
}

#[test]
fn a_change_is_shown_with_the_person_and_the_values_before_and_after() {
    let mut world = World::synced(staff(1..=8));
    world.people[0] = employed("1").titled("Lead").reports_to("2");
    world.people[1] = terminated("2", "2026-11-01");
    let preview = preview(&world);
    let counts = Counts {
        updated: 1,
        deactivated: 1,
        ..Counts::default()
    };
    assert_eq!((preview.planned, preview.held), (counts, Counts::default()));
    let promoted = json!({"employee": "1", "account": "hibob-1", "name": "First 1", "email": "p1@example.com",
        "kind": "updated", "reason": null, "because": ["changed", "longest"], "moreEdits": 0, "edits": [
            {"target": "jobTitle", "before": "Analyst", "after": "Lead"},
            {"target": "reportsTo", "before": null, "after": "2"}]});
    assert_eq!(shown(&preview, "1"), promoted);
    let gone = shown(&preview, "2");
    assert_eq!(
        (&gone["kind"], &gone["reason"]),
        (&json!("deactivated"), &json!("left"))
    );
}

#[test]
fn a_newcomer_is_described_by_what_the_new_account_would_get() {
    let world = World::of([employed("1").text(DISPLAY_NAME, "Zoë")]);
    let preview = preview(&world);
    assert!(preview.accounts().is_empty());
    let zoe = person(&preview, "1");
    assert_eq!(zoe.name.as_deref(), Some("Zoë"));
    assert_eq!(zoe.email.as_deref(), Some("p1@example.com"));
    let all = [
        Because::Changed,
        Because::Empty,
        Because::Longest,
        Because::NonAscii,
    ];
    assert_eq!(zoe.because, all);
}

#[test]
fn a_large_plan_shows_twenty_people_the_odd_ones_among_them() {
    let mut people = staff(1..=500);
    people[399] = employed("400").text(SITE, "Kraków");
    people[449] = employed("450").text(FIRST_NAME, &"long ".repeat(20));
    people[479] = employed("480").null(super::person::EMAIL);
    let preview = preview(&World::of(people));
    assert_eq!(preview.people.len(), 20);
    assert_eq!(person(&preview, "400").because, [Because::NonAscii]);
    assert_eq!(person(&preview, "450").because, [Because::Longest]);
    let left_out = shown(&preview, "480");
    assert_eq!(
        (&left_out["kind"], &left_out["reason"]),
        (&json!("skipped"), &json!("noEmail"))
    );
}

/// Two of each kind of change, three with empty, long and odd values each, and four who are left out are one too many.
#[test]
fn with_examples_of_everything_there_are_still_no_more_than_twenty() {
    let mut world = World::synced(staff(1..=60));
    // Deactivated now, to be reactivated.
    for index in 0..2 {
        world.people[index] = terminated(&(index + 1).to_string(), "2026-11-01");
    }
    world.night(2);
    for index in 0..2 {
        world.people[index] = employed(&(index + 1).to_string());
    }
    for index in 2..4 {
        world.people[index] = terminated(&(index + 1).to_string(), "2026-11-01");
    }
    for index in 4..6 {
        world.people[index] = employed(&(index + 1).to_string()).titled("Lead");
    }
    for index in 10..13 {
        world.people[index] = employed(&(index + 1).to_string()).null(SITE);
    }
    for index in 20..23 {
        world.people[index] = employed(&(index + 1).to_string()).text(FIRST_NAME, &"long ".repeat(20));
    }
    for index in 30..33 {
        world.people[index] = employed(&(index + 1).to_string()).text(SITE, "Kraków");
    }
    for id in 70..80 {
        let newcomer = employed(&id.to_string());
        world.people.push(if id < 75 {
            newcomer
        } else {
            newcomer.null(super::person::EMAIL)
        });
    }
    let preview = preview(&world);
    assert_eq!(preview.people.len(), 20);
}

#[test]
fn people_left_out_for_different_reasons_come_before_more_of_the_same() {
    let mut people = staff(1..=9);
    for person in &mut people[..6] {
        *person = person.clone().null(super::person::EMAIL);
    }
    people[8] = employed("9").email("nobody");
    let preview = preview(&World::of(people));
    let reasons: Vec<_> = preview.people.iter().filter_map(|person| person.reason).collect();
    assert_eq!(
        serde_json::to_value(reasons).unwrap(),
        json!(["noEmail", "malformedEmail", "noEmail", "noEmail"])
    );
}

#[test]
fn somebody_left_out_who_has_an_account_is_described_by_it() {
    let mut world = World::synced(staff(1..=3));
    world.people[0] = employed("1").email("p2@example.com");
    let preview = preview(&world);
    let left_out = shown(&preview, "1");
    assert_eq!(
        (&left_out["kind"], &left_out["name"]),
        (&json!("skipped"), &json!("First 1"))
    );
}

#[test]
fn the_same_plan_shows_the_same_people() {
    let world = World::of(staff(1..=300));
    assert_eq!(preview(&world), preview(&world));
}

#[test]
fn an_answer_that_would_be_refused_shows_why() {
    let refused = World::of([]).plan(november(1)).unwrap_err();
    let preview = Preview::refused(refused.refusal, refused.findings);
    assert_eq!(preview.refusal, Some(Refusal::EmptyAnswer));
    assert_eq!(
        (preview.planned.total(), preview.findings),
        (0, Findings::default())
    );
}

//! A draft tried on one person.

use serde_json::{Value, json};

use crate::world::{ACME, World, row};

async fn sample(world: &World, rows: &[Value], person: Option<&str>) -> crate::world::Answer {
    let body = json!({"entries": rows, "person": person});
    world.post("/api/mapping/samples", &body).await
}

fn somebody(world: &World) -> (String, String, String) {
    let company = world.hibob.company(ACME);
    let employee = company.employees().next().unwrap();
    let text = |field: &str| company.value(employee.id(), field).as_str().unwrap().to_owned();
    (text("root.id"), text("root.email"), text("root.firstName"))
}

#[tokio::test]
async fn a_person_can_be_chosen_by_id_or_address() {
    let world = World::connected().await;
    let (id, address, first_name) = somebody(&world);
    let rows = [row("firstName", "root.firstName", "text")];
    for person in [&id, &address] {
        let answer = sample(&world, &rows, Some(person)).await;
        let expected = json!({
            "person": {"employee": id, "email": address, "name": first_name},
            "samples": [{"target": "firstName", "state": "value", "value": first_name, "source": "root.firstName"}]});
        assert_eq!((answer.status, answer.body), (200, expected));
    }
}

#[tokio::test]
async fn only_the_rows_fields_and_those_of_every_run_are_asked_for() {
    let world = World::connected().await;
    let answer = sample(&world, &[row("jobTitle", "work.title", "list")], None).await;
    assert_eq!(
        (answer.status, &answer.body["samples"][0]["state"]),
        (200, &json!("value"))
    );
    let asked: Vec<String> = world
        .hibob
        .requests()
        .into_iter()
        .flat_map(|request| request.fields)
        .collect();
    let control = ["root.id", "root.email", "internal.", "work.startDate"];
    let is_expected =
        |field: &&String| *field == "work.title" || control.iter().any(|control| field.starts_with(control));
    assert!(asked.iter().all(|field| is_expected(&field)), "{asked:?}");
}

#[tokio::test]
async fn a_permission_that_is_missing_shows_beside_the_row() {
    let world = World::connected().await;
    world.hibob.edit_user(ACME, |user| user.forbid("about"));
    let (id, ..) = somebody(&world);
    let answer = sample(&world, &[row("pictureUrl", "about.avatar", "text")], Some(&id)).await;
    assert_eq!(answer.body["samples"][0]["state"], "withheld");
}

#[tokio::test]
async fn somebody_whom_hibob_does_not_show_is_not_found() {
    let world = World::connected().await;
    let rows = [row("jobTitle", "work.title", "list")];
    let answer = sample(&world, &rows, Some("nobody@example.com")).await;
    assert_eq!((answer.status, answer.problem()), (404, "not-found"));
    let answer = sample(&world, &rows, Some("not anybody")).await;
    assert_eq!((answer.status, answer.problem()), (422, "invalid-request"));
}

#[tokio::test]
async fn where_nobody_can_be_seen_there_is_nothing_to_show() {
    let world = World::connected().await;
    world
        .hibob
        .edit_user(ACME, |user| user.access = stand_in_hibob::Access::Nobody);
    let answer = sample(&world, &[row("jobTitle", "work.title", "list")], None).await;
    assert_eq!(
        (answer.status, answer.body),
        (200, json!({"person": null, "samples": []}))
    );
}

#[tokio::test]
async fn a_row_that_cannot_be_is_refused() {
    let world = World::connected().await;
    let answer = sample(&world, &[row("startDate", "work.title", "date")], None).await;
    assert_eq!((answer.status, answer.problem()), (422, "invalid-mapping"));
}

//! What a search, a single read, the metadata and the lists say to a caller who is let in.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Value, json};
use stand_in_hibob::{Access, Company, Employee, EmployeeId, FIELDS, ServiceUser};

use crate::client::{Caller, TODAY, post};

/// Somebody plainly employed who has a manager.
fn somebody(company: &Company) -> EmployeeId {
    let is_plain = |it: &&Employee| {
        company.value(it.id(), "internal.lifecycleStatus") == "employed"
            && company.value(it.id(), "work.manager") != Value::Null
            && company.value(it.id(), "internal.terminationDate") == Value::Null
    };
    company.employees().find(is_plain).unwrap().id()
}

fn email_of(caller: &Caller, id: EmployeeId) -> String {
    caller
        .hibob
        .company("acme")
        .value(id, "root.email")
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn without_fields_the_default_ones_come_and_no_custom_one() {
    let caller = Caller::new();
    let people = caller.people(json!({})).await;

    let person = &people[0];
    for key in [
        "id",
        "companyId",
        "email",
        "firstName",
        "surname",
        "displayName",
        "secondName",
        "avatarUrl",
    ] {
        assert!(person.get(key).is_some(), "{key}");
    }
    assert!(person["work"].get("title").is_some() && person["payroll"]["employment"].get("type").is_some());
    assert!(person["about"].get("avatar").is_some() && person["about"].get("custom").is_none());
    assert!(person["work"].get("customColumns").is_none() && person.get("humanReadable").is_none());
    assert!(person.get("internal").is_none() && person.get("personal").is_none());
}

#[tokio::test]
async fn unknown_and_forbidden_fields_are_left_out_without_a_word() {
    let caller = Caller::new();
    caller
        .hibob
        .edit_user("SERVICE-7", |user| user.forbid("personal"));
    let fields = [
        "root.id",
        "personal.birthDate",
        "personal.communication.slackUsername",
        "employment.type",
        "personal.pronouns",
    ];

    let people = caller.people(json!({ "fields": fields })).await;

    for person in people {
        // The Slack name belongs to another category than its prefix says.
        assert_eq!(
            person["personal"].as_object().unwrap().keys().collect::<Vec<_>>(),
            ["communication"]
        );
        assert!(person.get("employment").is_none());
        assert!(person.get("/personal/birthDate").is_none());
    }
}

#[tokio::test]
async fn a_forbidden_category_takes_its_whole_object_away() {
    let caller = Caller::new();
    caller
        .hibob
        .edit_user("SERVICE-7", |user| user.forbid("lifecycle"));

    let people = caller
        .people(json!({ "fields": ["root.id", "internal.status"] }))
        .await;

    assert!(!people.is_empty());
    assert!(people.iter().all(|person| person.get("internal").is_none()));
}

#[tokio::test]
async fn a_field_moves_with_its_category() {
    let mut company = Company::generate(7, 20, TODAY);
    company.move_field("root.email", "email");
    let caller = Caller::with(
        company,
        ServiceUser::all_seeing("SERVICE-7", "secret").without("email"),
    );

    let people = caller
        .people(json!({ "fields": ["root.id", "root.email"] }))
        .await;
    let metadata = caller.get("/v1/company/people/fields").await.json();

    assert!(
        people
            .iter()
            .all(|person| person.get("email").is_none() && person.get("id").is_some())
    );
    let email = metadata
        .as_array()
        .unwrap()
        .iter()
        .find(|field| field["id"] == "root.email")
        .unwrap();
    assert_eq!(
        (&email["categoryId"], &email["categoryDisplayName"]),
        (&json!("email"), &json!("Email"))
    );
}

#[tokio::test]
async fn access_rights_come_before_the_plea_for_inactive_people() {
    let caller = Caller::new();
    let count = async |access: Access, show_inactive: bool| {
        caller.hibob.edit_user("SERVICE-7", |user| user.access = access);
        caller
            .people(json!({ "fields": ["root.id"], "showInactive": show_inactive }))
            .await
            .len()
    };
    let company = caller.hibob.company("acme");
    let number = |field: &str, value: &str| {
        company
            .employees()
            .filter(|it| company.value(it.id(), field) == value)
            .count()
    };
    let one = BTreeSet::from([somebody(&company)]);

    assert_eq!(count(Access::Everyone, true).await, 120);
    assert_eq!(
        count(Access::Everyone, false).await,
        number("internal.status", "Active")
    );
    assert_eq!(
        count(Access::EmployedOnly, true).await,
        number("internal.lifecycleStatus", "employed")
    );
    assert_eq!(count(Access::Specific(one), true).await, 1);
    assert_eq!(count(Access::Nobody, true).await, 0);
}

#[tokio::test]
async fn both_machine_forms_come_with_human_values_beside_them() {
    let caller = Caller::new();
    let id = caller.hibob.edit("acme", |company| {
        let id = somebody(company);
        company
            .edit(id)
            .set("work.startDate", "2020-09-05")
            .set("personal.birthDate", "1988-02-29")
            .set("payroll.employment.weeklyHours", 45)
            .set("personal.nationality", json!(["Afghan", "Ukrainian"]))
            .set("work.isManager", false)
            .set("work.site", "London (HQ)")
            .set("address.city", Value::Null);
        id
    });
    let company = caller.hibob.company("acme");
    let manager = company.value(id, "work.reportsTo");
    let fields = [
        "root.id",
        "work.startDate",
        "personal.shortBirthDate",
        "payroll.employment.weeklyHours",
        "personal.nationality",
        "work.isManager",
        "work.siteId",
        "work.reportsTo",
        "work.reportsTo.email",
        "address.city",
        "internal.lifecycleStatus",
    ];

    let person = caller.person(&email_of(&caller, id), &fields, "APPEND").await;

    assert_eq!(person["id"], json!(id.to_string()));
    assert_eq!(person["/root/id"], json!({ "value": id.to_string() }));
    assert_eq!(person["address"], json!({ "city": null }));
    assert!(person.get("/address/city").is_none());
    assert_eq!(person["work"]["siteId"], json!(2_606_110));
    assert_eq!(person["work"]["reportsTo"], manager);
    assert_eq!(
        person["/work/reportsTo/email"],
        json!({ "value": manager["email"] })
    );
    assert_eq!(
        person["humanReadable"],
        json!({
            "id": id.to_string(),
            "work": {
                "startDate": "05/09/2020", "isManager": "No", "siteId": "London (HQ)", "reportsTo": manager["displayName"],
            },
            "personal": { "shortBirthDate": "29/02", "nationality": "Afghan,Ukrainian" },
            "payroll": { "employment": { "weeklyHours": "45.00" } },
            "internal": { "lifecycleStatus": "Employed" },
        })
    );
}

#[tokio::test]
async fn replace_puts_human_values_in_the_place_of_machine_values() {
    let caller = Caller::new();
    let id = somebody(&caller.hibob.company("acme"));
    caller.hibob.edit("acme", |company| {
        company
            .edit(id)
            .set("work.startDate", "2020-09-05")
            .set("internal.terminationDate", Value::Null);
    });
    let title = caller
        .hibob
        .company("acme")
        .human_value(id, "work.title")
        .unwrap();

    let fields = ["work.title", "work.startDate", "internal.terminationDate"];
    let person = caller.person(&email_of(&caller, id), &fields, "replace").await;

    assert_eq!(
        person["work"],
        json!({ "title": title, "startDate": "05/09/2020" })
    );
    assert_eq!(person["/work/title"], json!({ "value": title }));
    assert_eq!(person["internal"], json!({ "terminationDate": null }));
    assert!(person.get("humanReadable").is_none());
}

#[tokio::test]
async fn a_full_birth_date_needs_edit_and_a_birthday_does_not() {
    let caller = Caller::new();
    let fields = ["personal.birthDate", "personal.shortBirthDate", "personal.age"];
    let before = caller.people(json!({ "fields": fields })).await;
    caller
        .hibob
        .edit_user("SERVICE-7", |user| user.edit.remove("personal"));

    let after = caller.people(json!({ "fields": fields })).await;

    assert!(
        before
            .iter()
            .all(|person| person["personal"].as_object().unwrap().len() == 3)
    );
    assert!(after.iter().all(|person| {
        person["personal"]
            .as_object()
            .unwrap()
            .keys()
            .eq(["shortBirthDate"])
    }));
}

#[tokio::test]
async fn people_come_in_another_order_each_time() {
    let caller = Caller::new();
    let body = || json!({ "fields": ["root.id"] });

    let (first, second) = (caller.people(body()).await, caller.people(body()).await);

    let sorted = |people: &[Value]| {
        people
            .iter()
            .map(|it| it["id"].to_string())
            .collect::<BTreeSet<_>>()
    };
    assert_ne!(first, second);
    assert_eq!(sorted(&first), sorted(&second));
}

#[tokio::test]
async fn one_person_is_read_by_id_or_by_address_in_any_case() {
    let caller = Caller::new();
    let company = caller.hibob.company("acme");
    let leaver = company
        .employees()
        .find(|it| company.value(it.id(), "internal.lifecycleStatus") == "terminated")
        .unwrap();
    let email = email_of(&caller, leaver.id()).to_uppercase().replace('+', "%2B");
    for identifier in [leaver.id().to_string(), email] {
        let body = json!({ "fields": ["root.id", "internal.status"] });
        let answer = caller
            .send(post(&format!("/v1/people/{identifier}"), &body))
            .await;

        assert_eq!(answer.json()["id"], json!(leaver.id().to_string()));
        assert_eq!(answer.json()["internal"], json!({ "status": "Inactive" }));
    }

    let unknown = caller.send(post("/v1/people/1", &json!({}))).await;
    assert_eq!((unknown.status, unknown.body.len()), (StatusCode::NOT_FOUND, 0));
}

#[tokio::test]
async fn metadata_needs_credentials_and_no_permission() {
    let caller = Caller::new();
    caller.hibob.edit_user("SERVICE-7", |user| user.view.clear());

    let metadata = caller.get("/v1/company/people/fields").await.json();

    assert_eq!(metadata.as_array().unwrap().len(), FIELDS.len());
    let field = |id: &str| {
        metadata
            .as_array()
            .unwrap()
            .iter()
            .find(|field| field["id"] == id)
            .unwrap()
            .clone()
    };
    assert_eq!(
        field("work.title"),
        json!({
            "id": "work.title", "category": "work", "categoryId": "work", "categoryDisplayName": "Work", "name": "Job title",
            "description": null, "jsonPath": "work.title", "type": "list", "typeData": { "listId": "title" }, "historical": true,
        })
    );
    assert_eq!(
        (
            &field("root.firstName")["jsonPath"],
            &field("root.firstName")["typeData"]
        ),
        (&json!("firstName"), &json!({}))
    );
}

#[tokio::test]
async fn lists_are_named_case_sensitively() {
    let caller = Caller::new();
    let all = caller
        .get("/v1/company/named-lists?includeArchived=false")
        .await
        .json();
    let one = caller
        .get("/v1/company/named-lists/terminationreason")
        .await
        .json();
    let wrong = caller.get("/v1/company/named-lists/terminationReason").await;

    assert_eq!(all["terminationreason"], one);
    assert_eq!(one["items"], one["values"]);
    assert_eq!(
        all["site"]["items"][0],
        json!({ "id": 2_606_110, "value": "London (HQ)", "name": "London (HQ)" })
    );
    assert_eq!((wrong.status, wrong.body.len()), (StatusCode::NOT_FOUND, 0));
}

#[tokio::test]
async fn the_old_list_of_all_people_is_empty_or_gone() {
    let caller = Caller::new();
    assert_eq!(
        caller.get("/v1/people?showInactive=true").await.json(),
        json!({ "employees": [] })
    );

    caller.hibob.remove_all_people(true);

    assert_eq!(caller.get("/v1/people").await.status, StatusCode::NOT_FOUND);
}

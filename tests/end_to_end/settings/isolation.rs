//! No admin reaches another tenant, on any route. The routes come from the OpenAPI documents, so that a new one cannot be
//! forgotten: without ids for its parameters this fails.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use provisioning::TenantId;
use serde_json::{Value, json};
use stand_in_hibob::Company;

use super::admin::{Admin, entries};
use crate::harness::{World, company, run};

/// What is never to be found in an answer to another tenant.
const MARK: &str = "belongs-to-b";

/// One operation of the documents.
struct Operation {
    method: String,
    path: String,
    parameters: Vec<String>,
    has_body: bool,
}

fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    for document in [connection_api::open_api(), mapping_api::open_api()] {
        let document = serde_json::to_value(document).unwrap();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                if operation["security"] == json!([{}]) || operation["security"] == json!([]) {
                    continue;
                }
                let parameters = operation["parameters"].as_array().into_iter().flatten();
                let of_path = parameters.filter(|parameter| parameter["in"] == "path");
                operations.push(Operation {
                    method: method.to_uppercase(),
                    path: path.clone(),
                    parameters: of_path.map(|p| p["name"].as_str().unwrap().to_owned()).collect(),
                    has_body: operation.get("requestBody").is_some(),
                });
            }
        }
    }
    assert!(operations.len() > 20, "the documents list too few routes");
    operations
}

/// Everything that is stored of a tenant, and its secret.
async fn everything(world: &World, tenant: &TenantId) -> String {
    let mut all = BTreeMap::new();
    for table in world.system.provisioned.tables.keys() {
        for item in world.scan(table).await {
            if item["pk"].as_s().unwrap() == &format!("TENANT#{tenant}") {
                let sorted: BTreeMap<_, _> = item.iter().map(|(name, value)| (name, shown(value))).collect();
                all.insert(
                    (table.clone(), item["sk"].as_s().unwrap().clone()),
                    format!("{sorted:?}"),
                );
            }
        }
    }
    let secret = world.system.vault.service_user(tenant).await.map(|user| user.id);
    format!("{all:#?} {secret:?}")
}

/// A value in an order of its own, which its maps do not have.
fn shown(value: &AttributeValue) -> String {
    match value {
        AttributeValue::M(members) => {
            let members: BTreeMap<_, _> = members.iter().map(|(name, value)| (name, shown(value))).collect();
            format!("{members:?}")
        }
        AttributeValue::L(items) => format!("{:?}", items.iter().map(shown).collect::<Vec<_>>()),
        plain => format!("{plain:?}"),
    }
}

fn marked(mut company: Company) -> Company {
    for id in crate::harness::ids(&company) {
        company.edit(id).set("root.firstName", MARK);
    }
    company
}

#[test]
fn an_admin_reaches_nothing_of_another_tenant_on_any_route() {
    run(async {
        let (world, a) = World::with(company(41, 6)).await;
        let b = world.connect("other", marked(company(42, 6))).await;
        world.night().await;
        let admin_a = Admin::of(&world, &a);
        let admin_b = Admin::of(&world, &b);

        // Something of B's for every parameter.
        let run = admin_b.sync_now().await["id"].as_str().unwrap().to_owned();
        let proof = admin_b.start("/api/connection/proofs", Value::Null).await;
        let preview = admin_b
            .start("/api/mapping/previews", json!({"entries": entries()}))
            .await;
        world.system.work().await.unwrap();
        let person = world.accounts(&b).await.into_values().next().unwrap();
        let person = person["hibob_id"].as_s().unwrap().clone();
        // A's own runs are at other instants.
        world.system.clock.advance(SignedDuration::from_mins(10));

        let before = everything(&world, &b).await;
        for operation in operations() {
            let Operation {
                method,
                path,
                parameters,
                has_body,
            } = &operation;
            for task in [&proof, &preview] {
                let mut asked = path.clone();
                for parameter in parameters {
                    let id = match parameter.as_str() {
                        "run" => run.clone(),
                        "task" => task.clone(),
                        unknown => panic!("{path}: which id of another tenant is {unknown:?}?"),
                    };
                    asked = asked.replace(&format!("{{{parameter}}}"), &id);
                }
                let bodies = if *has_body {
                    vec![
                        json!({"tenant": b.as_str(), "person": person, "query": MARK}),
                        json!({"person": person}),
                        json!({"query": MARK}),
                        json!({"entries": entries(), "person": person}),
                        json!({"entries": entries(), "preview": preview}),
                        json!({"accounts": [format!("hibob-{person}")]}),
                    ]
                } else {
                    vec![Value::Null]
                };
                for body in bodies {
                    let headers = [
                        ("x-tenant", b.as_str()),
                        ("tenant", b.as_str()),
                        ("if-match", "\"1\""),
                    ];
                    let got = admin_a
                        .send(method, &format!("{asked}?tenant={b}"), &headers, &body)
                        .await;
                    let status = got.status.as_u16();
                    assert!(status < 500, "{method} {asked}: {status} {}", got.body);
                    assert!(
                        !got.body.to_string().contains(MARK),
                        "{method} {asked} shows another tenant's: {}",
                        got.body
                    );
                    assert!(
                        body["tenant"].is_null() || status == 400,
                        "{method} {asked} takes a tenant: {status}"
                    );
                    if !parameters.is_empty() && method == "GET" {
                        let got = admin_a.get(&asked).await;
                        assert_eq!(got.status.as_u16(), 404, "{method} {asked}: {}", got.body);
                    }
                }
            }
            assert_eq!(
                everything(&world, &b).await,
                before,
                "{method} {path} has changed another tenant"
            );
        }
    });
}

use serde_json::Value;

fn document() -> Value {
    serde_json::to_value(sso_api::open_api()).unwrap()
}

/// Every `$ref` in a part of the document.
fn references(part: &Value, found: &mut Vec<String>) {
    match part {
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    ("$ref", Value::String(target)) => found.push(target.clone()),
                    _ => references(member, found),
                }
            }
        }
        Value::Array(members) => members.iter().for_each(|member| references(member, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 10);
    for target in found {
        let pointer = target.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{target}");
    }
}

#[test]
fn every_route_says_what_it_is_for_and_where_it_leads() {
    for (path, item) in document()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(operation["summary"].is_string(), "{method} {path}");
            assert!(operation["operationId"].is_string(), "{method} {path}");
            let statuses: Vec<&String> = operation["responses"].as_object().unwrap().keys().collect();
            assert!(
                statuses
                    .iter()
                    .any(|status| status.starts_with('2') || status.starts_with('3')),
                "{method} {path}"
            );
        }
    }
}

#[test]
fn only_the_redemption_needs_a_token_and_it_is_not_an_administrators() {
    let document = document();
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            let is_public = operation["security"] == serde_json::json!([{}]);
            assert_eq!(is_public, path != "/sso/redeem", "{path}");
        }
    }
    let refused = &document["paths"]["/sso/redeem"]["post"]["responses"]["403"]["content"];
    let kinds = refused["application/problem+json"]["examples"]
        .as_object()
        .unwrap();
    assert_eq!(kinds.keys().collect::<Vec<_>>(), ["backend-only"]);
}

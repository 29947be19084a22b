use serde_json::Value;

fn document() -> Value {
    serde_json::to_value(connection_api::open_api()).unwrap()
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
    assert!(found.len() > 50);
    for target in found {
        let pointer = target.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{target}");
    }
}

#[test]
fn every_route_says_what_it_is_for_and_what_it_takes() {
    for (path, item) in document()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(operation["summary"].is_string(), "{method} {path}");
            assert!(operation["operationId"].is_string(), "{method} {path}");
            let success = operation["responses"]
                .as_object()
                .unwrap()
                .keys()
                .any(|status| status.starts_with('2'));
            assert!(success, "{method} {path}");
        }
    }
}

#[test]
fn every_body_of_json_is_shown_by_an_example() {
    let document = document();
    let has_example = |content: &Value| {
        let name = content["schema"]["$ref"]
            .as_str()
            .unwrap_or_default()
            .rsplit('/')
            .next()
            .unwrap();
        let in_schema = |pointer: &str| {
            document
                .pointer(&format!("/components/schemas/{name}{pointer}"))
                .is_some()
        };
        !content["example"].is_null() || !content["examples"].is_null() || in_schema("/example")
    };
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if path.starts_with("/api/openapi/") || path == "/api/problems" {
                continue;
            }
            let responses = operation["responses"].as_object().unwrap();
            let bodies = responses.values().chain([&operation["requestBody"]]);
            for (media_type, content) in bodies.filter_map(|body| body["content"].as_object()).flatten() {
                assert!(has_example(content), "{method} {path} {media_type}");
            }
        }
    }
}

#[test]
fn a_task_that_is_not_over_has_no_result() {
    for task in ["TaskBody_ProofReport", "TaskBody_Receipt"] {
        let result = &document()["components"]["schemas"][task]["properties"]["result"];
        assert_eq!(result["oneOf"][1]["type"], "null", "{task}");
    }
}

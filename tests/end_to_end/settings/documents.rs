//! What is published about the APIs is what the code says.

use std::fs;

use serde_json::{Value, json};
use startup::Environment;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn documents() -> [(&'static str, Value); 3] {
    [
        (
            "connection-api",
            serde_json::to_value(connection_api::open_api()).unwrap(),
        ),
        (
            "mapping-api",
            serde_json::to_value(mapping_api::open_api()).unwrap(),
        ),
        ("sso-api", serde_json::to_value(sso_api::open_api()).unwrap()),
    ]
}

#[test]
fn the_published_documents_are_the_ones_that_the_code_gives() {
    for (function, document) in documents() {
        let path = format!("{ROOT}/functions/{function}/openapi.json");
        let wanted = serde_json::to_string_pretty(&document).unwrap() + "\n";
        if Environment::of_process()
            .optional::<String>("UPDATE_DOCUMENTS")
            .is_some()
        {
            fs::write(&path, &wanted).unwrap();
        }
        let published = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            published == wanted,
            "{path} is out of date: run this test with UPDATE_DOCUMENTS=1"
        );
    }
}

#[test]
fn the_readme_lists_every_route() {
    let readme = fs::read_to_string(format!("{ROOT}/README.md")).unwrap();
    let mut missing = Vec::new();
    for (_, document) in documents() {
        assert_eq!(
            document["openapi"].as_str().unwrap().rsplit_once('.').unwrap().0,
            "3.1"
        );
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let summary = operation["summary"].as_str().unwrap();
                let row = format!(
                    "| `{} {path}` | {} |",
                    method.to_uppercase(),
                    summary.trim_end_matches('.')
                );
                if !readme.contains(&row) {
                    missing.push(row);
                }
            }
        }
    }
    assert!(missing.is_empty(), "README.md lacks:\n{}", missing.join("\n"));
}

#[test]
fn every_route_has_examples_and_names_the_problems_it_answers() {
    for (function, document) in documents() {
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let place = format!("{function}: {method} {path}");
                let responses = operation["responses"].as_object().unwrap();
                assert!(
                    responses.keys().any(|status| status.starts_with(['2', '3'])),
                    "{place}"
                );
                // Documents, and what browsers open.
                if operation["security"] == json!([{}]) {
                    continue;
                }
                for status in ["401", "403", "429", "500", "503"] {
                    assert!(responses.contains_key(status), "{place} lacks {status}");
                }
                let answers = responses.iter().filter(|(status, _)| status.starts_with('2'));
                for (status, answer) in answers {
                    assert!(has_example(&document, answer), "{place}: {status} has no example");
                }
                if let Some(body) = operation.get("requestBody") {
                    assert!(
                        has_example(&document, body),
                        "{place}: the request has no example"
                    );
                }
            }
        }
    }
}

fn has_example(document: &Value, body: &Value) -> bool {
    let content = &body["content"]["application/json"];
    let schema = content["schema"]["$ref"].as_str();
    let schema = schema.and_then(|place| document.pointer(place.trim_start_matches('#')));
    let is_there = |value: &Value| ["example", "examples"].iter().any(|name| !value[name].is_null());
    // The examples of all its properties are an example of the whole.
    let are_all_there = |schema: &Value| {
        let properties = schema["properties"].as_object();
        properties.is_some_and(|properties| properties.values().all(is_there))
    };
    is_there(content) || schema.is_some_and(|schema| is_there(schema) || are_all_there(schema))
}

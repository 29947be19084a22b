//! The OpenAPI document.

use serde_json::Value;

use crate::world::World;

#[tokio::test]
async fn the_document_is_public_and_names_every_route() {
    let world = World::unconnected().await;
    let document = world
        .send("", "GET", "/api/openapi/mapping.json", &Value::Null, None)
        .await
        .body;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths: Vec<_> = document["paths"].as_object().unwrap().keys().collect();
    let expected = [
        "/api/fields",
        "/api/mapping",
        "/api/mapping/previews/{task}",
        "/api/mapping/samples",
        "/api/mapping/suggestion",
        "/api/openapi/mapping.json",
        "/api/targets",
    ];
    assert_eq!(paths, expected);
}

#[test]
fn every_body_has_a_schema_of_its_own_and_every_request_an_example() {
    let document = serde_json::to_value(mapping_api::open_api()).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for name in ["Entries", "SaveRequest", "SampleRequest"] {
        assert!(schemas[name]["example"]["entries"].is_array(), "{name}");
        assert_eq!(schemas[name]["additionalProperties"], false, "{name}");
    }
    let text = document.to_string();
    let named = text
        .split("\"#/components/schemas/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    for name in named {
        assert!(schemas.contains_key(name), "{name} is not described");
    }
}

//! The routes that the gateway has by the template are those that the functions answer.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;

use embedded_aws::{TEMPLATE, Template};
use serde_json::Value;
use stand_in_gateway::Route;

/// Method, path, and whether everybody is answered.
type Answered = BTreeSet<(String, String, bool)>;

fn by_the_template(function: &str) -> Answered {
    let routes = Route::all(&Template::parse(TEMPLATE).unwrap()).unwrap();
    routes
        .into_iter()
        .filter(|route| route.function == function)
        .map(|route| (route.method, route.path, route.is_public))
        .collect()
}

fn by_the_document(document: &impl serde::Serialize) -> Answered {
    let document = serde_json::to_value(document).unwrap();
    let mut answered = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            // An operation that overrules the document's requirements with none is public.
            let is_public = operation["security"].as_array().is_some_and(|needed| {
                needed.is_empty()
                    || needed
                        .iter()
                        .any(|one| *one == Value::Object(serde_json::Map::new()))
            });
            answered.insert((method.to_uppercase(), path.clone(), is_public));
        }
    }
    answered
}

#[test]
fn each_route_of_the_apis_is_in_the_template_and_their_documents_with_the_same_protection() {
    assert_eq!(
        by_the_template("ConnectionApiFunction"),
        by_the_document(&connection_api::open_api())
    );
    assert_eq!(
        by_the_template("MappingApiFunction"),
        by_the_document(&mapping_api::open_api())
    );
    assert_eq!(
        by_the_template("SsoApiFunction"),
        by_the_document(&sso_api::open_api())
    );
}

#[test]
fn who_is_no_administrator_comes_to_the_page_to_documents_and_to_single_sign_on_alone() {
    let routes = Route::all(&Template::parse(TEMPLATE).unwrap()).unwrap();
    for route in routes {
        let is_page = route.function == "SettingsPageFunction";
        let is_sign_on = route.path.starts_with("/sso/");
        let is_description = route.path == "/api/problems" || route.path.starts_with("/api/openapi/");
        assert_eq!(
            is_page || is_sign_on,
            !route.path.starts_with("/api/"),
            "{}",
            route.key()
        );
        assert!(
            !is_sign_on || route.function == "SsoApiFunction",
            "{}",
            route.key()
        );
        let needs_no_token = is_page || is_description || is_sign_on && route.path != "/sso/redeem";
        assert_eq!(route.is_public, needs_no_token, "{}", route.key());
    }
}

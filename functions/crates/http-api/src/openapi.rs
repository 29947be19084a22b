//! What an OpenAPI document says of every route: who may call it, and every error that it or API Gateway answers.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::schema::{Object, OneOfBuilder, Schema, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, Content, OpenApi, PathItem, Ref, RefOr, Response};
use utoipa::{PartialSchema, ToSchema};

use crate::{Fault, ProblemKind};

const BEARER: &str = "bearer";
const PROBLEM_JSON: &str = "application/problem+json";
const FORM: &str = "application/x-www-form-urlencoded";

/// The responses of a route, by status.
pub type Responses = BTreeMap<String, RefOr<Response>>;

/// Declares a type that stands for problems among the `responses(…)` of `utoipa::path`. Those that every route may answer
/// are added by [`complete`].
///
/// ```
/// http_api::problems!(pub ConnectProblems: TokenRefused, AccessDenied, OtherCompany);
/// ```
#[macro_export]
macro_rules! problems {
    ($visibility:vis $name:ident: $($kind:ident),+ $(,)?) => {
        #[doc = concat!("What a route may answer besides success", $(", `", stringify!($kind), "`",)+ ".")]
        #[derive(Debug)]
        $visibility enum $name {}

        impl ::utoipa::IntoResponses for $name {
            fn responses() -> $crate::openapi::Responses {
                $crate::openapi::problem_responses(&[$($crate::ProblemKind::$kind),+])
            }
        }
    };
}

/// An error of these APIs, as RFC 9457 writes it
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
struct ProblemBody {
    /// Which kind it is: an entry of `/api/problems`.
    #[serde(rename = "type")]
    #[schema(example = "/api/problems#invalid-request")]
    type_uri: String,
    /// The kind in a few words.
    title: String,
    /// The answer's status.
    status: u16,
    /// What is wrong this time.
    detail: String,
    /// `invalid-json`: where.
    #[schema(required = false, nullable = false)]
    pointer: Option<String>,
    /// `invalid-request`: faults and where they are; `invalid-mapping`: rules that entries break.
    #[schema(required = false, nullable = false)]
    errors: Option<Vec<Value>>,
    /// `stale-edit`: what is saved now.
    #[schema(required = false, nullable = false)]
    current: Option<Value>,
    /// `stale-edit`: what was sent.
    #[schema(required = false, nullable = false)]
    yours: Option<Value>,
}

/// An error of API Gateway, which answers before the function is asked, or in its place
#[derive(Debug, Serialize, ToSchema)]
struct GatewayError {
    #[schema(example = "Unauthorized")]
    message: String,
}

/// What API Gateway answers by itself on any route.
const GATEWAY_ERRORS: [(u16, &str, &str); 7] = [
    (
        401,
        "Unauthorized",
        "No token, or one that is expired or not for this API",
    ),
    (403, "Forbidden", "The token may not call this"),
    (413, "Request Entity Too Large", "Larger than the gateway takes"),
    (429, "Too Many Requests", "Too many requests at once"),
    (500, "Internal Server Error", "The function failed"),
    (503, "Service Unavailable", "The function cannot be reached"),
    (
        504,
        "Service Unavailable",
        "The function took longer than 30 seconds",
    ),
];

/// The responses that problems are. See [`problems!`](crate::problems).
#[must_use]
pub fn problem_responses(kinds: &[ProblemKind]) -> Responses {
    let mut responses = Responses::new();
    for &kind in kinds {
        add_problem(&mut responses, kind);
    }
    responses
}

/// Adds to a document what holds for all its routes: the token, unless a route is declared with `security(())`, the
/// problems that any route may answer, and the gateway's own errors.
#[must_use]
pub fn complete(mut api: OpenApi) -> OpenApi {
    for item in api.paths.paths.values_mut() {
        for operation in operations(item) {
            complete_operation(operation);
        }
    }
    let components = api.components.get_or_insert_with(Components::new);
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some(
            "RS256, with the single-string claims `tenant`, `role` (`admin`) and `sub`.",
        ));
    components.add_security_scheme(BEARER, SecurityScheme::Http(bearer.build()));
    let schemas = [
        ("Problem", ProblemBody::schema()),
        ("GatewayError", GatewayError::schema()),
        ("Fault", Fault::schema()),
    ];
    for (name, schema) in schemas {
        components.schemas.insert(name.to_owned(), schema);
    }
    for (name, schema) in &mut components.schemas {
        if name.starts_with("TaskBody_") {
            let_result_be_null(schema);
        }
    }
    api
}

/// `utoipa` forgets that an optional member may be null where its type is a parameter.
fn let_result_be_null(task: &mut RefOr<Schema>) {
    let RefOr::T(Schema::Object(task)) = task else {
        return;
    };
    let Some(result) = task.properties.get_mut("result") else {
        return;
    };
    let null = Object::with_type(Type::Null);
    let either = OneOfBuilder::new().item(result.clone()).item(null).build();
    *result = RefOr::T(Schema::OneOf(either));
}

/// Shows an example wherever a body is of a schema with one.
pub fn illustrate(api: &mut OpenApi, examples: &BTreeMap<&str, Value>) {
    for operation in api.paths.paths.values_mut().flat_map(operations) {
        let responses = operation.responses.responses.values_mut();
        let responses = responses.filter_map(|response| match response {
            RefOr::T(response) => Some(response.content.values_mut()),
            RefOr::Ref(_) => None,
        });
        let request = match &mut operation.request_body {
            Some(RefOr::T(request)) => Some(request.content.values_mut()),
            _ => None,
        };
        for content in responses.flatten().chain(request.into_iter().flatten()) {
            let RefOr::T(content) = content else { continue };
            let Some(RefOr::Ref(schema)) = &content.schema else {
                continue;
            };
            let name = schema.ref_location.rsplit('/').next().unwrap_or_default();
            if let Some(example) = examples.get(name) {
                content.example = Some(example.clone());
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem {
        get,
        put,
        post,
        delete,
        ..
    } = item;
    [get, put, post, delete].into_iter().flatten()
}

fn complete_operation(operation: &mut Operation) {
    let has = |place: &ParameterIn| {
        let mut parameters = operation.parameters.iter().flatten();
        parameters
            .any(|parameter| matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == *place))
    };
    let (has_path, has_query) = (has(&ParameterIn::Path), has(&ParameterIn::Query));
    let is_public = operation.security.is_some();
    let mut kinds = vec![ProblemKind::TooLarge, ProblemKind::Internal];
    if !is_public {
        kinds.push(ProblemKind::Unavailable);
        // A route that names whom it refuses is not the administrators'.
        if !operation.responses.responses.contains_key("403") {
            kinds.push(ProblemKind::RoleTooLow);
        }
        operation.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], _>(BEARER, [])]);
    }
    if takes_json(operation) {
        kinds.extend([ProblemKind::InvalidJson, ProblemKind::UnsupportedMediaType]);
    }
    if has_query {
        kinds.push(ProblemKind::InvalidRequest);
    }
    // A part of the path that decodes to several is another address.
    if has_path {
        kinds.push(ProblemKind::NotFound);
    }
    let responses = &mut operation.responses.responses;
    for kind in kinds {
        add_problem(responses, kind);
    }
    for (status, message, description) in GATEWAY_ERRORS {
        if !(is_public && matches!(status, 401 | 403)) {
            add_gateway_error(responses, status, message, description);
        }
    }
}

/// What is no form is read by [`Json`](crate::Json).
fn takes_json(operation: &Operation) -> bool {
    match &operation.request_body {
        Some(RefOr::T(body)) => !body.content.contains_key(FORM),
        Some(RefOr::Ref(_)) => true,
        None => false,
    }
}

fn add_problem(responses: &mut Responses, kind: ProblemKind) {
    let body = json!({
        "type": kind.type_uri(), "title": kind.title(), "status": kind.status().as_u16(), "detail": kind.remedy(),
    });
    let description = format!("{} (`{}`)", kind.title(), kind.slug());
    add(
        responses,
        kind.status().as_u16(),
        &description,
        PROBLEM_JSON,
        "Problem",
        (kind.slug(), body),
    );
}

fn add_gateway_error(responses: &mut Responses, status: u16, message: &str, description: &str) {
    let description = format!("{description} (the gateway's answer)");
    let example = ("gateway", json!({"message": message}));
    add(
        responses,
        status,
        &description,
        "application/json",
        "GatewayError",
        example,
    );
}

fn add(
    responses: &mut Responses,
    status: u16,
    description: &str,
    media_type: &str,
    schema: &str,
    (name, example): (&str, Value),
) {
    let response = responses
        .entry(status.to_string())
        .or_insert_with(|| Response::new(description).into());
    let RefOr::T(response) = response else { return };
    if !response.description.contains(description) {
        response.description = format!("{}; {description}", response.description);
    }
    if status == ProblemKind::HibobUnavailable.status() {
        let seconds = Object::with_type(Type::Integer);
        let header = HeaderBuilder::new()
            .schema(Some(seconds))
            .description(Some("Seconds to wait"));
        response
            .headers
            .insert("Retry-After".to_owned(), header.build().into());
    }
    let content = response
        .content
        .entry(media_type.to_owned())
        .or_insert_with(|| Content::new(Some(Ref::from_schema_name(schema))).into());
    if let RefOr::T(content) = content {
        let example = ExampleBuilder::new().value(Some(example)).build();
        content.examples.insert(name.to_owned(), example.into());
    }
}

#[cfg(test)]
mod tests {
    use utoipa::OpenApi as _;

    use super::*;

    crate::problems!(RenameProblems: NotConnected, HibobUnavailable, HibobBlocked);

    #[utoipa::path(put, path = "/api/name", request_body = String,
        responses((status = 200, description = "Renamed"), RenameProblems))]
    #[expect(dead_code, reason = "only its description is of interest")]
    fn rename() {}

    crate::problems!(RedeemProblems: BackendOnly);

    #[utoipa::path(post, path = "/sso/redeem", responses((status = 200, description = "Redeemed"), RedeemProblems))]
    #[expect(dead_code, reason = "only its description is of interest")]
    fn redeem() {}

    #[utoipa::path(post, path = "/sso/answer", request_body(content = String, content_type = FORM), security(()))]
    #[expect(dead_code, reason = "only its description is of interest")]
    fn answer() {}

    #[derive(utoipa::OpenApi)]
    #[openapi(paths(rename, redeem, answer, crate::list_problems))]
    struct Api;

    fn document() -> Value {
        serde_json::to_value(complete(Api::openapi())).unwrap()
    }

    #[test]
    fn a_route_lists_its_own_problems_those_of_all_routes_and_the_gateways() {
        let responses = &document()["paths"]["/api/name"]["put"]["responses"];
        let statuses: Vec<_> = responses.as_object().unwrap().keys().cloned().collect();
        assert_eq!(
            statuses,
            [
                "200", "400", "401", "403", "409", "413", "415", "429", "500", "503", "504"
            ]
        );
        let unavailable = &responses["503"]["content"];
        let slugs: Vec<_> = unavailable[PROBLEM_JSON]["examples"]
            .as_object()
            .unwrap()
            .keys()
            .collect();
        assert_eq!(slugs, ["hibob-blocked", "hibob-unavailable", "unavailable"]);
        assert_eq!(
            unavailable["application/json"]["schema"]["$ref"],
            "#/components/schemas/GatewayError"
        );
    }

    #[test]
    fn a_route_that_names_whom_it_refuses_is_not_the_administrators() {
        let refused = &document()["paths"]["/sso/redeem"]["post"]["responses"]["403"]["content"];
        let kinds = refused[PROBLEM_JSON]["examples"].as_object().unwrap();
        assert_eq!(kinds.keys().collect::<Vec<_>>(), ["backend-only"]);
    }

    #[test]
    fn a_form_is_not_refused_for_being_no_json() {
        let document = document();
        let responses = document["paths"]["/sso/answer"]["post"]["responses"].as_object();
        let responses = responses.unwrap();
        assert!(!responses.contains_key("400") && !responses.contains_key("415"));
    }

    #[test]
    fn an_example_is_shown_with_every_body_of_its_schema() {
        let mut api = Api::openapi();
        illustrate(
            &mut api,
            &BTreeMap::from([("ProblemTable", json!({"problems": []}))]),
        );
        let document = serde_json::to_value(api).unwrap();
        let body =
            &document["paths"]["/api/problems"]["get"]["responses"]["200"]["content"]["application/json"];
        assert_eq!(body["example"], json!({"problems": []}));
    }

    #[test]
    fn every_route_needs_the_token_unless_it_is_declared_public() {
        let document = document();
        assert_eq!(
            document["paths"]["/api/name"]["put"]["security"],
            json!([{BEARER: []}])
        );
        assert_eq!(document["paths"]["/api/problems"]["get"]["security"], json!([{}]));
        assert_eq!(
            document["components"]["securitySchemes"][BEARER]["scheme"],
            BEARER
        );
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    }
}

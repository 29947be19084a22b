//! JSON in and out.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment, Track};

use crate::{Problem, ProblemKind};

/// Bytes that a body may have: far more than any save needs.
pub const BODY_LIMIT: usize = 256 * 1024;

/// A body of JSON. A request's is refused if it is not exactly what `T` takes; the problem then says where, and never
/// repeats a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(ProblemKind::UnsupportedMediaType.into());
        }
        let bytes = to_bytes(request.into_body(), BODY_LIMIT)
            .await
            .map_err(|_| ProblemKind::TooLarge)?;
        read(&bytes).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = content_type
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/json")
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // The library would take a list of a struct's members for the struct.
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(Problem::new(
            ProblemKind::InvalidJson,
            "The body must be an object.",
        ));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let mut track = Track::new();
    let mut unknown = None;
    let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    // Types that are stored too leave out what they do not know, so that they read what a later release has written.
    let read = serde_ignored::deserialize(tracked, |path| {
        unknown.get_or_insert_with(|| ignored(&path));
    });
    let value = read.map_err(|error| {
        let pointer = pointer(&track.path());
        invalid(&error, &pointer).with("pointer", pointer)
    })?;
    json.end().map_err(|error| invalid(&error, ""))?;
    match unknown {
        None => Ok(value),
        Some(pointer) => {
            let detail = format!("`{pointer}` is not a member that is known here.");
            Err(Problem::new(ProblemKind::InvalidJson, detail).with("pointer", pointer))
        }
    }
}

/// The place of a member that nothing reads, as a JSON pointer.
fn ignored(path: &serde_ignored::Path<'_>) -> String {
    use serde_ignored::Path;
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, index } => format!("{}/{index}", ignored(parent)),
        Path::Map { parent, key } => format!("{}/{}", ignored(parent), token(key)),
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => {
            ignored(parent)
        }
    }
}

/// A key as a part of a JSON pointer.
fn token(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn invalid(error: &serde_json::Error, pointer: &str) -> Problem {
    let place = format!("line {}, column {}", error.line(), error.column());
    let detail = match error.classify() {
        Category::Eof | Category::Io => "The JSON ends too early.".to_owned(),
        Category::Syntax => format!("The JSON is malformed at {place}."),
        Category::Data if pointer.is_empty() => format!("The body {}.", fault(&error.to_string())),
        Category::Data => format!("`{pointer}` {}.", fault(&error.to_string())),
    };
    Problem::new(ProblemKind::InvalidJson, detail)
}

/// What is wrong, from the library's own words, which quote values: only names that we gave are kept.
fn fault(message: &str) -> String {
    let expected = || {
        let (_, expected) = message.rsplit_once(", expected ")?;
        Some(
            expected
                .rsplit_once(" at line ")
                .map_or(expected, |(text, _)| text),
        )
    };
    let quoted = || message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("missing field `") {
        format!("lacks the member `{}`", quoted())
    } else if message.starts_with("duplicate field `") {
        format!("has the member `{}` twice", quoted())
    } else if message.starts_with("unknown field `") {
        "is not a member that is known here".to_owned()
    } else if let Some(expected) = expected() {
        format!("must be {expected}")
    } else {
        "cannot be accepted".to_owned()
    }
}

/// The place as a JSON pointer (RFC 6901).
fn pointer(path: &Path) -> String {
    let tokens = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(token(key)),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    tokens.fold(String::new(), |pointer, token| pointer + "/" + &token)
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => {
                let json = HeaderValue::from_static("application/json");
                ([(CONTENT_TYPE, json)], Body::from(bytes)).into_response()
            }
            Err(error) => Problem::from(ProblemKind::Internal)
                .because(error)
                .into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Order {
        is_gift: bool,
        #[serde(default)]
        lines: Vec<Line>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Line {
        how: How,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase")]
    enum How {
        Fast,
        Slow,
    }

    fn detail(body: &str) -> String {
        let problem = read::<Order>(body.as_bytes()).unwrap_err();
        assert_eq!(problem.kind(), ProblemKind::InvalidJson);
        problem.detail().to_owned()
    }

    #[test]
    fn a_fault_is_named_by_its_place_and_not_by_its_value() {
        for (body, expected) in [
            ("{\"isGift\":", "The JSON ends too early."),
            ("{isGift}", "The JSON is malformed at line 1, column 2."),
            (
                "{\"isGift\":true} x",
                "The JSON is malformed at line 1, column 17.",
            ),
            ("[true]", "The body must be an object."),
            ("{}", "The body lacks the member `isGift`."),
            (r#"{"isGift":"hunter2"}"#, "`/isGift` must be a boolean."),
            (
                r#"{"isGift":true,"isGift":true}"#,
                "The body has the member `isGift` twice.",
            ),
            (
                r#"{"isGift":true,"a/b":1}"#,
                "`/a~1b` is not a member that is known here.",
            ),
            (
                r#"{"isGift":true,"lines":[{"how":"fast"},{"how":"hunter2"}]}"#,
                "`/lines/1/how` must be `fast` or `slow`.",
            ),
        ] {
            let detail = detail(body);
            assert_eq!(detail, expected, "{body}");
            assert!(!detail.contains("hunter2"));
        }
    }

    #[test]
    fn deep_nesting_is_refused_like_any_other_fault() {
        assert!(read::<serde_json::Value>("{\"a\":".repeat(100_000).as_bytes()).is_err());
    }

    async fn extract(content_type: &'static str, body: Vec<u8>) -> Result<Json<Order>, ProblemKind> {
        let request = Request::builder().header(CONTENT_TYPE, content_type);
        let request = request.body(Body::from(body)).unwrap();
        Json::from_request(request, &())
            .await
            .map_err(|problem| problem.kind())
    }

    #[tokio::test]
    async fn only_what_is_announced_as_json_is_read() {
        let good = br#"{"isGift":true}"#.to_vec();
        assert!(
            extract("application/json; charset=utf-8", good.clone())
                .await
                .is_ok()
        );
        for bad in ["text/plain", "application/x-www-form-urlencoded", ""] {
            assert_eq!(
                extract(bad, good.clone()).await,
                Err(ProblemKind::UnsupportedMediaType)
            );
        }
    }

    #[tokio::test]
    async fn two_megabytes_are_too_much() {
        let body = vec![b' '; 2_000_000];
        assert_eq!(
            extract("application/json", body).await,
            Err(ProblemKind::TooLarge)
        );
    }
}

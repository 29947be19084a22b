//! One file of the page, and how it is answered.

use std::io::Write;
use std::sync::OnceLock;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::response::IntoResponse;
use flate2::Compression;
use flate2::write::GzEncoder;
use twox_hash::XxHash3_128;

/// A file's bytes, compressed when they are first asked for.
#[derive(Debug)]
pub(crate) struct Asset {
    content_type: &'static str,
    plain: Bytes,
    compressed: OnceLock<Bytes>,
    hash: String,
}

impl Asset {
    pub(crate) fn new(name: &str, plain: impl Into<Bytes>) -> Self {
        let plain = plain.into();
        Self {
            content_type: content_type(name),
            compressed: OnceLock::new(),
            hash: hash(&plain),
            plain,
        }
    }

    /// Answers a request with these headers, with nothing but a 304 if the caller has the file.
    pub(crate) fn answer(&self, request: &HeaderMap, cache: &str) -> axum::response::Response {
        let is_compressed = accepts_gzip(request);
        let tag = if is_compressed {
            format!("\"{}-gzip\"", self.hash)
        } else {
            format!("\"{}\"", self.hash)
        };
        let mut answer = Response::builder()
            .header(CACHE_CONTROL, cache)
            .header(VARY, ACCEPT_ENCODING.as_str())
            .header(ETAG, &tag);
        let answer = if is_known(request, &tag) {
            answer.status(StatusCode::NOT_MODIFIED).body(Body::empty())
        } else {
            answer = answer.header(CONTENT_TYPE, self.content_type);
            if is_compressed {
                answer
                    .header(CONTENT_ENCODING, "gzip")
                    .body(self.compressed().into())
            } else {
                answer.body(self.plain.clone().into())
            }
        };
        answer.map_or_else(
            |_| StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            IntoResponse::into_response,
        )
    }

    /// The file with gzip's best compression.
    pub(crate) fn compressed(&self) -> Bytes {
        let compress = || {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(&self.plain).and_then(|()| encoder.finish())
        };
        // Writing into memory does not fail.
        self.compressed
            .get_or_init(|| compress().unwrap_or_default().into())
            .clone()
    }
}

pub(crate) fn hash(bytes: &[u8]) -> String {
    format!("{:032x}", XxHash3_128::oneshot(bytes))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}

fn accepts_gzip(request: &HeaderMap) -> bool {
    listed(request, ACCEPT_ENCODING.as_str()).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        name.trim().eq_ignore_ascii_case("gzip") && weight.trim().trim_end_matches(['0', '.']) != "q="
    })
}

fn is_known(request: &HeaderMap, tag: &str) -> bool {
    listed(request, IF_NONE_MATCH.as_str()).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

fn listed<'a>(request: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    request
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn request(name: axum::http::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn gzip_is_used_where_it_is_wanted() {
        for (accepted, is_wanted) in [
            ("gzip, deflate, br", true),
            ("br;q=1.0, GZIP;q=0.8", true),
            ("gzip;q=0", false),
            ("gzip;q=0.0", false),
            ("br", false),
        ] {
            assert_eq!(
                accepts_gzip(&request(ACCEPT_ENCODING, accepted)),
                is_wanted,
                "{accepted}"
            );
        }
        assert!(!accepts_gzip(&HeaderMap::new()));
    }

    #[test]
    fn who_has_the_file_is_not_sent_it_again() {
        let asset = Asset::new("page.css", "body {}");
        let first = asset.answer(&HeaderMap::new(), "no-cache");
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(first.headers()[CONTENT_TYPE], "text/css; charset=utf-8");

        let tag = first.headers()[ETAG].to_str().unwrap();
        for known in [tag.to_owned(), format!("\"other\", W/{tag}")] {
            let again = asset.answer(&request(IF_NONE_MATCH, &known), "no-cache");
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{known}");
            assert_eq!(again.headers()[ETAG], tag);
        }
        assert_eq!(
            asset
                .answer(&request(IF_NONE_MATCH, "\"other\""), "no-cache")
                .status(),
            StatusCode::OK
        );
    }
}

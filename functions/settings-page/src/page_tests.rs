//! What holds for the page as a whole, checked on its files.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt;

use super::*;

/// What a browser loads before the first section is opened, and the section that a new admin meets.
const FIRST_LOAD: &[&str] = &[
    "api.js",
    "dialog.js",
    "format.js",
    "guide.js",
    "icon.svg",
    "main.js",
    "page.css",
    "session.js",
    "store.js",
    "texts.js",
    "ui.js",
    "vendor/lit-html.js",
];

fn config() -> Config {
    Config {
        login_url: "https://app.example.com/login".parse().unwrap(),
        admin_origin: "https://app.example.com".parse().unwrap(),
    }
}

async fn answer(path: &str) -> Response {
    let request = Request::get(path)
        .header(ACCEPT_ENCODING, "gzip")
        .body(Body::empty())
        .unwrap();
    let clock = Clock::new(|| jiff::Timestamp::UNIX_EPOCH);
    router(&config(), clock).oneshot(request).await.unwrap()
}

fn modules() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES
        .iter()
        .filter(|(name, _)| {
            std::path::Path::new(name)
                .extension()
                .is_some_and(|end| end == "js")
                && !name.starts_with("vendor/")
        })
        .map(|&(name, bytes)| (name, str::from_utf8(bytes).unwrap()))
}

/// What stands between each `open` and the next `close`.
fn between<'a>(text: &'a str, open: &'a str, close: char) -> impl Iterator<Item = &'a str> {
    text.split(open)
        .skip(1)
        .filter_map(move |rest| rest.split(close).next())
}

#[tokio::test]
async fn the_document_comes_with_its_policy() {
    let response = answer("/").await;
    assert_eq!(response.status(), StatusCode::OK);
    let headers: &HeaderMap = response.headers();
    let policy = headers["content-security-policy"].to_str().unwrap();
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'self' https://app.example.com;",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.contains(part), "{part}");
    }
    assert!(!policy.contains("unsafe"));
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
    assert!(headers.contains_key("permissions-policy"));
    assert_eq!(headers[CACHE_CONTROL], "no-cache");
    assert_eq!(headers[CONTENT_ENCODING], "gzip");
}

#[tokio::test]
async fn the_page_is_told_where_to_sign_in() {
    let response = answer("/config.json").await;
    assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
    let page = Page::new(&config());
    assert_eq!(
        page.config.compressed(),
        axum::body::to_bytes(response.into_body(), 10_000).await.unwrap()
    );
}

#[tokio::test]
async fn every_file_that_the_document_names_is_served_and_may_be_kept_for_good() {
    let index = document(&Page::new(&config()).version);
    let addresses: Vec<&str> = between(&index, "\"/assets/", '"').collect();
    assert!(addresses.len() > 5);
    for address in addresses {
        let response = answer(&format!("/assets/{address}")).await;
        assert_eq!(response.status(), StatusCode::OK, "{address}");
        assert_eq!(response.headers()[CACHE_CONTROL], KEPT_FOR_GOOD);
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    }
    let older = answer("/assets/an-older-version/main.js").await;
    assert_eq!(older.status(), StatusCode::OK);
    assert_eq!(older.headers()[CACHE_CONTROL], ASKED_FOR_EACH_TIME);
    assert_eq!(
        answer("/assets/x/nothing.js").await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        answer("/assets/x/../Cargo.toml").await.status(),
        StatusCode::NOT_FOUND
    );
}

#[test]
fn every_file_of_the_page_is_embedded() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("page");
    let names = |folder: &std::path::Path, prefix: &str| -> Vec<String> {
        std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.file_type().unwrap().is_file())
            .map(|entry| format!("{prefix}{}", entry.file_name().into_string().unwrap()))
            .collect()
    };
    let mut found: BTreeSet<String> = names(&root, "").into_iter().collect();
    found.extend(names(&root.join("vendor"), "vendor/"));
    found.remove("index.html");
    let embedded: BTreeSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(found, embedded);
}

#[test]
fn modules_import_only_each_other() {
    let known: BTreeSet<&str> = FILES.iter().map(|(name, _)| *name).collect();
    for (name, module) in modules() {
        let imports = module.lines().filter(|line| line.contains("import"));
        let sources = imports.flat_map(|line| line.split('"').filter(|part| part.starts_with('.')));
        for source in sources.chain(between(module, " from \"", '"')) {
            let file = source
                .strip_prefix("./")
                .unwrap_or_else(|| panic!("{name} imports {source}"));
            assert!(known.contains(file), "{name} imports {source}");
        }
    }
}

#[test]
fn the_page_is_small() {
    let size = |names: &mut dyn Iterator<Item = &str>| -> usize {
        let page = Page::new(&config());
        names
            .map(|name| page.files[name].compressed().len())
            .sum::<usize>()
            + page.index.compressed().len()
    };
    let all = size(&mut FILES.iter().map(|(name, _)| *name));
    assert!(all < 80_000, "{all} bytes in all");
    let first = size(&mut FIRST_LOAD.iter().copied());
    assert!(first < 40_000, "{first} bytes at first");
}

#[test]
fn no_module_makes_markup_or_code_of_text() {
    for (name, module) in modules() {
        for forbidden in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "unsafeHTML",
            "eval(",
            "new Function",
            "javascript:",
            " style=",
            " onclick=",
            " onload=",
            " onerror=",
        ] {
            assert!(!module.contains(forbidden), "{name} has {forbidden}");
        }
    }
    for forbidden in ["<style", " style=", " on", "<script>"] {
        assert!(!INDEX.contains(forbidden), "the document has {forbidden}");
    }
}

fn texts() -> BTreeSet<&'static str> {
    let (_, texts) = modules().find(|(name, _)| *name == "texts.js").unwrap();
    texts
        .lines()
        .filter_map(|line| line.strip_prefix("  \"")?.split('"').next())
        .collect()
}

#[test]
fn every_field_of_hithrive_has_a_name() {
    for target in provisioning::StandardTarget::ALL {
        let key = format!("target.{}", target.key());
        assert!(texts().contains(key.as_str()), "there is no text {key}");
    }
}

#[test]
fn every_text_exists_and_is_used() {
    let keys = texts();
    let code: String = modules()
        .filter(|(name, _)| *name != "texts.js")
        .map(|(_, module)| module)
        .collect();

    for key in between(&code, " text(\"", '"').chain(between(&code, "{text(\"", '"')) {
        assert!(keys.contains(key), "there is no text {key}");
    }
    for key in between(&code, "plural(\"", '"') {
        assert!(
            keys.contains(format!("{key}.other").as_str()),
            "there is no text {key}.other"
        );
    }
    let prefixes: BTreeSet<&str> = between(&code, "`", '`')
        .filter_map(|template| template.split_once("${"))
        .map(|(prefix, _)| prefix)
        .filter(|prefix| prefix.ends_with('.') && !prefix.contains(char::is_whitespace))
        .collect();
    for key in &keys {
        let is_named = |key: &str| code.contains(&format!("\"{key}\""));
        let base = key.strip_suffix(".one").or_else(|| key.strip_suffix(".other"));
        let is_used = is_named(key)
            || base.is_some_and(is_named)
            || prefixes.iter().any(|prefix| key.starts_with(prefix));
        assert!(is_used, "nobody shows {key}");
    }
}

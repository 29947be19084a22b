//! The files of `events/`, and how the functions answer them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// The files in the order of a night, with the answer of each. Whoever is asked in vain is named by the message's id.
pub(crate) fn samples() -> Vec<Sample> {
    let done = json!({ "batchItemFailures": [] });
    let failed = |id: &str| json!({ "batchItemFailures": [{ "itemIdentifier": id }] });
    let status = |code: u16| json!({ "statusCode": code });
    let answers = [
        ("nightly-fan-out/nightly.json", json!({ "due": 1, "sent": 1 })),
        ("sync-worker/one-tenant.json", done.clone()),
        ("sync-worker/unknown-tenant.json", done.clone()),
        (
            "sync-worker/not-json.json",
            failed("5fea7756-0ea4-451a-a703-a558b933e274"),
        ),
        (
            "sync-worker/two-messages.json",
            failed("d9a9d25a-3bb8-4d29-9c0e-9d6c6a1e7a55"),
        ),
        ("failure-emails/token-refused.json", done.clone()),
        ("failure-emails/mapping-unusable.json", done),
        (
            "failure-emails/not-json.json",
            failed("b1f5a4a0-51a5-4df5-bf0c-3f0b8d7f5c02"),
        ),
        ("connection-api/show-connection.json", status(200)),
        ("connection-api/role-too-low.json", status(403)),
        ("connection-api/enable-with-unknown-member.json", status(400)),
        ("mapping-api/show-mapping.json", status(200)),
        ("mapping-api/stale-edit.json", status(412)),
        ("settings-page/page.json", status(200)),
        ("sso-api/metadata.json", status(200)),
        ("sso-api/start-where-nothing-is-set-up.json", status(404)),
        ("sso-api/answer-where-nothing-is-set-up.json", status(404)),
        ("sso-api/redeem-unknown-code.json", status(404)),
        ("sso-api/redeem-as-administrator.json", status(403)),
    ];
    let sample = |(path, answer)| Sample { path, answer };
    answers.map(sample).into()
}

/// An event and its answer.
pub(crate) struct Sample {
    /// `<function>/<event>.json`.
    pub(crate) path: &'static str,
    answer: Value,
}

impl Sample {
    /// Compares an answer with the expected one; of an HTTP function's only the status counts.
    #[track_caller]
    pub(crate) fn check(&self, mut answer: Value) {
        if let Some(status) = answer.get("statusCode") {
            answer = json!({ "statusCode": status });
        }
        assert_eq!(answer, self.answer, "{}", self.path);
    }

    /// The function that is sent the event.
    pub(crate) fn function(&self) -> &'static str {
        self.path.split('/').next().unwrap_or_default()
    }

    /// The event.
    pub(crate) fn event(&self) -> Value {
        let text = fs::read_to_string(folder().join(self.path)).unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

/// Where the files are.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../events")
}

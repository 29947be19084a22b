//! axe-core, which finds what keeps people with disabilities out of a page.

use serde_json::Value;
use thirtyfour::prelude::*;

const SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../.venv/node_modules/axe-core/axe.min.js"
);

/// Finds no violation of WCAG 2.2, levels A and AA, or of axe's best practices, on the page as it is.
pub(crate) async fn check(page: &WebDriver, what: &str) {
    let script =
        std::fs::read_to_string(SCRIPT).expect("axe-core is missing; `bash .ci/install` installs it");
    page.execute(script, vec![]).await.unwrap();
    let found = page
        .execute_async(
            "const done = arguments[arguments.length - 1];
             axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
                .then(result => done(result.violations.map(violation =>
                    ({id: violation.id, help: violation.help, nodes: violation.nodes.map(node => node.html + ' ' + node.failureSummary)}))))
                .catch(error => done([{id: 'axe', help: String(error)}]));",
            vec![],
        )
        .await
        .unwrap();
    let violations = found
        .json()
        .as_array()
        .cloned()
        .unwrap_or_else(|| vec![Value::Null]);
    assert!(violations.is_empty(), "{what}: {violations:#?}");
}

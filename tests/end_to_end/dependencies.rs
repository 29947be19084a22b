//! The cut of the crates: what each may never reach, however indirectly.

use std::collections::BTreeSet;
use std::process::Command;

const FUNCTIONS: [&str; 6] = [
    "connection-api",
    "failure-emails",
    "mapping-api",
    "nightly-fan-out",
    "settings-page",
    "sync-worker",
];
const AWS: [&str; 3] = ["aws-", "aws_", "lambda_"];

/// The names of everything that is shipped with a package, built by itself: what the emulators beside it ask of a shared
/// dependency does not count.
fn reached(package: &str) -> BTreeSet<String> {
    let tree = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
            "--package",
            package,
        ])
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).unwrap();
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    names.filter(|name| *name != package).map(str::to_owned).collect()
}

fn assert_never_reaches(package: &str, prefixes: &[&str]) {
    let reached = reached(package);
    let wrong: Vec<_> = reached
        .iter()
        .filter(|name| prefixes.iter().any(|prefix| name.starts_with(prefix)))
        .collect();
    assert!(wrong.is_empty(), "{package} reaches {wrong:?}");
}

#[test]
fn crates_reach_only_what_their_place_allows() {
    let worker = reached("sync-worker");
    assert!(
        worker.contains("aws-sdk-sqs") && worker.contains("serde"),
        "the tree is read rightly"
    );

    let no_io = [&AWS[..], &["axum", "reqwest", "tokio", "hyper"]].concat();
    assert_never_reaches("provisioning", &no_io);
    assert_never_reaches("hibob", &[&AWS[..], &["axum"]].concat());
    for store in ["tenant-store", "team-directory"] {
        assert_never_reaches(store, &["reqwest", "axum", "lambda_", "hibob"]);
    }
    assert_never_reaches(
        "startup",
        &[
            "provisioning",
            "hibob",
            "tenant-store",
            "team-directory",
            "lambda_",
        ],
    );
    let stand_ins = [
        "embedded-aws",
        "stand-in-gateway",
        "stand-in-hibob",
        "local-system",
        "dynoxide",
        "winterbaume",
    ];
    let never_shipped = [&stand_ins[..], &["aws-lc", "openssl-sys", "native-tls"]].concat();
    for function in FUNCTIONS {
        assert_never_reaches(function, &never_shipped);
        assert_never_reaches(function, &FUNCTIONS);
    }
}

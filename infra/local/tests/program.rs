//! The program as somebody at a terminal meets it.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Output, Stdio};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hithrive-hibob"));
    for variable in ["HIBOB_SERVICE_USER_ID", "HIBOB_TOKEN", "RUST_LOG"] {
        command.env_remove(variable);
    }
    command.args(arguments);
    command
}

fn program(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn three_nights_end_as_they_should_and_say_so_within_eighty_columns() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("kept");
    let arguments = ["--people", "60", "--data", data.to_str().unwrap()];

    let first = program(&arguments);
    let report = text(&first.stdout);
    assert!(first.status.success(), "{report}{}", text(&first.stderr));
    assert!(first.stderr.is_empty(), "{}", text(&first.stderr));
    assert!(report.lines().all(|line| line.chars().count() <= 80), "{report}");
    for part in [
        "HiBob refused; asking once more in 30 minutes",
        "until \"Work\" is granted",
        "HiBob refuses the token",
        "to hr@halcyonfreight.example",
        "changes      nothing to do",
        "Everything was as it should be: 11 runs, 1 e-mail",
    ] {
        assert!(report.contains(part), "{part} is not in {report}");
    }

    let second = program(&arguments);
    let report = text(&second.stdout);
    assert!(second.status.success(), "{report}{}", text(&second.stderr));
    assert!(
        report.contains("Everything was as it should be: 9 runs, 0 e-mails"),
        "{report}"
    );
}

#[test]
fn the_page_the_log_in_and_the_apis_stay_and_enter_lets_a_night_pass() {
    let mut running = command(&["--stay", "--people", "12"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
    let mut line_with = |part: &str| lines.find_map(|line| line.ok().filter(|line| line.contains(part)));
    let line = line_with("Settings page").unwrap();
    let address = line.rsplit_once("http://").unwrap().1.trim_end_matches('/');
    let get = |path: &str| {
        let mut connection = TcpStream::connect(address).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    };
    for (path, part) in [
        ("/", "<!doctype html>"),
        ("/config.json", "/dev/login"),
        ("/api/connection", "{\"message\":\"Unauthorized\"}"),
        ("/api/problems", "token-refused"),
        ("/dev/login", "Larkspur Studio"),
        ("/dev/hibob", "SERVICE-larkspur"),
        ("/dev/mails", "hr@halcyonfreight.example"),
    ] {
        let answer = get(path);
        assert!(answer.contains(part), "{path}: {answer}");
    }

    running.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    assert!(line_with("Night 4, after a day at work").is_some());
    running.kill().unwrap();
    running.wait().unwrap();
}

#[test]
fn a_wrong_address_of_hibob_ends_with_one_line_and_never_repeats_it() {
    let output = program(&["--hibob-url", "https://me:hunter2@api.hibob.com/v1"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let error = text(&output.stderr);
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(
        error.starts_with("error: --hibob-url cannot be used") && !error.contains("hunter2"),
        "{error}"
    );
}

#[test]
fn a_real_account_needs_credentials_and_a_wrong_command_line_is_told_apart() {
    let output = program(&["--hibob-url", "http://127.0.0.1:9/v1"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("HIBOB_TOKEN: not set"),
        "{}",
        text(&output.stderr)
    );
    for wrong in [
        &["--people", "0"][..],
        &["--nights", "3"],
        &["--port", "8080"],
        &["--stay", "--hibob-url", "http://localhost/v1"],
    ] {
        assert_eq!(program(wrong).status.code(), Some(2), "{wrong:?}");
    }
}

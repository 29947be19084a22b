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
    let page = line[line.find("http://localhost:").unwrap()..].trim_end_matches('/');
    let get = |path: &str| ask("GET", &format!("{page}{path}"), None, "").text;
    for (path, part) in [
        ("/", "<!doctype html>"),
        ("/config.json", "/dev/login"),
        ("/api/connection", "{\"message\":\"Unauthorized\"}"),
        ("/api/problems", "token-refused"),
        ("/dev/login", "Larkspur Studio"),
        ("/dev/hibob", "SERVICE-larkspur"),
        ("/dev/mails", "hr@halcyonfreight.example"),
        ("/dev/dashboard", "/sso/start/larkspur/rewards"),
        ("/sso/metadata/larkspur", "EntityDescriptor"),
        ("/sso/start/larkspur/rewards", "404 Not Found"),
    ] {
        let answer = get(path);
        assert!(answer.contains(part), "{path}: {answer}");
    }
    somebody_signs_in(page);
    let line = line_with("/larkspur/metadata").unwrap();
    let metadata = ask("GET", line.trim(), None, "").text;
    assert!(metadata.contains("IDPSSODescriptor"), "{metadata}");

    running.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    assert!(line_with("Night 4, after a day at work").is_some());
    running.kill().unwrap();
    running.wait().unwrap();
}

/// From the dashboard over the log-in to a portal, which lets in once.
fn somebody_signs_in(page: &str) {
    let started = ask("GET", &format!("{page}/sso/start/aland/rewards"), None, "");
    let provider = started.header("location").unwrap();
    assert!(provider.starts_with("http://127.0.0.1:"), "{provider}");
    let cookie = started.header("set-cookie").unwrap().split(';').next().unwrap();

    let log_in = ask("GET", provider, None, "").text;
    let site = provider.split("/sign-on?").next().unwrap();
    let named = |text: &str, name: &str| {
        let value = text.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        value.split('"').next().unwrap().replace("&#43;", "+")
    };
    let form = |fields: &[(&str, String)]| {
        let fields = fields.iter().map(|(name, value)| {
            let value = value.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
            format!("{name}={value}")
        });
        fields.collect::<Vec<_>>().join("&")
    };
    let asked = ["SAMLRequest", "RelayState", "email"].map(|name| (name, named(&log_in, name)));
    let answered = ask("POST", &format!("{site}/log-in"), None, &form(&asked)).text;

    let answer = ["SAMLResponse", "RelayState"].map(|name| (name, named(&answered, name)));
    let acs = format!("{page}/sso/acs/aland");
    let let_in = ask("POST", &acs, Some(cookie), &form(&answer));
    let portal = let_in
        .header("location")
        .unwrap_or_else(|| panic!("{}", let_in.text));
    assert!(
        portal.starts_with(&format!("{page}/dev/portals/rewards?code=")),
        "{portal}"
    );

    let greeting = ask("GET", portal, None, "").text;
    assert!(greeting.contains("<h1>Hello, "), "{greeting}");
    assert!(greeting.contains(&asked[2].1), "{greeting}");
    let again = ask("GET", portal, None, "").text;
    assert!(
        again.contains("403 Forbidden") && again.contains("(409)"),
        "{again}"
    );
}

struct Answer {
    text: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let head = self.text.split("\r\n\r\n").next()?;
        let mut headers = head.lines().filter_map(|line| line.split_once(": "));
        headers
            .find(|(it, _)| it.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// A request whose body, if it has one, is a form.
fn ask(method: &str, url: &str, cookie: Option<&str>, body: &str) -> Answer {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let cookie = cookie.map_or_else(String::new, |cookie| format!("Cookie: {cookie}\r\n"));
    let mut connection = TcpStream::connect(host).unwrap();
    let request = format!(
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{cookie}\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    connection.write_all(request.as_bytes()).unwrap();
    let mut text = String::new();
    connection.read_to_string(&mut text).unwrap();
    Answer { text }
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

//! A server of one answer, byte by byte as a test writes it, so that it can do what no HTTP library would.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::{BaseUrl, Client, Credentials, Session, http_client};

/// What the server does once it has read a request.
pub(crate) enum Step {
    Send(Vec<u8>),
    Pause(Duration),
    /// Ends the connection as a machine does that was switched off and on again.
    Reset,
}

/// Listens on a port of its own, answers one request and hangs up.
pub(crate) struct ScriptedServer {
    base_url: BaseUrl,
    request: JoinHandle<String>,
}

impl ScriptedServer {
    pub(crate) async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        Self::playing(vec![Step::Send(answer.into())]).await
    }

    pub(crate) async fn playing(steps: Vec<Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        let request = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let request = read_request(&mut stream).await;
            for step in steps {
                match step {
                    // The client may have hung up already; that is for its side of the test to judge.
                    Step::Send(bytes) => drop(stream.write_all(&bytes).await),
                    Step::Pause(time) => sleep(time).await,
                    Step::Reset => stream.set_zero_linger().unwrap(),
                }
            }
            request
        });
        Self { base_url, request }
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.base_url(), http_client().unwrap())
    }

    pub(crate) fn base_url(&self) -> BaseUrl {
        self.base_url.clone()
    }

    /// A session with time enough for any test.
    pub(crate) fn session(&self) -> Session {
        self.session_of(Duration::from_mins(1))
    }

    pub(crate) fn session_of(&self, time: Duration) -> Session {
        self.client()
            .session(Credentials::new("SERVICE-1", "s3cr3t"), Instant::now() + time)
    }

    /// Head and body of the request that was answered.
    pub(crate) async fn request(self) -> String {
        self.request.await.unwrap()
    }
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&request).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .split_once("content-length: ")
                .map_or(0, |(_, rest)| rest.lines().next().unwrap().parse().unwrap());
            if body.len() >= length {
                break;
            }
        }
        assert_ne!(
            stream.read_buf(&mut request).await.unwrap(),
            0,
            "the client hung up before it had asked"
        );
    }
    String::from_utf8(request).unwrap()
}

/// An answer with a length, complete.
pub(crate) fn answer(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let length = format!("Content-Length: {}", body.as_ref().len());
    let mut answer = head(status, &[headers, &[&length]].concat());
    answer.extend_from_slice(body.as_ref());
    answer
}

/// An answer with JSON and status 200.
pub(crate) fn json(body: &str) -> Vec<u8> {
    answer("200 OK", &["Content-Type: application/json"], body)
}

/// The beginning of an answer, which ends with the connection unless a header says otherwise.
pub(crate) fn head(status: &str, headers: &[&str]) -> Vec<u8> {
    let lines: String = headers.iter().flat_map(|header| [*header, "\r\n"]).collect();
    format!("HTTP/1.1 {status}\r\nConnection: close\r\n{lines}\r\n").into_bytes()
}

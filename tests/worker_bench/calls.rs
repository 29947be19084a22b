//! Counts the calls to DynamoDB on their way, so that counting costs the worker nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// What stands before the operation's name in the header that names it.
const TARGET: &[u8] = b"DynamoDB_20120810.";
/// Longer than that and every name, one of which may lie across two pieces.
const OVERLAP: usize = 64;

/// A relay between a client and DynamoDB.
#[derive(Debug)]
pub(crate) struct Calls {
    pub(crate) url: String,
    counts: Counts,
}

type Counts = Arc<Mutex<BTreeMap<String, usize>>>;

impl Calls {
    /// Relays to the endpoint at `url` for as long as the runtime lives.
    pub(crate) async fn counted(url: &str) -> Self {
        let endpoint = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let counts = Counts::default();
        tokio::spawn({
            let counts = Arc::clone(&counts);
            async move {
                while let Ok((client, _)) = listener.accept().await {
                    let (requests, mut answers) = client.into_split();
                    let (mut from, to) = TcpStream::connect(&endpoint).await.unwrap().into_split();
                    tokio::spawn(relay(requests, to, Arc::clone(&counts)));
                    tokio::spawn(async move { copy(&mut from, &mut answers).await });
                }
            }
        });
        Self { url, counts }
    }

    /// The calls since it was last asked, by operation.
    pub(crate) fn take(&self) -> String {
        let counts = std::mem::take(&mut *self.counts.lock().unwrap());
        let texts: Vec<String> = counts
            .iter()
            .map(|(operation, calls)| format!("{calls} {operation}"))
            .collect();
        texts.join(", ")
    }
}

async fn relay(mut requests: OwnedReadHalf, mut to: OwnedWriteHalf, counts: Counts) {
    let mut seen = Vec::new();
    let mut piece = vec![0; 64 << 10];
    while let Ok(length @ 1..) = requests.read(&mut piece).await {
        seen.extend_from_slice(&piece[..length]);
        count(&mut seen, &counts);
        if to.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}

/// Counts what is complete in `seen` and leaves what may go on in the next piece.
fn count(seen: &mut Vec<u8>, counts: &Counts) {
    let mut counted = 0;
    while let Some(found) = seen[counted..]
        .windows(TARGET.len())
        .position(|window| window == TARGET)
    {
        let name = &seen[counted + found + TARGET.len()..];
        let Some(length) = name.iter().position(|byte| !byte.is_ascii_alphanumeric()) else {
            break;
        };
        let operation = String::from_utf8_lossy(&name[..length]).into_owned();
        *counts.lock().unwrap().entry(operation).or_default() += 1;
        counted += found + TARGET.len();
    }
    seen.drain(..counted.max(seen.len().saturating_sub(OVERLAP)));
}

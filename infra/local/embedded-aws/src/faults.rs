use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};
use tokio::sync::watch;

/// What goes wrong with a request to AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Refused, because there are too many.
    Throttled,
    /// Refused, because there is no permission.
    Denied,
    /// A batch is answered, and none of its items was processed.
    Unprocessed,
    /// The request does not arrive.
    Lost,
    /// The request is carried out, and the answer does not arrive.
    AnswerLost,
    /// The request does not arrive, and nobody ever says so: what a process that dies at this call sees of it.
    Silence,
}

/// A request as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Such as `PutItem`; of SES, which names none, the method and path.
    pub operation: String,
    /// The body, JSON with all services that we use.
    pub body: String,
}

#[derive(Debug)]
enum When {
    /// At the call with this number, counted from 1.
    Call(u64),
    /// At that call and all later ones.
    From(u64),
    /// At the next calls of an operation.
    Next { operation: String, left: u32 },
}

/// The network between a program's SDK clients and a stack: counts every request, repeated ones too, and lets those
/// fail that it is told to.
#[derive(Debug, Clone)]
pub struct Faults {
    state: Arc<Mutex<State>>,
    calls: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct State {
    rules: Vec<(When, Fault)>,
    calls: Vec<Call>,
}

impl Faults {
    /// Puts itself between a stack and whoever uses the configuration it gives back. The SDK's pauses before it repeats
    /// a request are cut to nothing.
    #[must_use]
    pub fn before(config: &SdkConfig) -> (Self, SdkConfig) {
        let faults = Self {
            state: Arc::default(),
            calls: watch::channel(0).0,
        };
        let retries = RetryConfig::standard().with_initial_backoff(Duration::from_millis(1));
        let mut builder = config.to_builder().retry_config(retries);
        if let Some(inner) = config.http_client() {
            builder = builder.http_client(SharedHttpClient::new(Network {
                inner,
                faults: faults.clone(),
            }));
        }
        (faults, builder.build())
    }

    /// Lets one call fail, by its number from 1.
    pub fn fail_call(&self, number: u64, fault: Fault) {
        self.state().rules.push((When::Call(number), fault));
    }

    /// Lets a call and all later ones fail.
    pub fn fail_from(&self, number: u64, fault: Fault) {
        self.state().rules.push((When::From(number), fault));
    }

    /// Lets the next calls of an operation such as `BatchWriteItem` fail.
    pub fn fail_next(&self, operation: &str, times: u32, fault: Fault) {
        self.state().rules.push((
            When::Next {
                operation: operation.to_owned(),
                left: times,
            },
            fault,
        ));
    }

    /// Lets nothing fail any more.
    pub fn heal(&self) {
        self.state().rules.clear();
    }

    /// How many calls were made so far.
    #[must_use]
    pub fn calls(&self) -> u64 {
        *self.calls.borrow()
    }

    /// The operations called so far, in order.
    #[must_use]
    pub fn operations(&self) -> Vec<String> {
        self.state()
            .calls
            .iter()
            .map(|call| call.operation.clone())
            .collect()
    }

    /// Everything that was sent so far, in order.
    #[must_use]
    pub fn sent(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// Waits until so many calls were made.
    pub async fn reached(&self, number: u64) {
        // Fails only when the sender is gone, and this one is here.
        let _ = self.calls.subscribe().wait_for(|&calls| calls >= number).await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request and says what goes wrong with it.
    fn meet(&self, request: &HttpRequest) -> Option<Fault> {
        let operation = match request
            .headers()
            .get("x-amz-target")
            .and_then(|target| target.split_once('.'))
        {
            Some((_, operation)) => operation.to_owned(),
            None => format!("{} {}", request.method(), request.uri()),
        };
        let mut state = self.state();
        let number = state.calls.len() as u64 + 1;
        let fault = state
            .rules
            .iter_mut()
            .find_map(|(when, fault)| when.applies(number, &operation).then_some(*fault));
        let body = request.body().bytes().unwrap_or_default();
        state.calls.push(Call {
            operation,
            body: String::from_utf8_lossy(body).into_owned(),
        });
        self.calls.send_replace(number);
        fault
    }
}

impl When {
    fn applies(&mut self, number: u64, called: &str) -> bool {
        match self {
            Self::Call(at) => *at == number,
            Self::From(first) => *first <= number,
            Self::Next { operation, left } if *left > 0 && operation == called => {
                *left -= 1;
                true
            }
            Self::Next { .. } => false,
        }
    }
}

#[derive(Debug)]
struct Network {
    inner: SharedHttpClient,
    faults: Faults,
}

impl HttpClient for Network {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Wire {
            inner,
            faults: self.faults.clone(),
        })
    }
}

#[derive(Debug)]
struct Wire {
    inner: SharedHttpConnector,
    faults: Faults,
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        match self.faults.meet(&request) {
            None => self.inner.call(request),
            Some(Fault::Throttled) => answer(
                400,
                &json!({ "__type": "ThrottlingException", "message": "slow down" }),
            ),
            Some(Fault::Denied) => answer(
                400,
                &json!({ "__type": "AccessDeniedException", "message": "no" }),
            ),
            Some(Fault::Unprocessed) => answer(200, &unprocessed(&request)),
            Some(Fault::Lost) => HttpConnectorFuture::ready(Err(lost())),
            Some(Fault::Silence) => HttpConnectorFuture::new(std::future::pending()),
            Some(Fault::AnswerLost) => {
                let carried_out = self.inner.call(request);
                HttpConnectorFuture::new(async {
                    carried_out.await?;
                    Err(lost())
                })
            }
        }
    }
}

fn lost() -> ConnectorError {
    ConnectorError::io("the connection was lost".into())
}

fn answer(status: u16, body: &Value) -> HttpConnectorFuture {
    let response = StatusCode::try_from(status)
        .map(|status| HttpResponse::new(status, SdkBody::from(body.to_string())))
        .map_err(|error| ConnectorError::other(error.into(), None));
    HttpConnectorFuture::ready(response)
}

/// DynamoDB's answer to a batch of which it could do nothing.
fn unprocessed(request: &HttpRequest) -> Value {
    let sent: Value = request
        .body()
        .bytes()
        .and_then(|body| serde_json::from_slice(body).ok())
        .unwrap_or_default();
    let items = &sent["RequestItems"];
    json!({ "UnprocessedItems": items, "UnprocessedKeys": items, "Responses": {} })
}

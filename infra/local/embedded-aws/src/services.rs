use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use winterbaume_core::{MockRequest, MockResponse, MockService, StatefulService, default_account_id};
use winterbaume_secretsmanager::SecretsManagerService;
use winterbaume_sesv2::SesV2Service;
use winterbaume_sqs::SqsService;

use crate::{Error, REGION, SentMail};

/// SQS, Secrets Manager and SES v2 behind one port, told apart as AWS's own clients address them.
pub(crate) struct Services {
    sqs: SqsService,
    secrets: SecretsManagerService,
    ses: SesV2Service,
    /// Kept here because the emulator forgets the HTML of a mail.
    mails: Mutex<Vec<SentMail>>,
    /// Where secrets outlive the process. Locked from the snapshot to the end of the write, so that none overtakes another.
    secrets_file: Option<tokio::sync::Mutex<PathBuf>>,
}

impl Services {
    /// Empty, but for the secrets found in `secrets_file`.
    pub(crate) async fn start(secrets_file: Option<PathBuf>) -> Result<Self, Error> {
        let secrets = SecretsManagerService::new();
        if let Some(path) = secrets_file.as_ref().filter(|path| path.exists()) {
            let kept = std::fs::read(path).map_err(|source| Error::Data {
                path: path.clone(),
                source,
            })?;
            let refused = |reason: String| Error::RestoreSecrets {
                path: path.clone(),
                reason,
            };
            let view = serde_json::from_slice(&kept).map_err(|error| refused(error.to_string()))?;
            let restored = secrets.restore(default_account_id(), REGION, view).await;
            restored.map_err(|error| refused(error.to_string()))?;
        }
        Ok(Self {
            sqs: SqsService::new(),
            secrets,
            ses: SesV2Service::new(),
            mails: Mutex::default(),
            secrets_file: secrets_file.map(tokio::sync::Mutex::new),
        })
    }

    pub(crate) fn sent_mails(&self) -> Vec<SentMail> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn answer_secrets(&self, operation: &str, request: MockRequest) -> MockResponse {
        let response = self.secrets.handle(request).await;
        let changes = !["Get", "BatchGet", "Describe", "List"]
            .iter()
            .any(|reads| operation.starts_with(reads));
        if response.status < 300 && changes && self.keep_secrets().await.is_err() {
            return MockResponse::json(500, r#"{"__type":"InternalServiceError"}"#);
        }
        response
    }

    async fn keep_secrets(&self) -> std::io::Result<()> {
        let Some(path) = &self.secrets_file else {
            return Ok(());
        };
        let path = path.lock().await;
        let view = self.secrets.snapshot(default_account_id(), REGION).await;
        write_private(&path, &serde_json::to_vec(&view)?)
    }

    async fn answer_ses(&self, request: MockRequest) -> MockResponse {
        let sends = request.method == "POST" && request.uri.ends_with("/v2/email/outbound-emails");
        let mail = sends.then(|| SentMail::parse(&request.body)).flatten();
        let response = self.ses.handle(request).await;
        if response.status < 300 {
            self.mails
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend(mail);
        }
        response
    }
}

impl fmt::Debug for Services {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Services").finish_non_exhaustive()
    }
}

/// Every path and method, since AWS's protocols use one path, or many.
pub(crate) fn router(services: Arc<Services>) -> Router {
    Router::new()
        .fallback(answer)
        .layer(DefaultBodyLimit::disable())
        .with_state(services)
}

async fn answer(
    State(services): State<Arc<Services>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let target = headers
        .get("x-amz-target")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    // The services read their region from the host they would have at AWS.
    let request = |host: &str| MockRequest {
        method: method.to_string(),
        uri: format!("https://{host}.{REGION}.amazonaws.com{uri}"),
        headers,
        body,
    };

    let response = match target.split_once('.') {
        Some(("AmazonSQS", _)) => services.sqs.handle(request("sqs")).await,
        Some(("secretsmanager", operation)) => {
            services
                .answer_secrets(operation, request("secretsmanager"))
                .await
        }
        _ if uri.path().starts_with("/v2/email/") => services.answer_ses(request("email")).await,
        _ => MockResponse::json(404, r#"{"__type":"UnknownOperationException"}"#),
    };

    let status = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, response.headers, response.body).into_response()
}

/// Replaces the file as a whole, so that a crash leaves the old one; only this user may read it.
fn write_private(path: &std::path::Path, content: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;

    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let next = path.with_extension("next");
    let mut file = options.open(&next)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(next, path)
}

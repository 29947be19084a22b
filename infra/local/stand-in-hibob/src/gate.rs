//! What every request with credentials passes: blocks, credentials, limits, faults, and the log.

use std::{net::SocketAddr, time::Instant};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::Response,
};
use jiff::{SignedDuration, Timestamp};
use tokio::time::sleep;

use crate::{
    faults::Fault,
    host::{Knock, StandInHibob, Visit},
    limits::Allowance,
    pages,
    requests::{self, Endpoint},
};

/// The field ids a handler was asked for, on their way to the log.
#[derive(Clone, Debug, Default)]
pub(crate) struct AskedFields(pub(crate) Vec<String>);

pub(crate) async fn gate(
    State((hibob, endpoint)): State<(StandInHibob, Endpoint)>,
    request: Request,
    next: Next,
) -> Response {
    let authorization = text(request.headers(), header::AUTHORIZATION).to_owned();
    let address = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|peer| peer.0.ip());
    let knock = Knock {
        endpoint,
        authorization: &authorization,
        address,
        at: Instant::now(),
    };

    let decision = hibob.admit(knock);
    let mut response = match decision.visit {
        Ok(visit) => serve(&hibob, visit, request, next).await,
        Err(refused) => refused,
    };

    let now = wall_clock();
    if let Some(allowance) = decision.allowance {
        show(allowance, now, response.headers_mut());
    }
    if !decision.is_blocked {
        hibob.count_refusal(knock, response.status());
    }
    let AskedFields(fields) = response.extensions_mut().remove().unwrap_or_default();
    hibob.log(requests::Request {
        at: now,
        company: decision.company,
        endpoint,
        status: response.status(),
        fields,
    });
    response
}

async fn serve(hibob: &StandInHibob, visit: Visit, mut request: Request, next: Next) -> Response {
    if let Some(Fault::SlowStart(pause)) = visit.fault {
        sleep(pause).await;
    }
    if let Some(answer) = visit
        .fault
        .and_then(|fault| pages::of_fault(fault, &hibob.limits()))
    {
        return answer;
    }
    request.extensions_mut().insert(visit);
    next.run(request).await
}

/// Wrong paths and methods need no credentials; they are logged all the same.
pub(crate) async fn wrong_path(State(hibob): State<StandInHibob>) -> Response {
    hibob.log(requests::Request {
        at: wall_clock(),
        company: None,
        endpoint: Endpoint::Unknown,
        status: StatusCode::OK,
        fields: Vec::new(),
    });
    pages::web_app()
}

pub(crate) fn text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn show(allowance: Allowance, now: Timestamp, headers: &mut HeaderMap) {
    let resets_in = SignedDuration::try_from(allowance.resets_in).unwrap_or_default();
    // Rounded up, so that whoever waits until then has waited long enough.
    let resets_at = now.saturating_add(resets_in).map_or(now, |at| at).as_second() + 1;
    headers.insert("x-ratelimit-limit", allowance.limit.into());
    headers.insert("x-ratelimit-remaining", allowance.remaining.into());
    headers.insert("x-ratelimit-reset", resets_at.into());
}

#[expect(
    clippy::disallowed_methods,
    reason = "rate limits reset, and requests arrive, in real time"
)]
fn wall_clock() -> Timestamp {
    Timestamp::now()
}

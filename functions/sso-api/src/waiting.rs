//! What a browser waits for an answer to, as its cookies say.

use axum::http::HeaderMap;
use jiff::Timestamp;
use provisioning::TenantId;
use single_sign_on::{Pending, PendingFault, Purpose, RelayState};

use crate::denial::Denial;
use crate::form::Form;
use crate::visit::Visit;
use crate::{SsoApi, cookie};

/// The request of this browser that the form names, which is over with this answer, whatever comes of it.
pub(crate) fn named(
    api: &SsoApi,
    visit: &mut Visit,
    tenant: &TenantId,
    headers: &HeaderMap,
    form: &Form,
    now: Timestamp,
) -> Result<Option<Pending>, Denial> {
    let relay = form.relay_state.as_deref().and_then(|relay| relay.parse().ok());
    let Some(relay): Option<RelayState> = relay else {
        return Ok(None);
    };
    let Some(value) = cookie::find(headers, &relay)? else {
        return Ok(None);
    };
    visit.spent = cookie::take_back(&relay);
    let opened_at = |now| api.seal.open(&relay, tenant, value, now);
    match opened_at(now) {
        Ok(pending) => {
            visit.wanted = Some(pending.purpose.clone());
            Ok(Some(pending))
        }
        Err(PendingFault::Expired) => {
            // What was wanted is true however late it is.
            visit.wanted = opened_at(Timestamp::MIN).ok().map(|pending| pending.purpose);
            Err(Denial::StartedElsewhere)
        }
        Err(PendingFault::Forged) => Err(Denial::ForgedState),
        Err(PendingFault::OtherTenant) => Err(Denial::StateOfOtherTenant),
    }
}

/// The test that this browser waits for, if it is one.
pub(crate) fn test(api: &SsoApi, tenant: &TenantId, headers: &HeaderMap, now: Timestamp) -> Option<Pending> {
    let mut tests = cookie::all(headers)
        .filter_map(|(relay, value)| api.seal.open(&relay, tenant, value, now).ok())
        .filter(|pending| pending.purpose == Purpose::Test);
    match (tests.next(), tests.next()) {
        (test, None) => test,
        (_, Some(_)) => None,
    }
}

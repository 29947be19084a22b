//! Cookies, one per request to a provider.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use single_sign_on::{PENDING_LIFETIME, PendingSeal, RelayState};

use crate::denial::Denial;

/// What the names of all of them begin with.
const PREFIX: &str = "__Host-sso-";
/// A provider's answer comes cross-site, hence `SameSite=None`; no script and no other host ever sees the cookie.
const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=None";
/// As many requests at once as a browser may have under way. It sends all of them with every answer, and the gateway takes no
/// headers of more than 10 KB in all.
const MOST: usize = 5;
/// As many as one answer takes back.
const MOST_TAKEN_BACK: usize = 10;

/// The value of a request's cookie; none if there is no such cookie.
///
/// # Errors
/// There are several of the name, which no browser has from us.
pub(crate) fn find<'a>(headers: &'a HeaderMap, relay: &RelayState) -> Result<Option<&'a str>, Denial> {
    let mut values = all(headers)
        .filter(|(found, _)| found == relay)
        .map(|(_, value)| value);
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        (_, Some(_)) => Err(Denial::ForgedState),
    }
}

/// The header that keeps a cookie as long as an answer is waited for.
pub(crate) fn keep(relay: &RelayState, value: &str) -> Option<HeaderValue> {
    let (name, seconds) = (PendingSeal::cookie_name(relay), PENDING_LIFETIME.as_secs());
    HeaderValue::try_from(format!("{name}={value}; {ATTRIBUTES}; Max-Age={seconds}")).ok()
}

/// The header that takes a cookie back.
pub(crate) fn take_back(relay: &RelayState) -> Option<HeaderValue> {
    let name = PendingSeal::cookie_name(relay);
    HeaderValue::try_from(format!("{name}=; {ATTRIBUTES}; Max-Age=0")).ok()
}

/// The headers that make room for one more request. Browsers name the oldest first.
pub(crate) fn take_back_surplus(headers: &HeaderMap) -> Vec<HeaderValue> {
    let surplus = (count(headers) + 1).saturating_sub(MOST);
    let oldest = all(headers).take(surplus.min(MOST_TAKEN_BACK));
    oldest.filter_map(|(relay, _)| take_back(&relay)).collect()
}

/// How many requests the browser has made within ten minutes that no answer has come to.
pub(crate) fn count(headers: &HeaderMap) -> usize {
    all(headers).count()
}

/// Every cookie that has a name as we give it.
pub(crate) fn all(headers: &HeaderMap) -> impl Iterator<Item = (RelayState, &str)> {
    headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().strip_prefix(PREFIX)?.split_once('='))
        .filter_map(|(relay, value)| Some((relay.parse().ok()?, value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookies: &[&str]) -> HeaderMap {
        let pair = |cookie: &&str| (COOKIE, HeaderValue::from_str(cookie).unwrap());
        cookies.iter().map(pair).collect()
    }

    fn relay(byte: u8) -> RelayState {
        RelayState::from_random([byte; 16])
    }

    fn named(count: u8) -> String {
        let pairs = (0..count).map(|byte| format!("{PREFIX}{}=v.w", relay(byte)));
        pairs.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_cookie_is_found_among_others_wherever_it_stands() {
        let headers = headers(&["a=1; __Host-sso-AAAAAAAAAAAAAAAAAAAAAA=v.w", "b=2"]);
        assert_eq!(find(&headers, &relay(0)).unwrap(), Some("v.w"));
        assert_eq!(find(&headers, &relay(1)).unwrap(), None);
    }

    #[test]
    fn one_of_two_of_the_same_name_is_not_chosen() {
        let once = named(1);
        assert!(find(&headers(&[&once, &once]), &relay(0)).is_err());
        assert!(find(&headers(&[&format!("{once}; {once}")]), &relay(0)).is_err());
    }

    #[test]
    fn of_too_many_requests_the_oldest_are_given_up_and_no_others() {
        assert!(take_back_surplus(&headers(&[&named(4), "other=1"])).is_empty());
        let surplus = take_back_surplus(&headers(&["other=1", &named(6)]));
        let names: Vec<_> = surplus.iter().map(|cookie| cookie.to_str().unwrap()).collect();
        let erased = |byte| format!("{PREFIX}{}=; {ATTRIBUTES}; Max-Age=0", relay(byte));
        assert_eq!(names, [erased(0), erased(1)]);
        assert_eq!(take_back_surplus(&headers(&[&named(40)])).len(), MOST_TAKEN_BACK);
    }

    #[test]
    fn what_only_begins_like_a_name_of_ours_is_nobodys_request() {
        let strange =
            "__Host-sso-=1; __Host-sso-a=1; __Host-sso-b,c\"=1; __Host-sso-AAAAAAAAAAAAAAAAAAAAAAA=1";
        let headers = headers(&[strange, &named(1)]);
        assert_eq!(count(&headers), 1);
    }
}

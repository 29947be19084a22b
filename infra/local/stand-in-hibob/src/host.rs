//! The companies a stand-in serves, and everything a test can change while it runs.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use axum::{http::StatusCode, response::Response};

use crate::{
    access::{ServiceUser, credentials},
    company::Company,
    faults::{Fault, Faults, When},
    limits::{Allowance, Caller, Limits, Meter, Refusal},
    pages,
    requests::{Endpoint, Request},
};

/// A HiBob of our own. Clones share their companies, so a test keeps one and the server has another.
#[derive(Clone, Debug, Default)]
pub struct StandInHibob {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    companies: BTreeMap<String, Hosted>,
    limits: Limits,
    meter: Meter,
    requests: Vec<Request>,
    has_removed_all_people: bool,
}

#[derive(Debug)]
struct Hosted {
    company: Arc<Company>,
    users: Vec<ServiceUser>,
    faults: Faults,
    /// How many requests were let in; shuffles each answer differently, and repeatably.
    turns: u64,
}

/// A request as the gate sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Knock<'a> {
    pub(crate) endpoint: Endpoint,
    pub(crate) authorization: &'a str,
    /// Unknown when a router is called without a connection.
    pub(crate) address: Option<IpAddr>,
    pub(crate) at: Instant,
}

/// What a request that was let in may work with.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) company: Arc<Company>,
    pub(crate) user: ServiceUser,
    pub(crate) fault: Option<Fault>,
    pub(crate) turn: u64,
}

/// The gate's decision, and what its headers and the log say about it.
#[derive(Debug)]
pub(crate) struct Decision {
    pub(crate) company: Option<String>,
    pub(crate) allowance: Option<Allowance>,
    /// Refused by the firewall, which neither counts nor limits.
    pub(crate) is_blocked: bool,
    pub(crate) visit: Result<Visit, Response>,
}

impl StandInHibob {
    /// A HiBob without companies.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Serves a company under a name of the test's choice; `user` is its first service user.
    pub fn host(&self, name: &str, company: Company, user: ServiceUser) {
        let hosted = Hosted {
            company: Arc::new(company),
            users: vec![user],
            faults: Faults::default(),
            turns: 0,
        };
        self.state().companies.insert(name.to_owned(), hosted);
    }

    /// Gives a company one more service user.
    ///
    /// # Panics
    /// When there is no such company.
    pub fn add_user(&self, name: &str, user: ServiceUser) {
        self.hosted(name, |hosted| hosted.users.push(user));
    }

    /// The company as it is at this moment.
    ///
    /// # Panics
    /// When there is no such company.
    #[must_use]
    pub fn company(&self, name: &str) -> Arc<Company> {
        self.hosted(name, |hosted| Arc::clone(&hosted.company))
    }

    /// Changes a company. Answers that are being sent keep to what it was.
    ///
    /// # Panics
    /// When there is no such company.
    pub fn edit<R>(&self, name: &str, change: impl FnOnce(&mut Company) -> R) -> R {
        self.hosted(name, |hosted| change(Arc::make_mut(&mut hosted.company)))
    }

    /// Changes a service user: its permissions, its token, whether it is revoked.
    ///
    /// # Panics
    /// When no company has such a service user.
    pub fn edit_user<R>(&self, id: &str, change: impl FnOnce(&mut ServiceUser) -> R) -> R {
        let mut state = self.state();
        let mut users = state.companies.values_mut().flat_map(|hosted| &mut hosted.users);
        change(
            users
                .find(|user| user.id == id)
                .unwrap_or_else(|| panic!("no service user `{id}`")),
        )
    }

    /// Lets something go wrong for one company.
    ///
    /// # Panics
    /// When there is no such company.
    pub fn inject(&self, name: &str, fault: Fault, when: When) {
        self.hosted(name, |hosted| hosted.faults.add(fault, when));
    }

    /// Ends all faults of a company.
    ///
    /// # Panics
    /// When there is no such company.
    pub fn clear_faults(&self, name: &str) {
        self.hosted(name, |hosted| hosted.faults.clear());
    }

    /// Replaces the limits and forgets who was counted or blocked.
    pub fn set_limits(&self, limits: Limits) {
        let mut state = self.state();
        state.limits = limits;
        state.meter = Meter::default();
    }

    /// Whether the deprecated `GET /people` is gone (404) rather than empty.
    pub fn remove_all_people(&self, is_gone: bool) {
        self.state().has_removed_all_people = is_gone;
    }

    /// Everything that was asked, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.state().requests.clone()
    }

    /// Empties the log of requests.
    pub fn forget_requests(&self) {
        self.state().requests.clear();
    }

    pub(crate) fn limits(&self) -> Limits {
        self.state().limits
    }

    pub(crate) fn has_removed_all_people(&self) -> bool {
        self.state().has_removed_all_people
    }

    pub(crate) fn log(&self, request: Request) {
        self.state().requests.push(request);
    }

    /// Blocks come first, then credentials, then the rate limit, then faults.
    pub(crate) fn admit(&self, knock: Knock<'_>) -> Decision {
        let mut state = self.state();
        let State {
            companies,
            limits,
            meter,
            ..
        } = &mut *state;
        let header = Caller::Header(knock.authorization.to_owned());
        let address = knock.address.map(Caller::Address);
        if address
            .iter()
            .chain([&header])
            .any(|caller| meter.is_blocked(caller, knock.at))
        {
            return Decision {
                company: None,
                allowance: None,
                is_blocked: true,
                visit: Err(pages::blocked()),
            };
        }
        let mut allowance = meter.count(limits, header, knock.endpoint, knock.at);
        let presented = credentials(knock.authorization);
        let known = companies.iter_mut().find_map(|(name, hosted)| {
            let (id, token) = presented.as_ref()?;
            let user = hosted.users.iter().find(|user| user.id == *id)?.clone();
            let is_let_in = user.token == *token && !user.is_revoked;
            Some((name, hosted, is_let_in.then_some(user)))
        });
        let company = known.as_ref().map(|(name, ..)| (*name).clone());
        let visit = match known {
            Some((_, _, Some(_))) if allowance.is_some_and(|it| it.is_exceeded) => Err(
                pages::too_many_requests(limits.retry_after, limits.has_error_body),
            ),
            Some((_, hosted, Some(user))) => {
                hosted.turns += 1;
                let fault = hosted.faults.strike(knock.endpoint);
                if let Some(Fault::TooManyRequests { headers, .. }) = fault {
                    allowance = allowance
                        .filter(|_| headers)
                        .map(|it| Allowance { remaining: 0, ..it });
                }
                Ok(Visit {
                    company: Arc::clone(&hosted.company),
                    user,
                    fault,
                    turn: hosted.turns,
                })
            }
            _ => Err(pages::unauthorized()),
        };
        Decision {
            company,
            allowance,
            is_blocked: false,
            visit,
        }
    }

    /// Counts a refusal towards a block: a 401 by address and by header, a 403 by header.
    pub(crate) fn count_refusal(&self, knock: Knock<'_>, status: StatusCode) {
        let refusal = match status {
            StatusCode::UNAUTHORIZED => Refusal::Unauthorized,
            StatusCode::FORBIDDEN => Refusal::Forbidden,
            _ => return,
        };
        let mut state = self.state();
        let State { limits, meter, .. } = &mut *state;
        meter.refuse(
            limits,
            &Caller::Header(knock.authorization.to_owned()),
            refusal,
            knock.at,
        );
        if let Some(address) = knock.address.filter(|_| refusal == Refusal::Unauthorized) {
            meter.refuse(limits, &Caller::Address(address), refusal, knock.at);
        }
    }

    fn hosted<R>(&self, name: &str, work: impl FnOnce(&mut Hosted) -> R) -> R {
        let mut state = self.state();
        work(
            state
                .companies
                .get_mut(name)
                .unwrap_or_else(|| panic!("no company `{name}`")),
        )
    }

    /// A test that panics while it holds the state must not fail the ones after it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

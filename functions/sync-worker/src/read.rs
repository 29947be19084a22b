//! Reading both sides and computing the plan.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use provisioning::{AccountId, Basis, Head, History, Mapping, Plan, Policy, Reconciler, Refused, Today};
use team_directory::Team;
use tenant_store::ServiceUser;

use crate::progress::Progress;

/// Accounts compared at a time, one request's worth.
const COMPARED_AT_ONCE: usize = 100;

/// A plan could not be computed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("could not read the team")]
    Directory(#[from] team_directory::Error),
    #[error("could not read HiBob")]
    Hibob(#[from] hibob::Error),
    #[error("the answer is recognised as bad: {}", .0.refusal)]
    Refused(Box<Refused>),
}

/// What a tenant's admin decided, as this run goes by it.
#[derive(Debug)]
pub(crate) struct Decided<'a> {
    pub(crate) mapping: &'a Mapping,
    pub(crate) policy: &'a Policy,
    pub(crate) today: &'a Today,
    pub(crate) history: &'a History,
    /// Accounts that earlier attempts at this run were about to deactivate.
    pub(crate) deactivating: &'a HashSet<AccountId>,
    /// Whether the admin has seen whom this mapping removes.
    pub(crate) removals_seen: bool,
}

/// What came of reading, and what it cost.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) result: Result<Planned, ReadError>,
    pub(crate) usage: hibob::Usage,
}

/// A plan with what the writers need to know of its beginning.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) plan: Plan,
    pub(crate) team_was_empty: bool,
}

/// Streams HiBob's answer past the team's accounts. `hibob_until` bounds the calls to HiBob.
pub(crate) async fn read_and_plan(
    hibob: &hibob::Client,
    service_user: ServiceUser,
    team: &Team,
    decided: &Decided<'_>,
    hibob_until: Instant,
    progress: Progress<'_>,
) -> Reading {
    let credentials = hibob::Credentials::new(service_user.id, service_user.token);
    let mut session = hibob.session(credentials, hibob_until);
    let result = plan(&mut session, team, decided, progress).await;
    Reading {
        result,
        usage: session.usage(),
    }
}

async fn plan(
    session: &mut hibob::Session,
    team: &Team,
    decided: &Decided<'_>,
    mut progress: Progress<'_>,
) -> Result<Planned, ReadError> {
    let heads: Vec<Head> = team.heads().await?;
    let team_was_empty = heads.is_empty();
    // What an attempt that died has removed counts against this one's limit.
    let removed = u32::try_from(Head::inactive_among(&heads, decided.deactivating)).unwrap_or(u32::MAX);
    let history = decided.history.clone().after(decided.today.date(), removed, None);
    let fields = Basis::fields(decided.mapping, decided.policy);
    let basis = Basis {
        mapping: decided.mapping,
        policy: decided.policy,
        fields: &fields,
        today: decided.today,
        history: &history,
        removals_seen: decided.removals_seen,
    };
    let mut reconciler = Reconciler::new(heads, basis);
    let mut people = session.search(&fields).await?;
    while let Some(employee) = people.next().await? {
        reconciler.observe(&employee);
        progress.count().await;
    }
    drop(people);

    let mut draft = reconciler.finish().map_err(ReadError::Refused)?;
    for accounts in draft.to_compare().chunks(COMPARED_AT_ONCE) {
        for stored in team.read(accounts).await? {
            draft.compare(&stored);
        }
    }
    Ok(Planned {
        plan: draft.into_plan(),
        team_was_empty,
    })
}

/// An instant of the clock as one that the runtime can wait for.
pub(crate) fn as_instant(at: Timestamp, now: Timestamp) -> Instant {
    Instant::now() + Duration::try_from(at.duration_since(now)).unwrap_or_default()
}

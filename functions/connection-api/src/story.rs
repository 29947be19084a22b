//! Why a person is, or is not, in the team.

mod evidence;
mod sentences;

use std::sync::Arc;

use axum::extract::State;
use http_api::{Caller, Json, PersonName, Problem};
use jiff::Timestamp;
use jiff::civil::Date;
use provisioning::story::{EmailState, ExplainedScope, ExplainedStanding, ScopeVerdict};
use provisioning::{AccountId, AccountState, DeactivationReason, EmailAddress, EmployeeId, Override};
use serde::{Deserialize, Serialize};
use team_directory::{Account, Origin};
use tenant_store::Connection;
use utoipa::ToSchema;

use self::evidence::{Evidence, Seen};
use crate::ConnectionApi;
use crate::api::to_second;
use crate::people::StateBody;
use crate::rows::{RowKind, RowReason};

/// About whom
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"person": "ada@example.com"}))]
pub(crate) struct About {
    /// HiBob's id of the person, or the e-mail address.
    #[schema(min_length = 1, max_length = 254)]
    person: String,
}

/// Everything that is known about why a person is, or is not, in the team
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Story {
    employee: Option<EmployeeId>,
    /// As the team has it.
    name: Option<String>,
    email: Option<EmailAddress>,
    account: Option<AccountBody>,
    /// What HiBob says at this moment; null if it could not be asked.
    hibob: Option<HibobBody>,
    /// Why HiBob could not be asked: the last part of a problem's type.
    #[schema(example = "hibob-unavailable")]
    hibob_problem: Option<&'static str>,
    /// What the latest runs did about the person, the latest first.
    runs: Vec<RunOfPerson>,
    /// Since which run a change of the account waits for somebody to look at it; null if none does.
    #[schema(value_type = Option<String>, format = DateTime)]
    waiting_since: Option<Timestamp>,
    /// False if the team or the runs are so large that not all of what was to be looked through has been.
    is_complete: bool,
    /// The story in plain words.
    #[schema(example = json!(["Found in HiBob on 24 November 2026, 02:04.", "In scope."]))]
    sentences: Vec<String>,
}

/// The person's account
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AccountBody {
    id: AccountId,
    state: StateBody,
    /// HiThrive's own decision, which stands above the sync.
    #[serde(rename = "override")]
    override_: Option<Override>,
    /// How it came to be the sync's; null if it is HiThrive's own.
    origin: Option<OriginBody>,
    /// `sync` if the sync deactivated it, `hithrive` if somebody else did.
    deactivated_by: Option<&'static str>,
    deactivation_reason: Option<DeactivationReason>,
    deactivated_at: Option<Timestamp>,
    /// Healthy nights in a row in which HiBob did not show the person.
    missing_nights: u8,
    #[schema(value_type = Option<String>, format = Date)]
    missing_on: Option<Date>,
    out_of_scope: bool,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    /// The run that wrote last.
    last_run: Option<Timestamp>,
}

/// How an account came to be the sync's
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Origin)]
enum OriginBody {
    Created,
    Adopted,
}

/// What HiBob says of the person
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct HibobBody {
    found: bool,
    checked_at: Timestamp,
    standing: Option<ExplainedStanding>,
    scope: Option<ExplainedScope>,
    email: Option<EmailState>,
}

/// What a run did about the person
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
struct RunOfPerson {
    #[schema(value_type = String, format = DateTime)]
    run: Timestamp,
    /// When the run was over.
    at: Timestamp,
    kind: RowKind,
    reason: Option<RowReason>,
    /// True if it was not done, and waited for somebody to look at it.
    held: bool,
    fields: Vec<String>,
}

http_api::problems!(pub(crate) StoryProblems: InvalidRequest, NotFound, NotConnected, TokenRefused, AccessDenied,
    TooManyRefusals, HibobUnavailable, HibobBlocked, HibobTooSlow);

/// Tell why a person is, or is not, in the team
///
/// Asks HiBob about this one person, with the control fields and those of your rules, and looks through the latest runs.
/// If HiBob cannot be asked, the rest is told.
#[utoipa::path(post, path = "/api/people/story", tag = "people", request_body = About,
    responses((status = 200, description = "The story", body = Story), StoryProblems))]
pub(crate) async fn tell_story(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
    Json(about): Json<About>,
) -> Result<Json<Story>, Problem> {
    let person = PersonName::new(&about.person)?;
    let connection = api.connected(&caller.tenant).await?.value;
    let evidence = api.evidence(&caller.tenant, person, &connection).await?;
    let mut story = Story::of(evidence, api.clock.now());
    story.sentences = sentences::tell(&story, &connection);
    Ok(Json(story))
}

impl Story {
    /// Without sentences yet.
    fn of(evidence: Evidence, now: Timestamp) -> Self {
        let Evidence { seen, account, .. } = evidence;
        let in_hibob = seen.as_ref().ok().and_then(Option::as_ref);
        let address = account.as_ref().map(|account| account.status.email.clone());
        Self {
            employee: evidence.employee,
            name: account.as_ref().and_then(Account::name),
            email: address.or_else(|| in_hibob?.email.clone()),
            account: account.map(AccountBody::from),
            hibob_problem: seen.as_ref().err().map(|problem| problem.kind().slug()),
            hibob: seen.ok().map(|seen| HibobBody::of(seen, now)),
            runs: evidence.runs,
            waiting_since: evidence.waiting_since,
            is_complete: evidence.is_complete,
            sentences: Vec::new(),
        }
    }
}

/// Somebody who has no e-mail address in HiBob, for the OpenAPI document.
pub(crate) fn example(connection: &Connection, now: Timestamp) -> Story {
    let mut story = Story {
        employee: "2735482640".parse().ok(),
        name: None,
        email: None,
        account: None,
        hibob: Some(HibobBody {
            found: true,
            checked_at: now,
            standing: Some(ExplainedStanding::Here),
            scope: Some(ExplainedScope {
                verdict: ScopeVerdict::In,
                rule: None,
            }),
            email: Some(EmailState::Empty),
        }),
        hibob_problem: None,
        runs: Vec::new(),
        waiting_since: None,
        is_complete: true,
        sentences: Vec::new(),
    };
    story.sentences = sentences::tell(&story, connection);
    story
}

impl From<Account> for AccountBody {
    fn from(Account { status, trace, .. }: Account) -> Self {
        let (deactivated_by, deactivation_reason) = match status.state {
            AccountState::Active => (None, None),
            AccountState::Inactive(None) => (Some("hithrive"), None),
            AccountState::Inactive(reason) => (Some("sync"), reason),
        };
        Self {
            id: status.id,
            state: status.state.into(),
            override_: status.override_,
            origin: trace.origin.map(|origin| match origin {
                Origin::Created => OriginBody::Created,
                Origin::Adopted => OriginBody::Adopted,
            }),
            deactivated_by,
            deactivation_reason,
            deactivated_at: trace.deactivated_at.map(to_second),
            missing_nights: status.missing.nights,
            missing_on: status.missing.last_on,
            out_of_scope: status.out_of_scope,
            created_at: trace.created_at.map(to_second),
            updated_at: trace.updated_at.map(to_second),
            last_run: trace.last_run.map(to_second),
        }
    }
}

impl HibobBody {
    fn of(seen: Option<Seen>, now: Timestamp) -> Self {
        let explanation = seen.map(|seen| seen.explanation);
        Self {
            found: explanation.is_some(),
            checked_at: to_second(now),
            standing: explanation.as_ref().map(|explained| explained.standing),
            scope: explanation.as_ref().map(|explained| explained.scope),
            email: explanation.as_ref().map(|explained| explained.email),
        }
    }
}

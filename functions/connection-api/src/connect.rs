//! Connecting, and replacing the token.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use hibob::{Company, Disposition, Refusal, Session};
use http_api::{Caller, Fault, Json, Problem, ProblemKind, Trouble};
use provisioning::{Policy, TenantId};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tenant_store::{Connection, Error, Night, ServiceUser, Versioned};
use utoipa::ToSchema;

use crate::ConnectionApi;
use crate::api::not_connected;
use crate::show::ConnectionBody;

/// Somebody else's save between reading and writing is overcome so often.
const MOST_TRIES: u8 = 4;
const LONGEST_ID: usize = 200;
const LONGEST_TOKEN: usize = 1000;

/// A service user of HiBob, as HiBob shows it when it is created
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"serviceUserId": "SERVICE-12345", "token": "the token that HiBob shows once"}))]
pub(crate) struct ServiceUserBody {
    #[schema(min_length = 1, max_length = 200)]
    service_user_id: String,
    /// Kept where only the sync can read it; no answer ever shows it.
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 1000)]
    token: SecretString,
}

http_api::problems!(pub(crate) ConnectProblems: InvalidRequest, TokenRefused, AccessDenied, OtherCompany,
    CompanyUnverified, NotConnected, TooManyRefusals, HibobUnavailable, HibobBlocked, HibobTooSlow);

/// Connect to HiBob, or replace the token
///
/// HiBob is asked once whether it accepts the pair, and to which company it belongs. A pair that it refuses is not kept.
/// With a new token, settings, mapping and the team stay as they are; a run under way ends without changing anything more.
#[utoipa::path(put, path = "/api/connection/service-user", tag = "connection", request_body = ServiceUserBody,
    responses(
        (status = 200, description = "The token was replaced", body = ConnectionBody),
        (status = 201, description = "Connected; the sync is still switched off", body = ConnectionBody),
        ConnectProblems,
    ))]
pub(crate) async fn put_service_user(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
    Json(body): Json<ServiceUserBody>,
) -> Result<impl IntoResponse, Problem> {
    let user = body.checked()?;
    let company = api
        .hibob
        .ask_as(&caller.tenant, user.clone(), |mut session| async move {
            session.fields().await?;
            company(&mut session).await
        });
    let company = company.await?;
    let status = if api.keep(&caller.tenant, &user, company).await? {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, api.show(&caller.tenant).await?))
}

impl ServiceUserBody {
    /// Without the blanks that copying brings along.
    fn checked(self) -> Result<ServiceUser, Problem> {
        let (id, token) = (self.service_user_id.trim(), self.token.expose_secret().trim());
        let mut faults = Vec::new();
        // A colon would end the id in HTTP's Basic scheme.
        if !is_printable(id, LONGEST_ID) || id.contains(':') {
            faults.push(Fault::new(
                "/serviceUserId",
                "This is not the ID of a service user.",
            ));
        }
        if !is_printable(token, LONGEST_TOKEN) {
            faults.push(Fault::new("/token", "This is not the token of a service user."));
        }
        if !faults.is_empty() {
            return Err(Problem::invalid_request(&faults));
        }
        Ok(ServiceUser {
            id: id.to_owned(),
            token: token.into(),
        })
    }
}

fn is_printable(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whose HiBob it is. One that lets nobody be seen yet is no error.
pub(crate) async fn company(session: &mut Session) -> Result<Company, Trouble> {
    match session.company().await {
        Err(error) if error.disposition() == Disposition::Refused(Refusal::Forbidden) => Ok(Company::Unseen),
        answer => Ok(answer?),
    }
}

impl ConnectionApi {
    /// Keeps a service user that HiBob accepts; true if the tenant was not connected before.
    ///
    /// The connection comes first: of two who connect at once one creates it, and the other's token has to be of the same
    /// company. A connection that was left without a token gets it by the same request again.
    async fn keep(&self, tenant: &TenantId, user: &ServiceUser, company: Company) -> Result<bool, Problem> {
        let mut is_new = false;
        for _ in 0..MOST_TRIES {
            let Some(read) = self.tenants.connection(tenant).await? else {
                let connection = new_connection(&company)?;
                match self
                    .tenants
                    .create_connection(tenant, &connection, self.clock.now())
                    .await
                {
                    Err(Error::AlreadyConnected) => {}
                    created => {
                        created?;
                        is_new = true;
                    }
                }
                continue;
            };
            match self.put_token(tenant, user, &company, &read).await {
                Err(Error::VersionChanged { .. }) => {}
                Err(Error::NotConnected) => return Err(not_connected()),
                put => return put?.map(|()| is_new),
            }
        }
        Err(ProblemKind::Unavailable.into())
    }

    /// Gives a connection a token of its company, and voids a run that has an older one.
    async fn put_token(
        &self,
        tenant: &TenantId,
        user: &ServiceUser,
        company: &Company,
        read: &Versioned<Connection>,
    ) -> Result<Result<(), Problem>, Error> {
        let new_id = match (&read.value.company_id, company) {
            (Some(known), Company::Known(id)) if known == id => None,
            (Some(_), Company::Known(_)) => return Ok(Err(ProblemKind::OtherCompany.into())),
            (None, Company::Known(id)) => Some(id.clone()),
            // Nobody's token is replaced by one of who knows whose.
            (None, Company::Unseen) if self.has_room_for(tenant, user).await? => None,
            (_, Company::Unseen) => return Ok(Err(ProblemKind::CompanyUnverified.into())),
        };
        if let Some(id) = new_id {
            self.tenants
                .set_company_id(tenant, read, id, self.clock.now())
                .await?;
        }
        self.vault.put(tenant, user).await?;
        let replaced = self.tenants.token_replaced(tenant).await;
        if let Err(Error::NotConnected) = replaced {
            self.take_back(tenant, user).await?;
        }
        replaced.map(Ok)
    }

    /// Erases the token of a tenant that was disconnected meanwhile, unless somebody has connected it again since.
    async fn take_back(&self, tenant: &TenantId, user: &ServiceUser) -> Result<(), Error> {
        let is_ours = self.held(tenant).await?.is_some_and(|held| is_same(&held, user));
        if is_ours && self.tenants.connection(tenant).await?.is_none() {
            self.vault.erase(tenant).await?;
        }
        Ok(())
    }

    /// Whether a tenant has no token, or this very one: the same request a second time.
    async fn has_room_for(&self, tenant: &TenantId, user: &ServiceUser) -> Result<bool, Error> {
        let held = self.held(tenant).await?;
        Ok(held.is_none_or(|held| is_same(&held, user)))
    }

    async fn held(&self, tenant: &TenantId) -> Result<Option<ServiceUser>, Error> {
        match self.vault.service_user(tenant).await {
            Err(Error::NoToken) => Ok(None),
            held => held.map(Some),
        }
    }
}

fn is_same(one: &ServiceUser, other: &ServiceUser) -> bool {
    one.id == other.id && one.token.expose_secret() == other.token.expose_secret()
}

/// Switched off, until the admin has mapped the fields and said when nights are.
fn new_connection(company: &Company) -> Result<Connection, Problem> {
    let night = Night::new("UTC", Night::USUAL);
    Ok(Connection {
        enabled: false,
        company_id: match company {
            Company::Known(id) => Some(id.clone()),
            Company::Unseen => None,
        },
        night: night.map_err(|error| Problem::from(ProblemKind::Internal).because(error))?,
        contacts: Vec::new(),
        policy: Policy::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(id: &str, token: &str) -> Result<ServiceUser, ProblemKind> {
        let body = ServiceUserBody {
            service_user_id: id.to_owned(),
            token: token.into(),
        };
        body.checked().map_err(|problem| problem.kind())
    }

    #[test]
    fn blanks_from_copying_are_left_out() {
        let user = checked(" SERVICE-1\n", "\tsecret ").unwrap();
        assert_eq!(
            (user.id.as_str(), user.token.expose_secret()),
            ("SERVICE-1", "secret")
        );
    }

    #[test]
    fn what_cannot_be_a_service_user_is_not_shown_to_hibob() {
        for (id, token) in [
            ("", "x"),
            ("x", " "),
            ("a:b", "x"),
            ("x", "two words"),
            ("x", "é"),
        ] {
            assert_eq!(
                checked(id, token).err(),
                Some(ProblemKind::InvalidRequest),
                "{id:?} {token:?}"
            );
        }
        assert!(checked("x", &"x".repeat(1001)).is_err());
    }
}

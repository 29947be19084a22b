//! What an admin chooses: when nights are, who is told, and the policy.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use http_api::{Caller, Fault, IfMatch, Json, Problem};
use jiff::civil::Time;
use provisioning::{EmailAddress, Mapping, Policy, Scope, ScopeRule, TenantId};
use serde::{Deserialize, Serialize};
use tenant_store::{Connection, Error, Night};
use utoipa::ToSchema;

use crate::ConnectionApi;
use crate::show::ConnectionBody;

const MOST_CONTACTS: usize = 20;

/// What an admin chooses
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Settings {
    /// The IANA name of the time zone, which also decides the date on which somebody leaves or starts.
    #[schema(example = "Europe/London")]
    pub(crate) time_zone: String,
    /// The local time of day at which the sync runs.
    #[schema(example = "03:30", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    night_at: String,
    /// Who gets an e-mail when the connection needs somebody.
    #[schema(max_items = 20, example = json!(["hr@example.com"]))]
    contacts: Vec<String>,
    policy: Policy,
}

http_api::problems!(pub(crate) SettingsProblems: InvalidRequest, NotConnected, IfMatchMissing, StaleEdit, TokenRefused,
    AccessDenied, TooManyRefusals, HibobUnavailable, HibobBlocked, HibobTooSlow);

/// Replace the settings
///
/// Another time zone or time of day moves the next night; nothing else does. If rules use other fields than before, HiBob is
/// asked about them, and what it says about each is saved with the rules. After a `stale-edit`, `current` is what is saved
/// now and `currentVersion` its version.
#[utoipa::path(put, path = "/api/connection/settings", tag = "connection", request_body = Settings,
    params(("If-Match" = String, Header, description = "The ETag of the connection that was read", example = "\"3\"")),
    responses(
        (status = 200, description = "The connection as it is now", body = ConnectionBody,
            headers(("ETag" = String, description = "Its version"))),
        SettingsProblems,
    ))]
pub(crate) async fn replace_settings(
    State(api): State<Arc<ConnectionApi>>,
    caller: Caller,
    IfMatch(version): IfMatch,
    Json(yours): Json<Settings>,
) -> Result<impl IntoResponse, Problem> {
    let tenant = &caller.tenant;
    let mut read = api.connected(tenant).await?;
    if read.version == version {
        let mapping = api.tenants.mapping(tenant).await?;
        // One that a newer release finds invalid sets no limits.
        let mapping = mapping.and_then(|saved| Mapping::try_from(saved.document).ok());
        let mut described = yours.clone();
        let unknown = api
            .describe(tenant, &mut described.policy.scope, &read.value.policy.scope)
            .await?;
        let connection = described.applied_to(&read.value, mapping.as_ref(), unknown);
        let connection = connection.map_err(|faults| Problem::invalid_request(&faults))?;
        match api
            .tenants
            .save_connection(tenant, &read, connection, api.clock.now())
            .await
        {
            Err(Error::VersionChanged { .. }) => read = api.connected(tenant).await?,
            saved => {
                saved?;
                return api.show(tenant).await;
            }
        }
    }
    Err(Problem::stale_edit(Settings::of(&read.value), yours).with("currentVersion", read.version))
}

impl ConnectionApi {
    /// Puts in place what HiBob says about the rules' fields, unless all are as they were saved, and points at those it does
    /// not have.
    async fn describe(
        &self,
        tenant: &TenantId,
        scope: &mut Scope,
        saved: &Scope,
    ) -> Result<Vec<Fault>, Problem> {
        let is_saved = |rule: &ScopeRule| saved.rules.iter().any(|saved| saved.field == rule.field);
        if scope.rules.iter().all(is_saved) {
            return Ok(Vec::new());
        }
        let metadata = self.hibob.metadata(tenant).await?;
        let rules = scope.rules.iter_mut().enumerate();
        let unknown = rules.filter_map(|(place, rule)| {
            let pointer = format!("/policy/scope/rules/{place}/field/id");
            let is_known = metadata.describe(&mut rule.field);
            (!is_known).then(|| Fault::new(pointer, "HiBob has no such field."))
        });
        Ok(unknown.collect())
    }
}

impl Settings {
    pub(crate) fn of(connection: &Connection) -> Self {
        let contacts = connection.contacts.iter();
        Self {
            time_zone: connection.night.time_zone_name().to_owned(),
            night_at: connection.night.at().strftime("%H:%M").to_string(),
            contacts: contacts.map(|contact| contact.as_str().to_owned()).collect(),
            policy: connection.policy.clone(),
        }
    }

    /// A connection with these settings, or everything that is wrong with them, `faults` included.
    fn applied_to(
        self,
        connection: &Connection,
        mapping: Option<&Mapping>,
        mut faults: Vec<Fault>,
    ) -> Result<Connection, Vec<Fault>> {
        let at = time_of_day(&self.night_at);
        if at.is_none() {
            faults.push(Fault::new(
                "/nightAt",
                "This is not a time of day, such as 03:30.",
            ));
        }
        let night = Night::new(&self.time_zone, at.unwrap_or(Night::USUAL));
        if night.is_err() {
            faults.push(Fault::new(
                "/timeZone",
                "This is not a time zone, such as Europe/London.",
            ));
        }
        let contacts = contacts(&self.contacts, &mut faults);
        let policy_faults = self.policy.check(mapping).into_iter();
        faults.extend(
            policy_faults.map(|fault| Fault::new(format!("/policy{}", fault.pointer), fault.message)),
        );
        match night {
            Ok(night) if faults.is_empty() => Ok(Connection {
                night,
                contacts,
                policy: self.policy,
                ..connection.clone()
            }),
            _ => Err(faults),
        }
    }
}

fn time_of_day(text: &str) -> Option<Time> {
    let is_usual = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    is_usual.then(|| Time::strptime("%H:%M", text).ok())?
}

/// The addresses, each once.
fn contacts(texts: &[String], faults: &mut Vec<Fault>) -> Vec<EmailAddress> {
    if texts.len() > MOST_CONTACTS {
        faults.push(Fault::new("/contacts", "There can be 20 contacts at most."));
    }
    let mut seen = HashSet::new();
    let mut contacts = Vec::new();
    for (place, text) in texts.iter().take(MOST_CONTACTS).enumerate() {
        match text.parse::<EmailAddress>() {
            Ok(address) if seen.insert(address.clone()) => contacts.push(address),
            Ok(_) => {}
            Err(_) => {
                let pointer = format!("/contacts/{place}");
                faults.push(Fault::new(pointer, "This is not an e-mail address."));
            }
        }
    }
    contacts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection() -> Connection {
        Connection {
            enabled: true,
            company_id: Some("637465".to_owned()),
            night: Night::new("UTC", Night::USUAL).unwrap(),
            contacts: Vec::new(),
            policy: Policy::default(),
        }
    }

    #[test]
    fn settings_come_back_as_they_were_saved() {
        let settings = Settings {
            time_zone: "Asia/Kolkata".to_owned(),
            night_at: "23:05".to_owned(),
            contacts: vec!["hr@acme.example".to_owned()],
            policy: Policy::default(),
        };
        let saved = settings
            .clone()
            .applied_to(&connection(), None, Vec::new())
            .unwrap();
        assert!(saved.enabled && saved.company_id.is_some());
        assert_eq!(Settings::of(&saved), settings);
    }

    #[test]
    fn everything_that_is_wrong_is_named_at_once() {
        let settings = Settings {
            time_zone: "Mars/Olympus".to_owned(),
            night_at: "24:00".to_owned(),
            contacts: vec!["hr@acme.example".to_owned(), "<script>".to_owned()],
            policy: Policy {
                leavers_grace_hours: u16::MAX,
                ..Policy::default()
            },
        };
        let faults = settings.applied_to(&connection(), None, Vec::new()).unwrap_err();
        let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_ref()).collect();
        assert_eq!(
            pointers,
            [
                "/nightAt",
                "/timeZone",
                "/contacts/1",
                "/policy/leaversGraceHours"
            ]
        );
    }

    #[test]
    fn a_time_of_day_has_two_digits_twice() {
        assert!(time_of_day("00:00").is_some() && time_of_day("23:59").is_some());
        for bad in [
            "", "3:30", "03:60", "24:00", "03:30:00", "03.30", "+3:30", " 3:30",
        ] {
            assert!(time_of_day(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_contact_is_told_once() {
        let mut faults = Vec::new();
        let twice = ["HR@acme.example".to_owned(), "hr@acme.example".to_owned()];
        assert_eq!(contacts(&twice, &mut faults).len(), 1);
        let many = vec!["hr@acme.example".to_owned(); MOST_CONTACTS + 1];
        contacts(&many, &mut faults);
        assert_eq!(faults.len(), 1);
    }
}

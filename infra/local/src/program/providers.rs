//! The companies' identity providers, and whom these know.

use std::collections::BTreeSet;

use axum::Router;
use provisioning::{AccountId, EmployeeId, TenantId, Value};
use serde_json::Value as Json;
use single_sign_on::IdentityProvider;
use stand_in_gateway::RunningGateway;
use stand_in_hibob::{Company, Employee};
use stand_in_idp::{Application, Person, Provider};

use crate::program::Failure;
use crate::program::companies::Tenant;
use crate::program::nights::Nights;
use crate::program::rows::{Account, Team};

/// So many people of a company that is not connected yet are on its log-in page.
const NEWCOMERS: usize = 8;

/// One for each company, on another site than the system, as in life.
pub(crate) struct Providers {
    all: Vec<(Tenant, Provider)>,
    address: String,
    server: RunningGateway,
}

impl Providers {
    /// Gives every company one, and switches sign-on on for those that this program has connected.
    pub(crate) async fn open(nights: &Nights) -> Result<Self, Failure> {
        let listener = RunningGateway::bind(0).await?;
        let port = listener.local_addr().map_err(stand_in_gateway::Error::Listen)?;
        let address = format!("http://{port}");
        let sign_on = &nights.stage.system.addresses.sign_on;
        let mut all = Vec::new();
        let mut router = Router::new();
        for tenant in nights.companies.everybody() {
            let clock = nights.stage.system.clock.clone();
            let provider = Provider::new(
                &format!("{address}/{}", tenant.id),
                &format!("{}'s log-in", tenant.name),
                Application {
                    entity_id: format!("{sign_on}/sso/metadata/{}", tenant.id),
                    acs_url: format!("{sign_on}/sso/acs/{}", tenant.id),
                },
                move || clock.now(),
            )?;
            router = router.nest(&format!("/{}", tenant.id), provider.router());
            all.push((tenant.clone(), provider));
        }
        let providers = Self {
            all,
            address,
            server: RunningGateway::serve(listener, router)?,
        };
        for (tenant, provider) in &providers.all {
            set_up(nights, tenant, provider).await?;
        }
        providers.refresh(nights).await?;
        Ok(providers)
    }

    /// A company's.
    pub(crate) fn address(&self, tenant: &TenantId) -> String {
        format!("{}/{tenant}", self.address)
    }

    /// Lets everybody log in who is worth a try: of each company somebody for each way it can end.
    pub(crate) async fn refresh(&self, nights: &Nights) -> Result<(), Failure> {
        for (tenant, provider) in &self.all {
            let team = nights.stage.accounts.team(&tenant.id).await?;
            let company = nights.companies.hibob.company(tenant.id.as_str());
            let settings = nights.stage.system.sso_settings.read(&tenant.id).await?;
            let mut people = if team.is_empty() {
                colleagues(&company)
            } else {
                cast(&team, &settings.value.admins)
            };
            people.push(Person {
                name: "Somebody whom HiThrive does not know".to_owned(),
                email: format!("stranger@{}", company.domain()),
            });
            provider.set_people(people);
        }
        Ok(())
    }

    pub(crate) async fn shutdown(self) {
        self.server.shutdown().await;
    }
}

/// What the company's admin does on the settings page, and once more when the provider has moved since an earlier time.
async fn set_up(nights: &Nights, tenant: &Tenant, provider: &Provider) -> Result<(), Failure> {
    let system = &nights.stage.system;
    let now = system.clock.now();
    let kept = system.sso_settings.read(&tenant.id).await?;
    let is_newcomer = nights
        .companies
        .newcomer
        .as_ref()
        .is_some_and(|it| it.id == tenant.id);
    let mut settings = kept.value;
    if settings.provider.is_none() && is_newcomer {
        return Ok(());
    }
    settings.provider = Some(IdentityProvider::from_metadata(&provider.metadata(), now)?);
    if kept.version == 0 {
        let team = nights.stage.accounts.team(&tenant.id).await?;
        settings.admins = managers(&team)
            .first()
            .and_then(|id| account_of(id))
            .into_iter()
            .collect();
        settings.enabled = true;
    }
    system
        .sso_settings
        .save(&tenant.id, &settings, kept.version, now)
        .await?;
    Ok(())
}

/// Somebody of each kind, with what is to be expected.
fn cast(team: &Team, admins: &BTreeSet<AccountId>) -> Vec<Person> {
    let managers = managers(team);
    let is_admin = |id: &str| account_of(id).is_some_and(|id| admins.contains(&id));
    let kind = |id: &str, account: &Account| match (account.is_active, is_admin(id), managers.contains(id)) {
        (false, ..) => "inactive in HiThrive",
        (true, true, _) => "on the admin list",
        (true, false, true) => "has reports",
        (true, false, false) => "has no reports",
    };
    let mut people = Vec::new();
    for (wanted, most) in [
        ("on the admin list", usize::MAX),
        ("has reports", 2),
        ("has no reports", 3),
        ("inactive in HiThrive", 2),
    ] {
        let such = team.iter().filter(|(id, account)| kind(id, account) == wanted);
        people.extend(such.take(most).map(|(_, account)| Person {
            name: format!("{}, {wanted}", name(account)),
            email: text(account, "email").unwrap_or_default().to_owned(),
        }));
    }
    people
}

/// Those active ones to whom somebody active reports, by HiBob's ids.
fn managers(team: &Team) -> BTreeSet<&str> {
    let active = || team.iter().filter(|(_, account)| account.is_active);
    let reported_to: BTreeSet<_> = active()
        .filter_map(|(_, account)| text(account, "reportsTo"))
        .collect();
    let ids = active().map(|(id, _)| id.as_str());
    ids.filter(|id| reported_to.contains(id)).collect()
}

fn account_of(employee: &str) -> Option<AccountId> {
    Some(AccountId::of_employee(&employee.parse::<EmployeeId>().ok()?))
}

fn name(account: &Account) -> String {
    let whole = text(account, "displayName").map(str::to_owned);
    whole.unwrap_or_else(|| {
        let parts = ["firstName", "lastName"].map(|target| text(account, target).unwrap_or_default());
        parts.join(" ")
    })
}

fn text<'a>(account: &'a Account, target: &str) -> Option<&'a str> {
    match account.values.get(target)? {
        Value::Text(text) => Some(text),
        Value::List(_) => None,
    }
}

/// The first few people that HiBob has of a company.
fn colleagues(company: &Company) -> Vec<Person> {
    let text = |field: Json| field.as_str().map(str::to_owned);
    let person = |id| {
        Some(Person {
            name: text(company.value(id, "root.displayName"))?,
            email: text(company.value(id, "root.email"))?,
        })
    };
    let ids = company.employees().map(Employee::id);
    ids.filter_map(person).take(NEWCOMERS).collect()
}

//! A company with an identity provider, as its admin has set it up.

use provisioning::{AccountState, TenantId};
use serde_json::{Value, json};
use stand_in_hibob::{Company, EmployeeId};
use stand_in_idp::{Application, Person, Provider};
use team_directory::Account;

use crate::harness::{World, company, ids};
use crate::settings::admin::Admin;

/// A company that signs in with a provider of its own.
pub(crate) struct Office<'a> {
    pub(crate) world: &'a World,
    pub(crate) tenant: TenantId,
    pub(crate) provider: Provider,
}

/// A world whose one company, `acme`, has a team since last night.
pub(crate) async fn world() -> (World, TenantId) {
    let (world, tenant) = World::with(company(301, 40)).await;
    world.night().await;
    (world, tenant)
}

impl<'a> Office<'a> {
    /// Everything is set up and switched on.
    pub(crate) async fn open(world: &'a World, tenant: &TenantId) -> Self {
        let office = Self::with_provider(world, tenant).await;
        office.switch(true, false).await;
        office
    }

    /// The provider is known, and single sign-on is still off.
    pub(crate) async fn with_provider(world: &'a World, tenant: &TenantId) -> Self {
        let shown = Admin::of(world, tenant).get("/api/sso").await.with(200);
        let ours = |name: &str| shown["serviceProvider"][name].as_str().unwrap().to_owned();
        let application = Application {
            entity_id: ours("entityId"),
            acs_url: ours("acsUrl"),
        };
        let clock = world.system.clock.clone();
        let url = format!("http://127.0.0.1:8080/{tenant}");
        let provider = Provider::new(&url, tenant.as_str(), application, move || clock.now()).unwrap();
        let office = Self {
            world,
            tenant: tenant.clone(),
            provider,
        };
        office.upload_metadata().await;
        office
    }

    /// The admin uploads what the provider says of itself.
    pub(crate) async fn upload_metadata(&self) {
        let body = json!({"metadataXml": self.provider.metadata()});
        self.save("/api/sso/provider", body).await;
    }

    /// The admin switches sign-on on or off, and decides about answers without a request.
    pub(crate) async fn switch(&self, enabled: bool, allow_unsolicited: bool) {
        let options =
            json!({"enabled": enabled, "allowUnsolicited": allow_unsolicited, "signRequests": false});
        self.save("/api/sso/options", options).await;
    }

    /// The admin says who else is one.
    pub(crate) async fn name_admins(&self, admins: &[&Account]) {
        let accounts: Vec<_> = admins.iter().map(|admin| &admin.status.id).collect();
        self.save("/api/sso/admins", json!({"accounts": accounts})).await;
    }

    /// Saves a part of the settings over what is there.
    async fn save(&self, path: &str, body: Value) -> Value {
        let admin = Admin::of(self.world, &self.tenant);
        let etag = admin.get("/api/sso").await.etag.unwrap();
        admin.put_if(&etag, path, body).await.with(200)
    }

    /// Lets the provider know somebody under this address.
    pub(crate) fn hire(&self, email: &str) {
        self.provider.set_people(vec![Person {
            name: "Somebody".to_owned(),
            email: email.to_owned(),
        }]);
    }

    /// The account of somebody with at least one active person below.
    pub(crate) async fn manager(&self) -> Account {
        self.find(|account, team| account.status.employee.is_some() && !reports(account, team).is_empty())
            .await
    }

    /// The account of somebody with nobody below.
    pub(crate) async fn colleague(&self) -> Account {
        self.find(|account, team| reports(account, team).is_empty()).await
    }

    /// The employees that report to somebody.
    pub(crate) async fn reports_of(&self, manager: &Account) -> Vec<EmployeeId> {
        let team = self.team().await;
        let reports = reports(manager, &team);
        reports.into_iter().map(employee).collect()
    }

    async fn find(&self, is_wanted: impl Fn(&Account, &[Account]) -> bool) -> Account {
        let team = self.team().await;
        team.iter()
            .find(|account| is_wanted(account, &team))
            .unwrap()
            .clone()
    }

    /// The active accounts.
    async fn team(&self) -> Vec<Account> {
        let company = self.world.hibob.company(self.tenant.as_str());
        let directory = self.world.system.directory.team(&self.tenant);
        let mut team = Vec::new();
        for id in ids(&company) {
            let id = provisioning::AccountId::of_employee(&id.to_string().parse().unwrap());
            team.extend(directory.get(&id).await.unwrap());
        }
        team.retain(|account| account.status.state == AccountState::Active);
        team
    }

    /// Changes the company in HiBob.
    pub(crate) fn edit(&self, change: impl FnOnce(&mut Company)) {
        self.world.hibob.edit(self.tenant.as_str(), change);
    }
}

fn reports<'a>(manager: &Account, team: &'a [Account]) -> Vec<&'a Account> {
    let is_report = |account: &&Account| {
        account.status.manager.is_some() && account.status.manager == manager.status.employee
    };
    team.iter().filter(is_report).collect()
}

/// HiBob's id of whoever has an account.
pub(crate) fn employee(account: &Account) -> EmployeeId {
    account
        .status
        .employee
        .as_ref()
        .unwrap()
        .to_string()
        .parse()
        .unwrap()
}

/// Says in HiBob that somebody has left.
pub(crate) fn leave(company: &mut Company, employee: EmployeeId) {
    company
        .edit(employee)
        .set("internal.lifecycleStatus", "terminated")
        .set("internal.terminationDate", "2026-11-20");
}

//! Three nights over the companies.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use embedded_aws::SentMail;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use provisioning::{Mapping, Policy, TenantId};
use stand_in_hibob::Day;
use tenant_store::{Connection, ServiceUser};

use crate::program::companies::{Companies, DayKind, FIRST_NIGHT, LOST_CATEGORY, Plight, Tenant};
use crate::program::expect::View;
use crate::program::report::{Told, checked, heading, told, unchecked};
use crate::program::stage::{Due, Run, Stage, fields_of};
use crate::program::stay::{self, Door};
use crate::program::{Failure, Options, check, mapping, say};

/// The companies, their HiBob's address and the system that syncs them.
pub(crate) struct Nights {
    pub(crate) companies: Companies,
    pub(crate) stage: Stage,
    pub(crate) hibob: String,
    runs: usize,
    mails: usize,
    differences: usize,
    /// Those of which something was changed by an admin, here or in HiBob, and is perhaps being caught up with.
    changed: BTreeSet<TenantId>,
}

/// Runs the nights. True if everything was as it should be.
pub(crate) async fn run(options: &Options) -> Result<bool, Failure> {
    let began = Instant::now();
    let data = options.data.as_deref();
    let companies = Companies::open(options.people, data, options.stay)?;
    let server = companies.hibob.start_on(0).await.map_err(Failure::StandIn)?;
    let hibob = server.base_url();
    let door = if options.stay {
        Some(Door::open(options.port).await?)
    } else {
        None
    };
    let origin = door.as_ref().map(|door| door.origin.as_str());
    let stage = Stage::open(data, &hibob, origin, before(&companies)).await?;
    let mut nights = Nights {
        companies,
        stage,
        hibob,
        runs: 0,
        mails: 0,
        differences: 0,
        changed: BTreeSet::new(),
    };

    nights.introduce();
    let first_day = if nights.companies.are_kept {
        Some(DayKind::Quiet)
    } else {
        nights.connect_all().await?;
        None
    };
    for (number, day) in [
        (1, first_day),
        (2, Some(DayKind::Quiet)),
        (3, Some(DayKind::Busy)),
    ] {
        nights.night(number, day).await?;
    }
    say(&nights.summary(began));
    if let Some(door) = door {
        stay::stay(&mut nights, door).await?;
    }
    nights.stage.aws.shutdown().await;
    server.shutdown().await;
    Ok(nights.differences == 0)
}

fn plight(tenant: &Tenant) -> &'static str {
    match tenant.plight {
        Plight::Healthy => "healthy",
        Plight::PermissionLost => "its service user loses the permission \"Work\"",
        Plight::TokenRevoked => "the token of its service user is revoked",
    }
}

/// A time before the next night of everybody.
fn before(companies: &Companies) -> Timestamp {
    let evening = companies
        .today()
        .yesterday()
        .unwrap_or(FIRST_NIGHT)
        .at(18, 0, 0, 0);
    let noon = companies.today().at(12, 0, 0, 0);
    let time = if companies.are_kept { noon } else { evening };
    time.to_zoned(TimeZone::UTC)
        .map_or(Timestamp::UNIX_EPOCH, |time| time.timestamp())
}

impl Nights {
    fn introduce(&self) {
        say("Three companies, their HiBob, and all that keeps HiThrive equal to it:\n");
        for tenant in &self.companies.tenants {
            let people = self.companies.hibob.company(tenant.id.as_str()).headcount();
            say(&format!(
                "  {:<17} {people:>6} people  {}",
                tenant.name,
                plight(tenant)
            ));
        }
        if let Some(tenant) = &self.companies.newcomer {
            let people = self.companies.hibob.company(tenant.id.as_str()).headcount();
            say(&format!(
                "  {:<17} {people:>6} people  waits to be connected",
                tenant.name
            ));
        }
    }

    /// Syncs those that have a plight as long as they have none, and connects everybody.
    async fn connect_all(&mut self) -> Result<(), Failure> {
        let tenants = self.companies.tenants.clone();
        let (early, late): (Vec<_>, Vec<_>) = tenants
            .into_iter()
            .partition(|tenant| tenant.plight != Plight::Healthy);
        let eve = self.companies.today();
        for tenant in &early {
            self.connect(tenant).await?;
        }
        say(&heading("The night before", eve));
        self.sync(&early, eve, &BTreeMap::new()).await?;
        self.companies.meet_their_plights();
        for tenant in &early {
            say(&format!("\n  {}: {}.", tenant.name, plight(tenant)));
        }
        for tenant in &late {
            self.connect(tenant).await?;
        }
        self.companies.keep()
    }

    async fn connect(&self, tenant: &Tenant) -> Result<(), Failure> {
        let (id, token) = tenant.service_user.clone();
        let service_user = ServiceUser {
            id,
            token: token.into(),
        };
        let fields = fields_of(&self.hibob, &service_user).await?;
        let mapping = mapping::chosen(&fields)?;
        let connection = self.connection(&tenant.id);
        let connection = connection.ok_or_else(|| Failure::NoRun(tenant.id.clone()))?;
        Ok(self
            .stage
            .system
            .connect(&tenant.id, &connection, &service_user, &mapping)
            .await?)
    }

    /// What this program connects a tenant with; none for the one that its admin connects.
    fn connection(&self, tenant: &TenantId) -> Option<Connection> {
        let tenant = self.companies.tenants.iter().find(|it| it.id == *tenant)?;
        let company = self.companies.hibob.company(tenant.id.as_str());
        Some(Connection {
            enabled: true,
            company_id: Some(company.company_id().to_string()),
            night: tenant.night.clone(),
            contacts: vec![tenant.contact.clone()],
            policy: Policy::default(),
        })
    }

    /// Lets a day pass, and its night.
    pub(crate) async fn night(&mut self, number: usize, day: Option<DayKind>) -> Result<(), Failure> {
        let days = day
            .map(|day| self.companies.pass(day))
            .transpose()?
            .unwrap_or_default();
        let date = self.companies.today();
        let after = match day {
            None => "",
            Some(DayKind::Quiet) => ", after a quiet day",
            Some(DayKind::Busy) => ", after a day at work",
        };
        say(&heading(&format!("Night {number}{after}"), date));
        let mut due = Vec::new();
        for tenant in self.companies.everybody() {
            due.extend(self.due(tenant).await?);
        }
        self.sync(&due, date, &days).await
    }

    /// A tenant whose night comes, at the hour that its admin chose.
    async fn due(&self, tenant: &Tenant) -> Result<Option<Tenant>, Failure> {
        let tenants = &self.stage.system.tenants;
        let connection = tenants
            .connection(&tenant.id)
            .await?
            .map(|connection| connection.value);
        let Some(connection) = connection.filter(|connection| connection.enabled) else {
            say(&format!("\n  {}: not switched on.", tenant.name));
            return Ok(None);
        };
        if tenants.mapping(&tenant.id).await?.is_none() {
            say(&format!("\n  {}: waits for a mapping.", tenant.name));
            return Ok(None);
        }
        Ok(Some(Tenant {
            night: connection.night,
            ..tenant.clone()
        }))
    }

    async fn sync(
        &mut self,
        tenants: &[Tenant],
        date: Date,
        days: &BTreeMap<TenantId, Day>,
    ) -> Result<(), Failure> {
        let due: Vec<Due<'_>> = tenants.iter().map(Tenant::due).collect();
        let mails_before = self.stage.aws.sent_mails().len();
        let runs = self.stage.night(&due, date).await?;
        let mails = self.stage.aws.sent_mails().split_off(mails_before);
        self.mails += mails.len();
        for tenant in tenants {
            let Some(run) = runs.get(&tenant.id) else { continue };
            let is_for = |mail: &SentMail| mail.to.iter().any(|to| to == tenant.contact.as_str());
            let mails: Vec<_> = mails.iter().filter(|mail| is_for(mail)).cloned().collect();
            let (day, time_zone) = (days.get(&tenant.id), tenant.night.time_zone());
            let told = told(&Told {
                name: tenant.name,
                time_zone,
                run,
                day,
                mails: &mails,
            });
            say(&(told + &self.check(tenant, run, day, &mails).await?));
        }
        Ok(())
    }

    /// Whether everything about a tenant is as this program has set it up, so that it knows what a night leads to.
    async fn is_known(&mut self, tenant: &Tenant, mapping_version: u64) -> Result<bool, Failure> {
        let saved = self.stage.system.tenants.connection(&tenant.id).await?;
        let is_known = !self.changed.contains(&tenant.id)
            && mapping_version == 1
            && saved.is_some_and(|saved| Some(saved.value) == self.connection(&tenant.id))
            && self.companies.is_user_untouched(tenant);
        if !is_known {
            self.changed.insert(tenant.id.clone());
        }
        Ok(is_known)
    }

    async fn check(
        &mut self,
        tenant: &Tenant,
        run: &Run,
        day: Option<&Day>,
        mails: &[SentMail],
    ) -> Result<String, Failure> {
        let saved = self.stage.system.tenants.mapping(&tenant.id).await?;
        let saved = saved.ok_or_else(|| Failure::NoRun(tenant.id.clone()))?;
        if !self.is_known(tenant, saved.version).await? {
            return Ok(unchecked());
        }
        let mapping: Mapping = saved.document.try_into()?;
        let company = self.companies.hibob.company(tenant.id.as_str());
        let user = self.companies.service_user(tenant);
        let view = View {
            company: &company,
            user: &user,
            mapping: &mapping,
        };
        let differences = check::check(run, tenant.plight, view, day, mails);
        self.runs += 1;
        self.differences += differences.len();
        let all_is_well = if user.is_revoked {
            "no account was touched".to_owned()
        } else if user.view.contains(LOST_CATEGORY) {
            format!(
                "all {} fields of every account are as in HiBob",
                mapping.entries().len()
            )
        } else {
            "every account is as in HiBob, and keeps what is withheld".to_owned()
        };
        Ok(checked(&all_is_well, &differences))
    }

    fn summary(&self, began: Instant) -> String {
        let Self {
            runs,
            mails,
            differences,
            ..
        } = self;
        let seconds = began.elapsed().as_secs_f32();
        let mails = if *mails == 1 {
            "1 e-mail".to_owned()
        } else {
            format!("{mails} e-mails")
        };
        match differences {
            0 => format!("\nEverything was as it should be: {runs} runs, {mails}, {seconds:.1} seconds."),
            _ => format!("\nNot everything was as it should be: {differences} differences in {runs} runs."),
        }
    }
}

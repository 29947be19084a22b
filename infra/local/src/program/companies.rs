//! The made-up companies, and how they fare from day to day.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use provisioning::{EmailAddress, TenantId};
use serde::{Deserialize, Serialize};
use stand_in_hibob::{Company, Day, ServiceUser, StandInHibob};
use tenant_store::Night;

use crate::program::Failure;
use crate::program::stage::Due;

/// How a company fares with its service user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plight {
    /// Well.
    Healthy,
    /// It has lost the permission to see [`LOST_CATEGORY`].
    PermissionLost,
    /// Its token was revoked.
    TokenRevoked,
}

impl Plight {
    /// Does to a service user what has happened to it.
    fn befall(self, user: &mut ServiceUser) {
        match self {
            Self::Healthy => {}
            Self::PermissionLost => user.forbid(LOST_CATEGORY),
            Self::TokenRevoked => user.is_revoked = true,
        }
    }
}

/// Not one that a sync could not go on without, and one that holds much of what is mapped.
pub(crate) const LOST_CATEGORY: &str = "work";

/// A company as the program knows it.
#[derive(Debug, Clone)]
pub(crate) struct Tenant {
    pub(crate) id: TenantId,
    /// What it calls itself.
    pub(crate) name: &'static str,
    pub(crate) night: Night,
    /// Who gets its e-mails.
    pub(crate) contact: EmailAddress,
    pub(crate) plight: Plight,
    /// Its service user's id and token; nobody's secret.
    pub(crate) service_user: (String, String),
}

impl Tenant {
    /// Its service user before anything happened to it.
    fn founding_user(&self) -> ServiceUser {
        let (id, token) = &self.service_user;
        ServiceUser::all_seeing(id, token)
    }

    /// Its part in a night.
    pub(crate) fn due(&self) -> Due<'_> {
        Due {
            tenant: &self.id,
            name: self.name,
            night: &self.night,
        }
    }
}

/// What a company is made from.
struct Role {
    tenant: &'static str,
    seed: u64,
    /// `None` for the one whose size can be chosen.
    people: Option<u32>,
    time_zone: &'static str,
    plight: Plight,
}

const CAST: [Role; 3] = [
    Role {
        tenant: "aland",
        seed: 3,
        people: None,
        time_zone: "Europe/London",
        plight: Plight::Healthy,
    },
    Role {
        tenant: "kestrel",
        seed: 5,
        people: Some(80),
        time_zone: "Europe/Dublin",
        plight: Plight::PermissionLost,
    },
    Role {
        tenant: "halcyon",
        seed: 8,
        people: Some(40),
        time_zone: "Europe/Lisbon",
        plight: Plight::TokenRevoked,
    },
];

/// Not connected yet, by a service user that lacks [`LOST_CATEGORY`]: its admin has everything still to do.
const NEWCOMER: Role = Role {
    tenant: "larkspur",
    seed: 2,
    people: Some(60),
    time_zone: "Europe/London",
    plight: Plight::Healthy,
};

const USUAL_SIZE: u32 = 250;

/// The date of the first night of all three. On it and the next, no date that the companies are made with falls due, so
/// that a day on which nobody does anything changes nothing.
pub(crate) const FIRST_NIGHT: Date = date(2026, 11, 24);

/// How a day goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum DayKind {
    /// Nobody does anything; only HiBob's clock-driven fields move, and what was dated in advance happens.
    Quiet,
    /// People join, move, leave and so on.
    Busy,
}

/// From which the companies can be brought to where they are.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    people: u32,
    /// The days since the first night.
    days: Vec<DayKind>,
}

/// The companies in their HiBob.
#[derive(Debug)]
pub(crate) struct Companies {
    pub(crate) hibob: StandInHibob,
    /// Those that this program has connected.
    pub(crate) tenants: Vec<Tenant>,
    /// The one that its admin connects, where there can be an admin.
    pub(crate) newcomer: Option<Tenant>,
    /// Whether they were here before and are connected.
    pub(crate) are_kept: bool,
    kept: Kept,
    file: Option<PathBuf>,
}

impl Companies {
    /// Founds them, or finds those that are kept in a directory. New ones that have a plight are a day older than the
    /// healthy one: on that day nothing had happened to them yet.
    pub(crate) fn open(
        people: Option<u32>,
        data: Option<&Path>,
        with_newcomer: bool,
    ) -> Result<Self, Failure> {
        let file = data.map(|data| data.join("companies.json"));
        let kept = file.as_deref().map(read).transpose()?.flatten();
        if let (Some(kept), Some(people), Some(path)) = (&kept, people, &file)
            && kept.people != people
        {
            return Err(Failure::OtherSize {
                path: path.clone(),
                kept: kept.people,
            });
        }
        let mut companies = Self {
            hibob: StandInHibob::new(),
            tenants: Vec::new(),
            newcomer: None,
            are_kept: kept.is_some(),
            kept: kept.unwrap_or(Kept {
                people: people.unwrap_or(USUAL_SIZE),
                days: Vec::new(),
            }),
            file,
        };
        for role in &CAST {
            let tenant = companies.found(role).ok_or(Failure::Cast(role.tenant))?;
            companies.tenants.push(tenant);
        }
        if with_newcomer {
            let tenant = companies.found(&NEWCOMER).ok_or(Failure::Cast(NEWCOMER.tenant))?;
            let forbid = |user: &mut ServiceUser| user.forbid(LOST_CATEGORY);
            companies.hibob.edit_user(&tenant.service_user.0, forbid);
            companies.newcomer = Some(tenant);
        }
        if companies.are_kept {
            companies.meet_their_plights();
            for day in companies.kept.days.clone() {
                companies.live(day);
            }
        }
        Ok(companies)
    }

    fn found(&self, role: &Role) -> Option<Tenant> {
        let founded = match role.plight {
            Plight::Healthy => FIRST_NIGHT,
            Plight::PermissionLost | Plight::TokenRevoked => FIRST_NIGHT.yesterday().unwrap_or(FIRST_NIGHT),
        };
        let people = role.people.unwrap_or(self.kept.people);
        let company = Company::generate(role.seed, people as usize, founded);
        let service_user = (
            format!("SERVICE-{}", role.tenant),
            format!("token-of-{}", role.tenant),
        );
        let tenant = Tenant {
            id: role.tenant.parse().ok()?,
            name: company.name(),
            night: Night::new(role.time_zone, Night::USUAL).ok()?,
            contact: format!("hr@{}", company.domain()).parse().ok()?,
            plight: role.plight,
            service_user,
        };
        self.hibob.host(role.tenant, company, tenant.founding_user());
        Some(tenant)
    }

    /// Everybody who has people in HiBob.
    pub(crate) fn everybody(&self) -> impl Iterator<Item = &Tenant> {
        self.tenants.iter().chain(&self.newcomer)
    }

    /// Brings the companies that have a plight to the date of the first night, and lets it happen.
    pub(crate) fn meet_their_plights(&self) {
        for tenant in &self.tenants {
            if tenant.plight != Plight::Healthy {
                self.hibob.edit(tenant.id.as_str(), Company::advance_quiet_day);
                let befall = |user: &mut ServiceUser| tenant.plight.befall(user);
                self.hibob.edit_user(&tenant.service_user.0, befall);
            }
        }
    }

    /// Notes in the directory, if there is one, that the companies are connected and how many days they have lived.
    pub(crate) fn keep(&self) -> Result<(), Failure> {
        let Some(path) = &self.file else { return Ok(()) };
        let text = serde_json::to_string(&self.kept).map_err(io::Error::from);
        let written = text.and_then(|text| fs::write(path, text));
        written.map_err(|source| Failure::Kept {
            path: path.clone(),
            source,
        })
    }

    /// Lets a day pass for everybody. What happened, by tenant.
    pub(crate) fn pass(&mut self, kind: DayKind) -> Result<BTreeMap<TenantId, Day>, Failure> {
        self.kept.days.push(kind);
        let days = self.live(kind);
        self.keep()?;
        Ok(days)
    }

    fn live(&self, kind: DayKind) -> BTreeMap<TenantId, Day> {
        let live = |company: &mut Company| match kind {
            DayKind::Quiet => company.advance_quiet_day(),
            DayKind::Busy => company.advance_day(),
        };
        let day = |tenant: &Tenant| (tenant.id.clone(), self.hibob.edit(tenant.id.as_str(), live));
        self.everybody().map(day).collect()
    }

    /// The date it is for the tenant that has lived the least.
    pub(crate) fn today(&self) -> Date {
        let dates = self
            .everybody()
            .map(|tenant| self.hibob.company(tenant.id.as_str()).today());
        dates.min().unwrap_or(FIRST_NIGHT)
    }

    /// A tenant's service user as it is at this moment.
    pub(crate) fn service_user(&self, tenant: &Tenant) -> ServiceUser {
        self.hibob.edit_user(&tenant.service_user.0, |user| user.clone())
    }

    /// Whether nothing but its plight has happened to a tenant's service user.
    pub(crate) fn is_user_untouched(&self, tenant: &Tenant) -> bool {
        let user = self.service_user(tenant);
        let is_like = |other: &ServiceUser| {
            user.view == other.view && user.access == other.access && user.is_revoked == other.is_revoked
        };
        let before = tenant.founding_user();
        let mut after = before.clone();
        tenant.plight.befall(&mut after);
        is_like(&before) || is_like(&after)
    }
}

fn read(path: &Path) -> Result<Option<Kept>, Failure> {
    let failed = |source| Failure::Kept {
        path: path.to_owned(),
        source,
    };
    match fs::read(path) {
        Ok(text) => serde_json::from_slice(&text)
            .map(Some)
            .map_err(|error| failed(error.into())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_quiet_day_changes_nobody_whatever_the_size() {
        for people in [1, 12, 60, 250, 2000] {
            let mut companies = Companies::open(Some(people), None, true).unwrap();
            companies.meet_their_plights();
            for (tenant, day) in companies.pass(DayKind::Quiet).unwrap() {
                assert_eq!(day, Day::default(), "{tenant} of {people}");
            }
            assert_eq!(companies.today(), FIRST_NIGHT.tomorrow().unwrap());
        }
    }

    #[test]
    fn tenants_are_called_like_their_companies() {
        let companies = Companies::open(None, None, true).unwrap();
        let names: Vec<_> = companies.everybody().map(|tenant| tenant.name).collect();
        assert_eq!(
            names,
            [
                "Åland & Söhne",
                "Kestrel Labs",
                "Halcyon Freight",
                "Larkspur Studio"
            ]
        );
    }

    #[test]
    fn kept_companies_are_found_as_they_were_left() {
        let directory = tempfile::tempdir().unwrap();
        let mut companies = Companies::open(Some(60), Some(directory.path()), true).unwrap();
        companies.meet_their_plights();
        companies.pass(DayKind::Busy).unwrap();

        let found = Companies::open(None, Some(directory.path()), true).unwrap();
        assert!(found.are_kept);
        for tenant in &companies.tenants {
            let addresses = |companies: &Companies| -> Vec<_> {
                let company = companies.hibob.company(tenant.id.as_str());
                company
                    .employees()
                    .map(|it| company.value(it.id(), "root.email"))
                    .collect()
            };
            assert_eq!(addresses(&companies), addresses(&found));
        }
        let other = Companies::open(Some(61), Some(directory.path()), true).unwrap_err();
        assert!(other.to_string().contains("has 60 people"), "{other}");
    }
}

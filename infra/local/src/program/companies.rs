//! The three made-up companies, and how they fare from day to day.

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
    pub(crate) tenants: Vec<Tenant>,
    /// Whether they were here before and are connected.
    pub(crate) are_kept: bool,
    kept: Kept,
    file: Option<PathBuf>,
}

impl Companies {
    /// Founds them, or finds those that are kept in a directory. New ones that have a plight are a day older than the
    /// healthy one: on that day nothing had happened to them yet.
    pub(crate) fn open(people: Option<u32>, data: Option<&Path>) -> Result<Self, Failure> {
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
            are_kept: kept.is_some(),
            kept: kept.unwrap_or(Kept {
                people: people.unwrap_or(USUAL_SIZE),
                days: Vec::new(),
            }),
            file,
        };
        for role in &CAST {
            companies.found(role).ok_or(Failure::Cast(role.tenant))?;
        }
        if companies.are_kept {
            companies.meet_their_plights();
            for day in companies.kept.days.clone() {
                companies.live(day);
            }
        }
        Ok(companies)
    }

    fn found(&mut self, role: &Role) -> Option<()> {
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
        self.tenants.push(Tenant {
            id: role.tenant.parse().ok()?,
            name: company.name(),
            night: Night::new(role.time_zone, Night::USUAL).ok()?,
            contact: format!("hr@{}", company.domain()).parse().ok()?,
            plight: role.plight,
            service_user: service_user.clone(),
        });
        self.hibob.host(
            role.tenant,
            company,
            ServiceUser::all_seeing(service_user.0, service_user.1),
        );
        Some(())
    }

    /// Brings the companies that have a plight to the date of the first night, and lets it happen.
    pub(crate) fn meet_their_plights(&self) {
        for tenant in &self.tenants {
            let change: fn(&mut ServiceUser) = match tenant.plight {
                Plight::Healthy => continue,
                Plight::PermissionLost => |user| user.forbid(LOST_CATEGORY),
                Plight::TokenRevoked => |user| user.is_revoked = true,
            };
            self.hibob.edit(tenant.id.as_str(), Company::advance_quiet_day);
            self.hibob.edit_user(&tenant.service_user.0, change);
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
        self.tenants.iter().map(day).collect()
    }

    /// The date it is for the tenant that has lived the least.
    pub(crate) fn today(&self) -> Date {
        let dates = self
            .tenants
            .iter()
            .map(|tenant| self.hibob.company(tenant.id.as_str()).today());
        dates.min().unwrap_or(FIRST_NIGHT)
    }

    /// A tenant's service user as it is at this moment.
    pub(crate) fn service_user(&self, tenant: &Tenant) -> ServiceUser {
        self.hibob.edit_user(&tenant.service_user.0, |user| user.clone())
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
            let mut companies = Companies::open(Some(people), None).unwrap();
            companies.meet_their_plights();
            for (tenant, day) in companies.pass(DayKind::Quiet).unwrap() {
                assert_eq!(day, Day::default(), "{tenant} of {people}");
            }
            assert_eq!(companies.today(), FIRST_NIGHT.tomorrow().unwrap());
        }
    }

    #[test]
    fn kept_companies_are_found_as_they_were_left() {
        let directory = tempfile::tempdir().unwrap();
        let mut companies = Companies::open(Some(60), Some(directory.path())).unwrap();
        companies.meet_their_plights();
        companies.pass(DayKind::Busy).unwrap();

        let found = Companies::open(None, Some(directory.path())).unwrap();
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
        let other = Companies::open(Some(61), Some(directory.path())).unwrap_err();
        assert!(other.to_string().contains("has 60 people"), "{other}");
    }
}

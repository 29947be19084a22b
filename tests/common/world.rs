//! One company, connected and due when the files of `events/` say it is.

use embedded_aws::Stack;
use local_system::{LocalSystem, SimulatedClock};
use provisioning::{Policy, TenantId};
use stand_in_hibob::{Company, RunningHibob, StandInHibob};
use tenant_store::{Connection, Night, ServiceUser};

use crate::mapping::mapping;

pub(crate) const TENANT: &str = "acme";
const PEOPLE: usize = 12;

/// A system that the samples' messages make sense to.
pub(crate) struct World {
    pub(crate) aws: Stack,
    pub(crate) system: LocalSystem,
    _hibob: RunningHibob,
}

impl World {
    /// As of the moment when the schedule fires.
    pub(crate) async fn new() -> Self {
        let clock = SimulatedClock::starting_at("2026-08-31T12:00:00Z".parse().unwrap());
        let company = Company::generate(1, PEOPLE, jiff::civil::date(2026, 9, 1));
        let connection = Connection {
            enabled: true,
            company_id: Some(company.company_id().to_string()),
            night: Night::new("Europe/London", Night::USUAL).unwrap(),
            contacts: vec!["hr@acme.example".parse().unwrap()],
            policy: Policy::default(),
        };
        let hibob = StandInHibob::new();
        hibob.host(
            TENANT,
            company,
            stand_in_hibob::ServiceUser::all_seeing(TENANT, TENANT),
        );
        let server = hibob.start_on(0).await.unwrap();
        let base_url = server.base_url();
        let aws = Stack::embedded(None).await.unwrap();
        let system = LocalSystem::start(&aws.sdk_config(), "samples", &base_url, clock)
            .await
            .unwrap();
        let user = ServiceUser {
            id: TENANT.to_owned(),
            token: TENANT.into(),
        };
        let mapping = mapping(&base_url, TENANT, TENANT).await;
        system
            .connect(&tenant(), &connection, &user, &mapping)
            .await
            .unwrap();
        system.clock.advance_to("2026-09-01T02:30:00Z".parse().unwrap());
        Self {
            aws,
            system,
            _hibob: server,
        }
    }

    /// What the samples must have led to, besides their answers.
    pub(crate) async fn check(&self) {
        let heads = self.system.directory.team(&tenant()).heads().await.unwrap();
        assert!(
            heads.len() > PEOPLE / 2,
            "the message for one tenant has filled its team"
        );
        let mails = self.aws.sent_mails().await.unwrap();
        assert_eq!(mails.len(), 2, "each notice has led to a mail: {mails:?}");
    }
}

fn tenant() -> TenantId {
    TENANT.parse().unwrap()
}

//! Good nights.

use provisioning::Counts;
use stand_in_hibob::Company;
use tenant_store::RunStatus;

use crate::harness::{World, assert_team_equals_hibob, company, run};

#[test]
fn a_night_over_three_companies_makes_their_teams_equal_to_hibob() {
    run(async {
        let world = World::new().await;
        let mut tenants = Vec::new();
        for (name, seed, people) in [("acme", 1, 80), ("globex", 2, 25), ("initech", 3, 9)] {
            tenants.push(world.connect(name, company(seed, people)).await);
        }
        world.night().await;
        for tenant in &tenants {
            assert_team_equals_hibob(&world, tenant).await;
            let record = world.last_run(tenant).await;
            assert_eq!(record.status, RunStatus::Applied);
            let created = u32::try_from(world.accounts(tenant).await.len()).unwrap();
            assert_eq!(
                record.applied,
                Counts {
                    created,
                    ..Counts::default()
                }
            );
            assert_eq!((record.mapping_version, record.hibob_calls), (Some(1), 1));
            world.assert_settled(tenant).await;
        }
        assert_eq!(
            world.messages("SyncQueue").await + world.messages("SyncDeadLetters").await,
            0
        );
    });
}

#[test]
fn a_day_in_the_companies_is_applied_in_the_night_after_it_and_nothing_else_is() {
    run(async {
        let world = World::new().await;
        let mut tenants = Vec::new();
        for (name, seed, people) in [("acme", 11, 60), ("globex", 12, 80), ("initech", 13, 70)] {
            tenants.push(world.connect(name, company(seed, people)).await);
        }
        world.night().await;
        for _ in 0..6 {
            let mut expected = Vec::new();
            for tenant in &tenants {
                let team = world.accounts(tenant).await;
                let day = world.hibob.edit(tenant.as_str(), Company::advance_day);
                let had_account = |id: &&_| team.contains_key(&format!("ACCOUNT#hibob-{id}"));
                let returned = day.rehired.iter().filter(had_account).count();
                let gone = day.left.iter().filter(had_account).count();
                let [created, updated, deactivated, reactivated] = [
                    day.joined.len() + day.started.len() + day.rehired.len() - returned,
                    day.moved.len()
                        + day.renamed.len()
                        + day.gave_notice.len()
                        + day.on_leave.len()
                        + day.returned.len(),
                    gone,
                    returned,
                ]
                .map(|count| u32::try_from(count).unwrap());
                expected.push(Counts {
                    created,
                    updated,
                    deactivated,
                    reactivated,
                });
            }
            world.night().await;
            for (tenant, expected) in tenants.iter().zip(expected) {
                let record = world.last_run(tenant).await;
                let company = world.hibob.company(tenant.as_str());
                assert_eq!(
                    (record.applied, record.held),
                    (expected, Counts::default()),
                    "{tenant} {}",
                    company.today()
                );
                assert_team_equals_hibob(&world, tenant).await;
            }
        }
        for tenant in &tenants {
            world.assert_settled(tenant).await;
        }
    });
}

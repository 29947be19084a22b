//! The metrics of a run.

use provisioning::TenantId;
use startup::{Metrics, Unit};
use tenant_store::{RunRecord, RunStatus};

pub(crate) fn of_run(tenant: &TenantId, record: &RunRecord) -> Metrics {
    let is = |status: RunStatus| u32::from(record.status == status);
    let findings = &record.findings;
    Metrics::new("sync-worker")
        .property("tenant.id", tenant.as_str())
        .property("run.due_at", record.due_at.to_string())
        .metric(
            "RunsCompleted",
            is(RunStatus::Applied) + is(RunStatus::Held),
            Unit::Count,
        )
        .metric("RunsHeld", is(RunStatus::Held), Unit::Count)
        .metric("RunsRefused", is(RunStatus::Refused), Unit::Count)
        .metric("RunsHandedBack", is(RunStatus::HandedBack), Unit::Count)
        .metric("RunsFailed", is(RunStatus::Failed), Unit::Count)
        .metric(
            "ConnectionsNeedingAttention",
            is(RunStatus::NeedsAttention),
            Unit::Count,
        )
        .metric("People", findings.people, Unit::Count)
        .metric("Created", record.applied.created, Unit::Count)
        .metric("Updated", record.applied.updated, Unit::Count)
        .metric("Deactivated", record.applied.deactivated, Unit::Count)
        .metric("Reactivated", record.applied.reactivated, Unit::Count)
        .metric("Held", record.held.total(), Unit::Count)
        .metric("Missing", findings.missing, Unit::Count)
        .metric("Skipped", findings.skips.values().sum::<u32>(), Unit::Count)
        .metric("FieldsWithheld", findings.withheld.len(), Unit::Count)
        .metric("HiBobCalls", record.hibob_calls, Unit::Count)
        .metric("RunDuration", record.duration_ms, Unit::Milliseconds)
}

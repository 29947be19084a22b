//! What an admin asks for, as the settings API does it.

use std::sync::atomic::{AtomicU32, Ordering};

use provisioning::{RunId, TenantId};
use tenant_store::{LeftAccounts, RequestOutcome, Task, TaskId, TaskMessage, TaskRequest, TaskStatus};

use super::World;

impl World {
    /// Asks for a run at once.
    pub(crate) async fn sync_now(&self, tenant: &TenantId) -> RunId {
        let outcome = self.system.tenants.request_run(tenant, self.system.clock.now());
        let run = match outcome.await.unwrap() {
            RequestOutcome::Requested(run) | RequestOutcome::UnderWay { run, .. } => run,
            outcome => panic!("{outcome:?}"),
        };
        let body = serde_json::to_string(&run).unwrap();
        self.send("InteractiveQueue", &body).await;
        run
    }

    /// Starts a task.
    pub(crate) async fn start(&self, tenant: &TenantId, request: &TaskRequest) -> TaskId {
        static TASKS: AtomicU32 = AtomicU32::new(0);
        let number = TASKS.fetch_add(1, Ordering::Relaxed);
        let id: TaskId = format!("{number:0>42}A").parse().unwrap();
        let now = self.system.clock.now();
        self.system.tasks.start(tenant, &id, request, now).await.unwrap();
        self.send_task(tenant, request, &id).await;
        id
    }

    pub(crate) async fn send_task(&self, tenant: &TenantId, request: &TaskRequest, id: &TaskId) {
        let message = TaskMessage {
            tenant: tenant.clone(),
            kind: request.kind(),
            task: id.clone(),
        };
        let body = serde_json::to_string(&message).unwrap();
        self.send("InteractiveQueue", &body).await;
    }

    /// A task as it stands.
    pub(crate) async fn task(&self, tenant: &TenantId, id: &TaskId) -> Task {
        let read = self.system.tasks.read(tenant, id, self.system.clock.now()).await;
        read.unwrap().unwrap()
    }

    /// A task after all work is done.
    pub(crate) async fn ended(&self, tenant: &TenantId, request: &TaskRequest) -> Task {
        let id = self.start(tenant, request).await;
        self.system.work().await.unwrap();
        self.task(tenant, &id).await
    }

    /// The result of a task.
    pub(crate) async fn result(&self, tenant: &TenantId, request: &TaskRequest) -> serde_json::Value {
        let task = self.ended(tenant, request).await;
        assert_eq!((task.status, task.failure), (TaskStatus::Done, None));
        assert_eq!(self.messages("InteractiveQueue").await, 0);
        task.result.unwrap()
    }

    /// Disconnects a tenant; gives the task that tidies up.
    pub(crate) async fn disconnect(&self, tenant: &TenantId, accounts: LeftAccounts) -> TaskRequest {
        let now = self.system.clock.now();
        let disconnected = self.system.tenants.disconnect(tenant).await.unwrap().unwrap();
        self.system.vault.erase(tenant).await.unwrap();
        TaskRequest::Disconnection {
            accounts,
            disconnected_at: now,
            fence: disconnected.fence,
            erased: disconnected.erased,
        }
    }
}

//! What a message asks for.

use provisioning::RunId;
use tenant_store::TaskMessage;

/// A message of either queue, told apart by its members.
#[derive(Debug)]
pub(crate) enum Message {
    Run(RunId),
    Task(TaskMessage),
}

impl Message {
    /// Of a message that is neither, the error says where it is no request for a run.
    pub(crate) fn read(body: &str) -> Result<Self, serde_json::Error> {
        match serde_json::from_str(body) {
            Ok(task) => Ok(Self::Task(task)),
            Err(_) => serde_json::from_str(body).map(Self::Run),
        }
    }
}

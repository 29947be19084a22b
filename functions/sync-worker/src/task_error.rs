//! Why a task cannot go on, and what an admin is told.

use hibob::{Disposition, Refusal};
use jiff::Timestamp;
use tenant_store::TaskFailure;

use crate::attempt::RunError;
use crate::read::ReadError;

/// A task could not be done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TaskError {
    /// For good: the admin is told why.
    #[error("the task has failed: {}", .0.problem)]
    Failed(TaskFailure),
    /// For good, because of HiBob.
    #[error("HiBob gave no usable answer")]
    Hibob(#[source] hibob::Error),
    /// Another worker has the tenant.
    #[error("another worker has the tenant")]
    Busy { until: Timestamp },
    /// For a reason on our side, which may pass.
    #[error("could not go on with the task")]
    Ours(#[source] RunError),
}

impl TaskError {
    /// A problem of the settings APIs, by its slug.
    pub(crate) fn failed(problem: &str, detail: impl Into<String>) -> Self {
        Self::Failed(failure(problem, detail))
    }

    pub(crate) fn not_connected() -> Self {
        Self::failed("not-connected", "HiBob is not connected.")
    }
}

pub(crate) fn failure(problem: &str, detail: impl Into<String>) -> TaskFailure {
    TaskFailure {
        problem: problem.to_owned(),
        detail: detail.into(),
    }
}

impl From<tenant_store::Error> for TaskError {
    fn from(error: tenant_store::Error) -> Self {
        match error {
            tenant_store::Error::NoToken | tenant_store::Error::NotConnected => Self::not_connected(),
            error => Self::Ours(error.into()),
        }
    }
}

impl From<team_directory::Error> for TaskError {
    fn from(error: team_directory::Error) -> Self {
        Self::Ours(error.into())
    }
}

impl From<hibob::Error> for TaskError {
    fn from(error: hibob::Error) -> Self {
        Self::Hibob(error)
    }
}

/// A person is waiting: whatever HiBob answers, the task is over, and may be asked for again.
pub(crate) fn of_hibob(error: &hibob::Error) -> TaskFailure {
    let (problem, detail) = match error.disposition() {
        Disposition::Refused(Refusal::Unauthorized) => {
            ("token-refused", "HiBob does not accept the service user's token.")
        }
        Disposition::Refused(Refusal::Forbidden) => (
            "access-denied",
            "HiBob knows the service user and denies it access: it has to be in a permission group.",
        ),
        Disposition::Blocked => (
            "hibob-blocked",
            "HiBob turns us away after too many failed calls. It lets us in again within some minutes.",
        ),
        Disposition::RateLimited => (
            "hibob-unavailable",
            "HiBob takes no more requests at the moment. Try again in a minute.",
        ),
        Disposition::Unavailable if matches!(error, hibob::Error::TimedOut) => {
            ("hibob-too-slow", "HiBob did not answer in time.")
        }
        Disposition::Unavailable => ("hibob-unavailable", "HiBob cannot be reached at the moment."),
        Disposition::BadAnswer => (
            "hibob-unavailable",
            "HiBob's answer broke off, or was not what it should be.",
        ),
        Disposition::Rejected => ("hibob-unavailable", "HiBob rejected the request."),
    };
    failure(problem, detail)
}

impl From<ReadError> for TaskError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Directory(error) => error.into(),
            ReadError::Hibob(error) => error.into(),
            ReadError::Refused(refused) => Self::failed("hibob-unavailable", refused.refusal.to_string()),
        }
    }
}

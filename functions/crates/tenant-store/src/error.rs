//! What can go wrong with tables and secrets, and what to do about it.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Something about a tenant could not be read or written. Holds ids and names of attributes, never secrets or values.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No answer, one that says the fault is AWS's, or throttled beyond what the SDK repeats.
    #[error("could not {operation}: AWS is unavailable")]
    Unavailable {
        /// What was being done.
        operation: &'static str,
        /// The SDK's error.
        #[source]
        source: Cause,
    },
    /// No permission, or no such table.
    #[error("could not {operation}: AWS denies it")]
    Denied {
        /// What was being done.
        operation: &'static str,
        /// The SDK's error.
        #[source]
        source: Cause,
    },
    /// The request itself is wrong, and would be wrong again.
    #[error("could not {operation}: the request was rejected")]
    Rejected {
        /// What was being done.
        operation: &'static str,
        /// The SDK's error.
        #[source]
        source: Cause,
    },
    /// A stored item or secret is not as this crate writes it.
    #[error("could not {operation}: what is stored is malformed")]
    Malformed {
        /// What was being done.
        operation: &'static str,
    },
    /// The tenant has no connection.
    #[error("the tenant is not connected")]
    NotConnected,
    /// The tenant has a connection already.
    #[error("the tenant is connected already")]
    AlreadyConnected,
    /// Somebody else has saved meanwhile.
    #[error("version {expected} has been replaced meanwhile")]
    VersionChanged {
        /// The version the caller knew.
        expected: u64,
    },
    /// The lease ended, was taken over, or was voided by an admin: nothing may be written under it any more.
    #[error("the lease is lost")]
    LeaseLost,
    /// A task of another kind has this id.
    #[error("another task has this id")]
    OtherTask,
    /// The tenant waits for as many tasks of the kind as it may.
    #[error("too many tasks of this kind are waited for")]
    TooManyTasks,
    /// A page of rows was asked for that no page before it has named.
    #[error("no page of rows begins there")]
    UnknownPage,
    /// There is no token for the tenant.
    #[error("the tenant's service user has no token")]
    NoToken,
}

/// What to do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// It may pass, or somebody on call can make it pass: hand the work back.
    Retry,
    /// It stays until the data or the program changes.
    GiveUp,
}

impl Error {
    /// What to do about it.
    #[must_use]
    pub fn disposition(&self) -> Disposition {
        match self {
            Self::Unavailable { .. } | Self::Denied { .. } => Disposition::Retry,
            Self::Rejected { .. }
            | Self::Malformed { .. }
            | Self::NotConnected
            | Self::AlreadyConnected
            | Self::VersionChanged { .. }
            | Self::LeaseLost
            | Self::OtherTask
            | Self::TooManyTasks
            | Self::UnknownPage
            | Self::NoToken => Disposition::GiveUp,
        }
    }

    /// A request that the SDK does not even build.
    pub(crate) fn unbuilt(operation: &'static str, error: aws_sdk_dynamodb::error::BuildError) -> Self {
        Self::Rejected {
            operation,
            source: error.into(),
        }
    }

    /// For `map_err`: the SDK's error of an operation.
    pub(crate) fn of<E>(operation: &'static str) -> impl FnOnce(SdkError<E>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        move |error| {
            let is_client_error = error
                .raw_response()
                .is_some_and(|response| response.status().is_client_error());
            match error.code().map(Kind::of) {
                Some(Kind::Denied) => Self::Denied {
                    operation,
                    source: error.into(),
                },
                Some(Kind::Other) if is_client_error => Self::Rejected {
                    operation,
                    source: error.into(),
                },
                Some(Kind::Throttled | Kind::Other) | None => Self::Unavailable {
                    operation,
                    source: error.into(),
                },
            }
        }
    }
}

enum Kind {
    Throttled,
    Denied,
    Other,
}

impl Kind {
    fn of(code: &str) -> Self {
        match code {
            "ThrottlingException"
            | "ProvisionedThroughputExceededException"
            | "RequestLimitExceeded"
            | "TransactionConflictException"
            | "TransactionInProgressException" => Self::Throttled,
            "AccessDeniedException"
            | "ResourceNotFoundException"
            | "UnrecognizedClientException"
            | "DecryptionFailure" => Self::Denied,
            _ => Self::Other,
        }
    }
}

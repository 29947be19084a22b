//! What can go wrong with the tables, and what to do about it.

use aws_sdk_dynamodb::error::{BuildError, ProvideErrorMetadata, SdkError};

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A table could not be read or written. Holds no values.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No answer, one that says the fault is AWS's, or throttled beyond what the SDK repeats.
    #[error("could not {operation}: the table is unavailable")]
    Unavailable {
        /// What was being done.
        operation: &'static str,
        /// The SDK's error.
        #[source]
        source: Cause,
    },
    /// No permission, or no such table.
    #[error("could not {operation}: the table is not ours to use")]
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
    /// A stored item is not as this crate writes it.
    #[error("could not {operation}: what is stored is malformed")]
    Malformed {
        /// What was being done.
        operation: &'static str,
    },
}

/// Why settings were not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// Somebody else has saved since they were read.
    #[error("the settings have been replaced meanwhile")]
    Outdated,
    /// The table.
    #[error(transparent)]
    Store(#[from] Error),
}

/// What to do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// It may pass, or somebody on call can make it pass.
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
            Self::Rejected { .. } | Self::Malformed { .. } => Disposition::GiveUp,
        }
    }

    /// A request that the SDK does not even build.
    pub(crate) fn unbuilt(operation: &'static str, error: BuildError) -> Self {
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
            let code = error.code().unwrap_or_default();
            let is_passing = code.starts_with("Throttling")
                || matches!(
                    code,
                    "" | "ProvisionedThroughputExceededException"
                        | "RequestLimitExceeded"
                        | "TransactionConflictException"
                        | "TransactionInProgressException"
                );
            let is_denied = matches!(
                code,
                "AccessDeniedException" | "ResourceNotFoundException" | "UnrecognizedClientException"
            );
            let source = error.into();
            match (is_denied, is_client_error && !is_passing) {
                (true, _) => Self::Denied { operation, source },
                (false, true) => Self::Rejected { operation, source },
                (false, false) => Self::Unavailable { operation, source },
            }
        }
    }
}

//! What can go wrong with the table, and what to do about it.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A team could not be read or changed. Holds ids and attribute names, never a person's values.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table was asked for more than it gives, again and again.
    #[error("could not {operation}: the table throttles")]
    Throttled {
        /// What was being done.
        operation: &'static str,
    },
    /// No answer, or one that says the fault is AWS's.
    #[error("could not {operation}: the table is unavailable")]
    Unavailable {
        /// What was being done.
        operation: &'static str,
        /// The SDK's error.
        #[source]
        source: Cause,
    },
    /// No permission, or no table.
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
    #[error("attribute `{attribute}` of `{key}` is missing or malformed")]
    Malformed {
        /// The item's sort key.
        key: String,
        /// The attribute.
        attribute: &'static str,
    },
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
            Self::Throttled { .. } | Self::Unavailable { .. } | Self::Denied { .. } => Disposition::Retry,
            Self::Rejected { .. } | Self::Malformed { .. } => Disposition::GiveUp,
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
        move |error| match error.code() {
            Some(code) if is_throttling(code) => Self::Throttled { operation },
            Some("AccessDeniedException" | "ResourceNotFoundException" | "UnrecognizedClientException") => {
                Self::Denied {
                    operation,
                    source: error.into(),
                }
            }
            Some(_)
                if error
                    .raw_response()
                    .is_some_and(|response| response.status().is_client_error()) =>
            {
                Self::Rejected {
                    operation,
                    source: error.into(),
                }
            }
            _ => Self::Unavailable {
                operation,
                source: error.into(),
            },
        }
    }
}

/// Whether an error code asks the caller to come again later.
pub(crate) fn is_throttling(code: &str) -> bool {
    matches!(
        code,
        "ThrottlingException"
            | "ThrottlingError"
            | "ProvisionedThroughputExceededException"
            | "RequestLimitExceeded"
            | "TransactionConflictException"
    )
}

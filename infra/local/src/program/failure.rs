//! What ends the program early.

use std::io;
use std::path::PathBuf;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::query::QueryError;

use crate::{EventSourceError, StartError};

/// The program could not go on. That something was not as it should be is no failure but its result.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The embedded AWS did not start.
    #[error("could not start the embedded AWS")]
    Aws(#[from] embedded_aws::Error),
    /// The stand-in for HiBob did not start.
    #[error("could not start the stand-in for HiBob")]
    StandIn(#[source] io::Error),
    /// The settings page could not be served.
    #[error("could not serve the settings page")]
    Gateway(#[from] stand_in_gateway::Error),
    /// The functions did not start.
    #[error("could not start the system")]
    Start(#[from] StartError),
    /// The scheduled function failed.
    #[error("could not ask for the runs of a night")]
    FanOut(#[from] nightly_fan_out::FanOutError),
    /// A queue could not be used.
    #[error("could not work on a queue")]
    Queue(#[from] EventSourceError),
    /// A tenant's connection, mapping or runs could not be used.
    #[error("could not use a tenant's stores")]
    Store(#[from] tenant_store::Error),
    /// An identity provider has no key.
    #[error("could not start an identity provider")]
    Provider(#[from] stand_in_idp::Error),
    /// An identity provider describes itself in a way that is not understood.
    #[error("could not use an identity provider's metadata")]
    Metadata(#[from] single_sign_on::ProviderFault),
    /// A tenant's settings of single sign-on could not be used.
    #[error("could not use the settings of single sign-on")]
    SignOn(#[from] sign_in_store::Error),
    /// They could not be saved.
    #[error("could not save the settings of single sign-on")]
    SaveSignOn(#[from] sign_in_store::SaveError),
    /// The accounts could not be read.
    #[error("could not read the accounts")]
    Accounts(#[source] Box<SdkError<QueryError>>),
    /// HiBob did not describe its fields.
    #[error("could not read the fields of HiBob")]
    Hibob(#[from] hibob::Error),
    /// The HTTP client could not be built.
    #[error("could not set up the HTTP client")]
    Http(#[from] hibob::SetupError),
    /// The address of HiBob cannot be used.
    #[error("--hibob-url cannot be used")]
    BaseUrl(#[from] hibob::InvalidBaseUrl),
    /// The credentials are not in the environment.
    #[error("--hibob-url needs the service user's credentials in the environment")]
    Credentials(#[from] startup::InvalidEnvironment),
    /// The usual fields do not make a mapping.
    #[error("could not make a mapping of HiBob's fields")]
    Mapping(#[from] provisioning::MappingError),
    /// A tenant was not due, or its run left no record.
    #[error("no run of `{0}` took place")]
    NoRun(provisioning::TenantId),
    /// A name or an address in this program is none.
    #[error("`{0}` cannot be connected")]
    Cast(&'static str),
    /// What says how the kept companies fare cannot be read or written.
    #[error("could not use `{}`", .path.display())]
    Kept {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The kept companies have another size.
    #[error("the company kept in `{}` has {kept} people; leave --people out or choose another directory", .path.display())]
    OtherSize {
        /// The file.
        path: PathBuf,
        /// Its company's size.
        kept: u32,
    },
}

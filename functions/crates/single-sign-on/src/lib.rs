//! What single sign-on decides: the request for a tenant's identity provider, what to make of its answer, and who may open
//! which portal. Pure: storage and HTTP are the callers', and time and randomness come in as arguments, but for a request's
//! id and instant, which the SAML library draws, and for the blinding of signatures.

mod access;
mod address;
mod certificate;
mod claims;
mod code;
mod deep_link;
mod pending;
mod portal;
mod provider;
mod provider_metadata;
mod refusal;
mod relay;
mod service_provider;
mod settings;
mod signature_shape;
mod signing_key;
mod xml;

pub use access::Standing;
pub use address::InvalidAddress;
pub use certificate::{Certificate, InvalidCertificate};
pub use claims::answers_a_request;
pub use code::{CODE_LIFETIME, Code, CodeHash, InvalidCode};
pub use deep_link::{DeepLink, InvalidDeepLink};
pub use pending::{PENDING_LIFETIME, Pending, PendingFault, PendingSeal, Purpose, SecretTooShort};
pub use portal::{Portal, PortalAddresses, UnknownPortal};
pub use provider::{IdentityProvider, ProviderFault};
pub use refusal::{Check, Refusal};
pub use relay::{InvalidRelayState, InvalidRequestId, RelayState, RequestId};
pub use service_provider::{Assertion, AssertionKey, Expected, ServiceProvider, SetupError, Started};
pub use settings::SsoSettings;
pub use signing_key::{InvalidKey, SigningKey};
pub use url::Url;

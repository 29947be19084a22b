/// The gateway could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The template has no HTTP API, or refers to what it does not have.
    #[error("the template has no usable HTTP API")]
    Template(#[from] embedded_aws::Error),
    /// A part of the API's definition is not as it should be.
    #[error("the template's {0} cannot be read")]
    Definition(&'static str),
    /// No key pair could be made, or nothing be signed with it.
    #[error("could not make or use a key pair")]
    Key,
    /// The address could not be listened on.
    #[error("could not listen")]
    Listen(#[source] std::io::Error),
}

use std::path::PathBuf;

/// Why a stack could not be started, asked or provisioned.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No port, or no runtime to serve it.
    #[error("could not listen on a loopback port")]
    Listen(#[source] std::io::Error),

    /// The tables' file is not usable.
    #[error("could not open the tables: {0}")]
    OpenTables(String),

    /// The stored secrets or their directory are not usable.
    #[error("could not use `{}`", path.display())]
    Data {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },

    /// The stored secrets were written by something else.
    #[error("could not restore the secrets kept in `{}`: {reason}", path.display())]
    RestoreSecrets {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// The stack does not tell which mails it was given.
    #[error("could not read the mails that were sent")]
    ReadMails(#[source] std::io::Error),

    /// The template is not YAML.
    #[error("could not parse the template")]
    Parse(#[source] serde_saphyr::Error),

    /// The template lacks a part, or has it in a form that is not understood.
    #[error("template is not understood")]
    Template(#[source] serde_json::Error),

    /// A resource lacks a property, or has it in a form that is not understood.
    #[error("resource `{resource}` is not understood")]
    Resource {
        /// Its logical id.
        resource: String,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },

    /// A parameter that has no default was not given.
    #[error("template parameter `{0}` has no default and was not given")]
    MissingParameter(String),

    /// A parameter was given that the template does not have.
    #[error("template has no parameter `{0}`")]
    UnknownParameter(String),

    /// `Ref`, `Fn::Sub` or `Fn::GetAtt` of something that is neither a parameter nor created from the template.
    #[error("template refers to `{0}`, which is not created here")]
    UnresolvedReference(String),

    /// An intrinsic function that tables, queues, identities and environments do not need.
    #[error("template function `{0}` is not supported")]
    UnsupportedFunction(String),

    /// The stack refused to create something.
    #[error("could not create `{resource}`")]
    Create {
        /// Its name on the stack.
        resource: String,
        /// What the stack answered.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// For `map_err`: the SDK's error for `resource`, whichever operation it came from.
    pub(crate) fn create<E>(resource: &str) -> impl FnOnce(E) -> Self
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let resource = resource.to_owned();
        move |source| Self::Create {
            resource,
            source: Box::new(source),
        }
    }
}

//! What runs leave on an account.

use jiff::Timestamp;

/// Who wrote an account, and when.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    /// How it came to be the sync's; `None` if it is HiThrive's own.
    pub origin: Option<Origin>,
    /// When a run deactivated it, as long as it stays so.
    pub deactivated_at: Option<Timestamp>,
    /// When a run created it.
    pub created_at: Option<Timestamp>,
    /// When a run last changed what can be seen of it.
    pub updated_at: Option<Timestamp>,
    /// The due instant of the run that wrote last.
    pub last_run: Option<Timestamp>,
}

/// How an account came to be the sync's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A run created it.
    Created,
    /// HiThrive had it, and a run found its person by the address.
    Adopted,
}

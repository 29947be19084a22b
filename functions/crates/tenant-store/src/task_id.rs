//! The name of a task, which is also the key to its result.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

/// 32 random bytes, chosen by who asks for the task and written as 43 characters of base64url. Only who knows them can
/// read the result, so they appear in no log and, in tables, only as a hash.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TaskId([u8; 32]);

/// A text that names no task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a task id is 32 random bytes as 43 characters of base64url without padding")]
pub struct InvalidTaskId;

impl TaskId {
    pub(crate) fn secret(&self) -> &[u8] {
        &self.0
    }

    /// What tables know the task by.
    pub(crate) fn hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, &self.0))
    }
}

impl FromStr for TaskId {
    type Err = InvalidTaskId;

    fn from_str(text: &str) -> Result<Self, InvalidTaskId> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidTaskId)?;
        bytes.try_into().map(Self).map_err(|_| InvalidTaskId)
    }
}

impl TryFrom<String> for TaskId {
    type Error = InvalidTaskId;

    fn try_from(text: String) -> Result<Self, InvalidTaskId> {
        text.parse()
    }
}

impl From<TaskId> for String {
    fn from(id: TaskId) -> Self {
        URL_SAFE_NO_PAD.encode(id.0)
    }
}

impl fmt::Debug for TaskId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TaskId(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_32_bytes_in_the_one_spelling_are_a_task_id() {
        let id = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
        assert_eq!(String::from(id.parse::<TaskId>().unwrap()), id);
        let padded = format!("{id}=");
        let other_tail = id.replace("Hh8", "Hh9");
        for bad in ["", "AAEC", &id[1..], &padded, &other_tail, &id.replace('A', "+")] {
            assert_eq!(bad.parse::<TaskId>(), Err(InvalidTaskId), "{bad}");
        }
    }

    #[test]
    fn an_id_is_not_shown() {
        let id: TaskId = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8".parse().unwrap();
        assert_eq!(format!("{id:?}"), "TaskId(..)");
        assert_eq!(id.hash().len(), 43);
        assert_ne!(id.hash(), String::from(id));
    }
}

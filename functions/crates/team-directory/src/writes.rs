//! What a change writes: the whole item of a new account, or an update of named attributes with its condition.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use provisioning::{Change, ChangeKind, Edit, EmailAddress, ManagerEdit, Missing, Target, Value};

use crate::account::{number, reason_text, text, value};
use crate::attributes::{
    ACCOUNT_ID, ACTIVE, ADOPTED, CREATED, CREATED_AT, DEACTIVATED_AT, DEACTIVATED_BY, DEACTIVATION_REASON,
    EMAIL, EMAIL_KEY, FENCE, HIBOB_ID, INACTIVE, LAST_RUN, MANAGER_ID, MANAGER_KEY, MISSING_NIGHTS,
    MISSING_ON, ORIGIN, OUT_OF_SCOPE, PK, PROFILE, REVISION, SOURCE_FP, STATE, SYNC, UPDATED_AT,
};
use crate::keys::{Item, TeamKeys};
use crate::{Error, WriteContext};

/// An update's expression may have 4 KB, and a field of the profile takes up about twenty bytes of it.
const MOST_PROFILE_FIELDS: usize = 120;

/// Attributes and profile fields to store, or with `None` to remove.
#[derive(Debug, Default)]
pub(crate) struct Writes {
    attributes: Vec<(&'static str, Option<AttributeValue>)>,
    profile: Vec<(String, Option<AttributeValue>)>,
}

impl Writes {
    pub(crate) fn of(
        keys: &TeamKeys,
        change: &Change,
        edits: &[Edit],
        write: &WriteContext,
    ) -> Result<Self, Error> {
        let mut writes = Self::default();
        for edit in edits {
            writes.edit(keys, change, edit)?;
        }
        match &change.manager {
            ManagerEdit::Keep => {}
            ManagerEdit::Set(manager) => {
                writes.set(MANAGER_ID, text(manager.as_str()));
                writes.set(MANAGER_KEY, keys.manager(manager));
            }
            ManagerEdit::Clear => writes.remove(&[MANAGER_ID, MANAGER_KEY]),
        }
        if let Some(fingerprint) = change.source_fp {
            writes.set(SOURCE_FP, AttributeValue::B(Blob::new(fingerprint.to_bytes())));
        }
        writes.marks(change);
        writes.state(change, write);
        if change.links {
            writes.set(HIBOB_ID, text(change.employee.as_str()));
            writes.set(ORIGIN, text(ADOPTED));
        }
        if change.kind != ChangeKind::Mark {
            writes.set(REVISION, number(change.revision.saturating_add(1)));
            writes.set(UPDATED_AT, instant(write.now));
        }
        writes.set(FENCE, number(write.fence));
        writes.set(LAST_RUN, instant(write.due_at));
        Ok(writes)
    }

    fn set(&mut self, attribute: &'static str, value: AttributeValue) {
        self.attributes.push((attribute, Some(value)));
    }

    fn remove(&mut self, attributes: &[&'static str]) {
        self.attributes
            .extend(attributes.iter().map(|&attribute| (attribute, None)));
    }

    fn edit(&mut self, keys: &TeamKeys, change: &Change, edit: &Edit) -> Result<(), Error> {
        if edit.target == Target::EMAIL {
            let address: Option<EmailAddress> = edit
                .after
                .as_ref()
                .and_then(Value::as_text)
                .and_then(|a| a.parse().ok());
            let address = address.ok_or_else(|| Error::Malformed {
                key: change.account.to_string(),
                attribute: EMAIL,
            })?;
            self.set(EMAIL, text(address.as_str()));
            self.set(EMAIL_KEY, keys.email(&address));
        } else {
            self.profile
                .push((edit.target.to_string(), edit.after.as_ref().map(value)));
        }
        Ok(())
    }

    fn marks(&mut self, change: &Change) {
        match change.missing {
            None => {}
            Some(Missing { nights: 0, .. }) => self.remove(&[MISSING_NIGHTS, MISSING_ON]),
            Some(Missing { nights, last_on }) => {
                self.set(MISSING_NIGHTS, number(nights));
                self.attributes
                    .push((MISSING_ON, last_on.map(|date| text(date.to_string()))));
            }
        }
        match change.out_of_scope {
            None => {}
            Some(true) => self.set(OUT_OF_SCOPE, AttributeValue::Bool(true)),
            Some(false) => self.remove(&[OUT_OF_SCOPE]),
        }
    }

    fn state(&mut self, change: &Change, write: &WriteContext) {
        match change.kind {
            ChangeKind::Create => {
                self.set(ACCOUNT_ID, text(change.account.as_str()));
                self.set(HIBOB_ID, text(change.employee.as_str()));
                self.set(ORIGIN, text(CREATED));
                self.set(STATE, text(ACTIVE));
                self.set(CREATED_AT, instant(write.now));
            }
            ChangeKind::Reactivate => {
                self.set(STATE, text(ACTIVE));
                self.remove(&[DEACTIVATED_BY, DEACTIVATION_REASON, DEACTIVATED_AT]);
            }
            ChangeKind::Deactivate(reason) => {
                self.set(STATE, text(INACTIVE));
                self.set(DEACTIVATED_BY, text(SYNC));
                self.set(DEACTIVATION_REASON, text(reason_text(reason)));
                self.set(DEACTIVATED_AT, instant(write.now));
            }
            ChangeKind::Update | ChangeKind::Mark => {}
        }
    }

    /// Takes profile fields off that are more than one update can name; none are left after the last.
    pub(crate) fn take_excess(&mut self) -> Option<Self> {
        let excess = self
            .profile
            .len()
            .checked_sub(MOST_PROFILE_FIELDS)
            .filter(|&excess| excess > 0)?;
        let profile = self.profile.drain(..excess.min(MOST_PROFILE_FIELDS)).collect();
        Some(Self {
            attributes: Vec::new(),
            profile,
        })
    }

    pub(crate) fn has_profile(&self) -> bool {
        !self.profile.is_empty()
    }

    /// The item of a new account.
    pub(crate) fn into_item(self, key: Item) -> Item {
        let stored = |(name, value): (String, Option<AttributeValue>)| Some((name, value?));
        let profile = self.profile.into_iter().filter_map(stored).collect();
        let mut item = key;
        item.extend(
            self.attributes
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?))),
        );
        item.insert(PROFILE.to_owned(), AttributeValue::M(profile));
        item
    }

    /// The update of an account that is still as `change` read it, still that employee's, and not yet written under a
    /// later lease.
    pub(crate) fn into_update(self, change: &Change, fence: u64) -> Update {
        let mut update = Update::default();
        for (name, value) in self.attributes {
            update.assign(&format!("#{name}"), &format!(":{name}"), value);
            update.names.insert(format!("#{name}"), name.to_owned());
        }
        if !self.profile.is_empty() {
            update.names.insert(format!("#{PROFILE}"), PROFILE.to_owned());
        }
        for (number, (target, value)) in self.profile.into_iter().enumerate() {
            update.assign(&format!("#{PROFILE}.#{number}"), &format!(":{number}"), value);
            update.names.insert(format!("#{number}"), target);
        }

        for name in [PK, REVISION, FENCE, HIBOB_ID] {
            update.names.insert(format!("#{name}"), name.to_owned());
        }
        update.values.insert(":read".to_owned(), number(change.revision));
        update.values.insert(format!(":{FENCE}"), number(fence));
        // An account that no run has written yet may lack a revision, and is read as if it had 0.
        let unchanged = match change.revision {
            0 => "(attribute_not_exists(#revision) OR #revision = :read)",
            _ => "#revision = :read",
        };
        let identity = if change.links {
            "attribute_not_exists(#hibob_id)"
        } else {
            update
                .values
                .insert(format!(":{HIBOB_ID}"), text(change.employee.as_str()));
            "#hibob_id = :hibob_id"
        };
        update.condition = format!(
            "attribute_exists(#pk) AND {unchanged} AND {identity} AND (attribute_not_exists(#fence) OR #fence <= :fence)"
        );
        update
    }
}

/// An update in DynamoDB's words. Every name goes by an alias, since some are words that DynamoDB keeps to itself.
#[derive(Debug, Default)]
pub(crate) struct Update {
    sets: Vec<String>,
    removes: Vec<String>,
    pub(crate) condition: String,
    pub(crate) names: HashMap<String, String>,
    pub(crate) values: HashMap<String, AttributeValue>,
}

impl Update {
    fn assign(&mut self, path: &str, placeholder: &str, value: Option<AttributeValue>) {
        match value {
            Some(value) => {
                self.sets.push(format!("{path} = {placeholder}"));
                self.values.insert(placeholder.to_owned(), value);
            }
            None => self.removes.push(path.to_owned()),
        }
    }

    pub(crate) fn expression(&self) -> String {
        let clause = |verb: &str, parts: &[String]| match parts {
            [] => String::new(),
            parts => format!("{verb} {} ", parts.join(", ")),
        };
        clause("SET", &self.sets) + &clause("REMOVE", &self.removes)
    }
}

/// Whether an item was last written under this lease. A run writes an account once, so that a condition which fails on
/// such an item only says that the answer to the first attempt was lost.
pub(crate) fn is_ours(item: &Item, write: &WriteContext) -> bool {
    item.get(FENCE) == Some(&number(write.fence)) && item.get(LAST_RUN) == Some(&instant(write.due_at))
}

/// An instant in UTC, to the second.
fn instant(at: Timestamp) -> AttributeValue {
    text(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

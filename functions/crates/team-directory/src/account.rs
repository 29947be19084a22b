//! Accounts as items, and back.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::civil::Date;
use provisioning::{
    AccountId, AccountState, AccountStatus, DeactivationReason, EmailAddress, EmployeeId, Fingerprint,
    Missing, Override, StandardTarget, StoredAccount, Target, Value,
};

use crate::attributes::{
    ACCOUNT_ID, ACTIVE, ADOPTED, CREATED, CREATED_AT, DEACTIVATED_AT, DEACTIVATED_BY, DEACTIVATION_REASON,
    EMAIL, HIBOB_ID, INACTIVE, LAST_RUN, MANAGER_ID, MISSING_NIGHTS, MISSING_ON, ORIGIN, OUT_OF_SCOPE,
    OVERRIDE, PROFILE, REVISION, SK, SOURCE_FP, STATE, SYNC, UPDATED_AT,
};
use crate::keys::Item;
use crate::{Error, Origin, Trace};

/// An account as a reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What every account has.
    pub status: AccountStatus,
    /// Every target that has a value, but for the address and the manager, which are in the status.
    pub profile: BTreeMap<Target, Value>,
    /// What earlier runs left on it.
    pub trace: Trace,
}

impl Account {
    /// What the person is called: as displayed, or by first and last name.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        let text = |target: StandardTarget| match self.profile.get(&Target::Standard(target))? {
            Value::Text(text) => Some(text.as_str()),
            Value::List(_) => None,
        };
        full_name(
            text(StandardTarget::DisplayName),
            text(StandardTarget::FirstName),
            text(StandardTarget::LastName),
        )
    }
}

pub(crate) fn full_name(display: Option<&str>, first: Option<&str>, last: Option<&str>) -> Option<String> {
    let both = || [first, last].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let name = display.map_or_else(both, str::to_owned);
    (!name.is_empty()).then_some(name)
}

pub(crate) fn reason_text(reason: DeactivationReason) -> &'static str {
    match reason {
        DeactivationReason::Left => "left",
        DeactivationReason::Away => "away",
        DeactivationReason::Missing => "missing",
        DeactivationReason::OutOfScope => "outOfScope",
        DeactivationReason::Disconnected => "disconnected",
    }
}

fn parse_reason(text: &str) -> Option<DeactivationReason> {
    use DeactivationReason::{Away, Disconnected, Left, Missing, OutOfScope};
    [Left, Away, Missing, OutOfScope, Disconnected]
        .into_iter()
        .find(|&reason| reason_text(reason) == text)
}

pub(crate) fn text(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub(crate) fn number(number: impl Into<u64>) -> AttributeValue {
    AttributeValue::N(number.into().to_string())
}

pub(crate) fn value(value: &Value) -> AttributeValue {
    match value {
        Value::Text(one) => text(one.as_str()),
        Value::List(many) => AttributeValue::L(many.iter().map(|one| text(one.as_str())).collect()),
    }
}

fn parse_value(attribute: &AttributeValue) -> Option<Value> {
    match attribute {
        AttributeValue::S(one) => Some(Value::Text(one.into())),
        AttributeValue::L(many) => many
            .iter()
            .map(|one| one.as_s().ok().map(Into::into))
            .collect::<Option<_>>()
            .map(Value::List),
        _ => None,
    }
}

/// Whether a run has created or adopted an account.
pub(crate) fn is_ours(item: &Item) -> bool {
    item.contains_key(HIBOB_ID)
}

/// An item being read. A malformed attribute is an error that names it, and never shows what is in it.
struct Reader<'a> {
    item: &'a Item,
    /// Projections leave the key out, the account's id names the item as well.
    name: Option<&'a AttributeValue>,
}

impl<'a> Reader<'a> {
    fn new(item: &'a Item) -> Self {
        Self {
            item,
            name: item.get(ACCOUNT_ID).or_else(|| item.get(SK)),
        }
    }

    fn malformed(&self, attribute: &'static str) -> Error {
        let key = self
            .name
            .and_then(|name| name.as_s().ok())
            .cloned()
            .unwrap_or_default();
        Error::Malformed { key, attribute }
    }

    /// `None` where there is no such attribute.
    fn optional<T>(
        &self,
        attribute: &'static str,
        parse: impl FnOnce(&'a AttributeValue) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let stored = self.item.get(attribute);
        stored
            .map(|stored| parse(stored).ok_or_else(|| self.malformed(attribute)))
            .transpose()
    }

    fn required<T>(
        &self,
        attribute: &'static str,
        parse: impl FnOnce(&'a AttributeValue) -> Option<T>,
    ) -> Result<T, Error> {
        self.optional(attribute, parse)?
            .ok_or_else(|| self.malformed(attribute))
    }

    fn id(&self) -> Result<AccountId, Error> {
        self.required(ACCOUNT_ID, parsed)
    }

    fn email(&self) -> Result<EmailAddress, Error> {
        self.required(EMAIL, parsed)
    }

    /// An account that no run has written yet has none: it is as at first.
    fn revision(&self) -> Result<u32, Error> {
        Ok(self.optional(REVISION, parsed_number)?.unwrap_or_default())
    }

    fn state(&self) -> Result<AccountState, Error> {
        let by_sync = self
            .item
            .get(DEACTIVATED_BY)
            .and_then(|by| by.as_s().ok())
            .is_some_and(|by| by == SYNC);
        match self.required(STATE, |state| state.as_s().ok())?.as_str() {
            ACTIVE => Ok(AccountState::Active),
            INACTIVE if by_sync => {
                let reason =
                    self.required(DEACTIVATION_REASON, |reason| parse_reason(reason.as_s().ok()?))?;
                Ok(AccountState::Inactive(Some(reason)))
            }
            INACTIVE => Ok(AccountState::Inactive(None)),
            _ => Err(self.malformed(STATE)),
        }
    }

    fn trace(&self) -> Result<Trace, Error> {
        Ok(Trace {
            origin: self.optional(ORIGIN, |origin| match origin.as_s().ok()?.as_str() {
                CREATED => Some(Origin::Created),
                ADOPTED => Some(Origin::Adopted),
                _ => None,
            })?,
            deactivated_at: self.optional(DEACTIVATED_AT, parsed)?,
            created_at: self.optional(CREATED_AT, parsed)?,
            updated_at: self.optional(UPDATED_AT, parsed)?,
            last_run: self.optional(LAST_RUN, parsed)?,
        })
    }

    fn profile(&self) -> Result<BTreeMap<Target, Value>, Error> {
        let stored: Option<&HashMap<String, AttributeValue>> =
            self.optional(PROFILE, |map| map.as_m().ok())?;
        let mut profile = BTreeMap::new();
        for (key, attribute) in stored.into_iter().flatten() {
            // A field that no mapping can name any more is nobody's concern, and stays stored.
            if let Ok(target) = key.parse::<Target>() {
                profile.insert(
                    target,
                    parse_value(attribute).ok_or_else(|| self.malformed(PROFILE))?,
                );
            }
        }
        Ok(profile)
    }
}

fn parsed<T: std::str::FromStr>(attribute: &AttributeValue) -> Option<T> {
    attribute.as_s().ok()?.parse().ok()
}

fn parsed_number<T: std::str::FromStr>(attribute: &AttributeValue) -> Option<T> {
    attribute.as_n().ok()?.parse().ok()
}

/// Reads an item that has at least the attributes of [`crate::attributes::STATUS`].
pub(crate) fn status(item: &Item) -> Result<AccountStatus, Error> {
    let item = Reader::new(item);
    Ok(AccountStatus {
        id: item.id()?,
        employee: item.optional(HIBOB_ID, parsed)?,
        email: item.email()?,
        manager: item.optional(MANAGER_ID, parsed)?,
        source_fp: item.optional(SOURCE_FP, |bytes| {
            Some(Fingerprint::from_bytes(
                bytes.as_b().ok()?.as_ref().try_into().ok()?,
            ))
        })?,
        revision: item.revision()?,
        state: item.state()?,
        override_: item.optional(OVERRIDE, |list| match list.as_s().ok()?.as_str() {
            ACTIVE => Some(Override::Active),
            INACTIVE => Some(Override::Inactive),
            _ => None,
        })?,
        missing: Missing {
            nights: item.optional(MISSING_NIGHTS, parsed_number)?.unwrap_or_default(),
            last_on: item.optional(MISSING_ON, parsed::<Date>)?,
        },
        out_of_scope: item
            .optional(OUT_OF_SCOPE, |flag| flag.as_bool().ok().copied())?
            .unwrap_or_default(),
    })
}

/// Reads whose an item is and who may use it: of its attributes only ids, address and state.
pub(crate) fn identity(item: &Item) -> Result<(AccountId, EmailAddress, Option<EmployeeId>), Error> {
    let item = Reader::new(item);
    Ok((item.id()?, item.email()?, item.optional(HIBOB_ID, parsed)?))
}

/// Reads whether the account of an item may be used.
pub(crate) fn state(item: &Item) -> Result<AccountState, Error> {
    Reader::new(item).state()
}

/// Reads an item that has at least the attributes of [`crate::attributes::VALUES`].
pub(crate) fn values(item: &Item) -> Result<StoredAccount, Error> {
    let item = Reader::new(item);
    Ok(StoredAccount {
        id: item.id()?,
        revision: item.revision()?,
        email: item.email()?,
        profile: item.profile()?,
    })
}

/// Reads a whole item.
pub(crate) fn account(item: &Item) -> Result<Account, Error> {
    let reader = Reader::new(item);
    Ok(Account {
        status: status(item)?,
        profile: reader.profile()?,
        trace: reader.trace()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes::FENCE;

    fn stored(attributes: &[(&str, AttributeValue)]) -> Item {
        let least = [
            (ACCOUNT_ID, text("a1")),
            (EMAIL, text("zoe@example.com")),
            (STATE, text(ACTIVE)),
        ];
        let all = least.iter().chain(attributes);
        all.map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect()
    }

    #[test]
    fn an_account_that_no_run_wrote_yet_is_read_with_its_defaults() {
        let status = status(&stored(&[])).unwrap();
        assert_eq!(
            (status.revision, status.state, status.employee),
            (0, AccountState::Active, None)
        );
        assert_eq!(status.missing, Missing::default());
    }

    #[test]
    fn only_a_run_s_deactivation_carries_a_reason() {
        let by_hand = stored(&[(STATE, text(INACTIVE)), (DEACTIVATION_REASON, text("left"))]);
        assert_eq!(status(&by_hand).unwrap().state, AccountState::Inactive(None));
        let by_run = stored(&[
            (STATE, text(INACTIVE)),
            (DEACTIVATED_BY, text(SYNC)),
            (DEACTIVATION_REASON, text("outOfScope")),
        ]);
        let state = AccountState::Inactive(Some(DeactivationReason::OutOfScope));
        assert_eq!(status(&by_run).unwrap().state, state);
    }

    #[test]
    fn a_malformed_attribute_is_named_and_its_content_is_not_shown() {
        let broken = [
            (EMAIL, text("secret")),
            (STATE, text("secret")),
            (OVERRIDE, text("secret")),
            (SOURCE_FP, text("secret")),
            (REVISION, text("secret")),
            (MISSING_ON, text("secret")),
            (HIBOB_ID, text("secret secret")),
        ];
        for (attribute, value) in broken {
            let error = status(&stored(&[(attribute, value)])).unwrap_err().to_string();
            assert_eq!(
                error,
                format!("attribute `{attribute}` of `a1` is missing or malformed")
            );
        }
        let profile = AttributeValue::M(HashMap::from([("jobTitle".to_owned(), number(7_u64))]));
        assert!(
            values(&stored(&[(PROFILE, profile)]))
                .unwrap_err()
                .to_string()
                .contains(PROFILE)
        );
    }

    #[test]
    fn attributes_and_profile_fields_of_others_are_passed_over() {
        let profile = HashMap::from([
            ("jobTitle".to_owned(), text("Analyst")),
            (
                "teams".to_owned(),
                AttributeValue::L(vec![text("Blue"), text("Red")]),
            ),
            ("retired".to_owned(), number(1_u64)),
        ]);
        let item = stored(&[
            (PROFILE, AttributeValue::M(profile)),
            ("roles", text("admin")),
            (FENCE, number(3_u64)),
        ]);
        let account = account(&item).unwrap();
        let keys: Vec<_> = account.profile.keys().map(ToString::to_string).collect();
        assert_eq!(keys, ["jobTitle", "teams"]);
    }
}

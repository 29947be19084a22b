//! What a service user may see: whom, and which categories of them.

use std::{collections::BTreeSet, fmt};

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::{
    company::Company,
    employee::{Employee, EmployeeId},
    field::{CATEGORIES, Field},
};

/// A service user and the permission group it is in.
#[derive(Clone)]
pub struct ServiceUser {
    /// The user name of its credentials; chooses the company.
    pub id: String,
    /// The password of its credentials.
    pub token: String,
    /// Ids of the categories it may view; none at all is a service user in no permission group, which gets a 403.
    pub view: BTreeSet<String>,
    /// Ids of the categories it may edit, which a few fields ask for.
    pub edit: BTreeSet<String>,
    /// Whom it sees.
    pub access: Access,
    /// Whether the token has been withdrawn.
    pub is_revoked: bool,
}

/// The people a permission group gives access to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// All people on record.
    Everyone,
    /// HiBob's default condition: the lifecycle status is Employed.
    EmployedOnly,
    /// Those named, whatever their state.
    Specific(BTreeSet<EmployeeId>),
    /// No access rights at all: an empty answer rather than an error.
    Nobody,
}

impl fmt::Debug for ServiceUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceUser")
            .field("id", &self.id)
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}

impl ServiceUser {
    /// May view and edit every category of everyone.
    #[must_use]
    pub fn all_seeing(id: impl Into<String>, token: impl Into<String>) -> Self {
        let all = || {
            CATEGORIES
                .iter()
                .map(|(id, _)| (*id).to_owned())
                .collect::<BTreeSet<_>>()
        };
        Self {
            id: id.into(),
            token: token.into(),
            view: all(),
            edit: all(),
            access: Access::Everyone,
            is_revoked: false,
        }
    }

    /// Takes a category away, both to view and to edit.
    #[must_use]
    pub fn without(mut self, category: &str) -> Self {
        self.forbid(category);
        self
    }

    /// Takes a category away, both to view and to edit.
    pub fn forbid(&mut self, category: &str) {
        self.view.remove(category);
        self.edit.remove(category);
    }

    /// The `Authorization` header it calls with.
    #[must_use]
    pub fn authorization(&self) -> String {
        format!(
            "Basic {}",
            BASE64_STANDARD.encode(format!("{}:{}", self.id, self.token))
        )
    }

    /// Whether the permission group shows the field in that company.
    #[must_use]
    pub fn sees_field(&self, company: &Company, field: &Field) -> bool {
        let category = company.category_of(field);
        self.view.contains(category) && (!field.needs_edit() || self.edit.contains(category))
    }

    /// Whether the access rights include the person.
    #[must_use]
    pub fn sees_employee(&self, company: &Company, employee: &Employee) -> bool {
        match &self.access {
            Access::Everyone => true,
            Access::EmployedOnly => company.facts(employee).text("internal.lifecycleStatus") == "employed",
            Access::Specific(people) => people.contains(&employee.id()),
            Access::Nobody => false,
        }
    }
}

/// User name and password of a Basic `Authorization` header.
pub(crate) fn credentials(authorization: &str) -> Option<(String, String)> {
    let encoded = authorization.strip_prefix("Basic ")?;
    let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    decoded
        .split_once(':')
        .map(|(id, token)| (id.to_owned(), token.to_owned()))
}

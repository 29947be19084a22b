//! The ways one record of an answer can be bad, each of which a sync has to survive.

use jiff::ToSpan;
use serde_json::{Value, json};

use crate::{company::Company, employee::EmployeeId};

/// Something wrong, or merely uncomfortable, with one person's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blemish {
    /// The record is there twice.
    DuplicateId,
    /// The address of somebody else.
    DuplicateEmail(EmployeeId),
    /// The address of somebody else, in capitals.
    DuplicateEmailByCase(EmployeeId),
    /// No id in any form.
    MissingId,
    /// No address in any form.
    MissingEmail,
    /// The address is null.
    NullEmail,
    /// An address without an at sign.
    MalformedEmail,
    /// `"work": null`.
    NullWork,
    /// A manager whom no answer contains.
    ManagerOutside,
    /// Manages somebody, and is managed by them.
    ManagerCycle(EmployeeId),
    /// A job title that is on no list.
    ListIdWithoutHumanValue,
    /// A number where the job title belongs, an object for the employee id, text for yes or no.
    ChangedTypes,
    /// Names of 4,096 bytes.
    LongNames,
    /// NUL, bell, line ends, a direction override and a byte-order mark in the names.
    ControlCharacters,
    /// A lifecycle status nobody has heard of.
    UnknownLifecycle,
    /// Text, impossible days and the wrong order where dates belong.
    DatesThatAreNotDates,
    /// Employed, says the record, but only from next month on.
    FutureStart,
    /// Employed until next month.
    FutureTermination,
    /// The record is text instead of an object.
    NotAnObject,
}

impl Blemish {
    /// One of each; `other` is the second person where it takes two.
    #[must_use]
    pub fn all(other: EmployeeId) -> [Self; 19] {
        [
            Self::DuplicateId,
            Self::DuplicateEmail(other),
            Self::DuplicateEmailByCase(other),
            Self::MissingId,
            Self::MissingEmail,
            Self::NullEmail,
            Self::MalformedEmail,
            Self::NullWork,
            Self::ManagerOutside,
            Self::ManagerCycle(other),
            Self::ListIdWithoutHumanValue,
            Self::ChangedTypes,
            Self::LongNames,
            Self::ControlCharacters,
            Self::UnknownLifecycle,
            Self::DatesThatAreNotDates,
            Self::FutureStart,
            Self::FutureTermination,
            Self::NotAnObject,
        ]
    }
}

impl Company {
    /// Spoils one person's record.
    ///
    /// # Panics
    /// When one of the people is not there.
    pub fn spoil(&mut self, id: EmployeeId, blemish: Blemish) {
        let next_month = self.today.saturating_add(1.month()).to_string();
        let email_of = |company: &Self, other| {
            company
                .facts(company.expect(other))
                .text("root.email")
                .into_owned()
        };
        match blemish {
            Blemish::DuplicateId => self.edit(id).answer_twice(),
            Blemish::DuplicateEmail(other) => {
                let email = email_of(self, other);
                self.edit(id).set("root.email", email)
            }
            Blemish::DuplicateEmailByCase(other) => {
                let email = swap_case(&email_of(self, other));
                self.edit(id).set("root.email", email)
            }
            Blemish::MissingId => self.edit(id).withhold("root.id"),
            Blemish::MissingEmail => self.edit(id).withhold("root.email"),
            Blemish::NullEmail => self.edit(id).set("root.email", Value::Null),
            Blemish::MalformedEmail => self.edit(id).set("root.email", "not an address"),
            Blemish::NullWork => self.edit(id).null_object("work"),
            Blemish::ManagerOutside => {
                let outside = "1999999999999999999";
                self.edit(id)
                    .set("work.manager", outside)
                    .set("work.reportsTo.email", "outside@elsewhere.example")
                    .set(
                        "work.reportsTo",
                        json!({
                            "id": outside, "firstName": "Out", "surname": "Side",
                            "email": "outside@elsewhere.example", "displayName": "Out Side",
                        }),
                    )
            }
            Blemish::ManagerCycle(other) => {
                self.edit(other).set("work.manager", id.to_string());
                self.edit(id).set("work.manager", other.to_string())
            }
            Blemish::ListIdWithoutHumanValue => self.edit(id).set("work.title", "999999999"),
            Blemish::ChangedTypes => self
                .edit(id)
                .set("work.title", 17)
                .set("work.employeeIdInCompany", json!({ "value": "E-17" }))
                .set("work.isManager", "perhaps")
                .set("work.department", json!(["Sales", 7])),
            Blemish::LongNames => {
                let long = "é".repeat(2048);
                self.edit(id)
                    .set("root.firstName", long.as_str())
                    .set("root.surname", long)
            }
            Blemish::ControlCharacters => self
                .edit(id)
                .set("root.firstName", "Nul\u{0}\u{7}\r\n")
                .set("root.surname", "\u{feff}\u{202e}Back\tslash\\\u{85}"),
            Blemish::UnknownLifecycle => self.edit(id).set("internal.lifecycleStatus", "on the moon"),
            Blemish::DatesThatAreNotDates => self
                .edit(id)
                .set("work.startDate", "31/12/2020")
                .set("personal.birthDate", "1990-02-30")
                .set("personal.shortBirthDate", "13-45")
                .set("internal.terminationDate", "soon"),
            Blemish::FutureStart => self.edit(id).set("work.startDate", next_month),
            Blemish::FutureTermination => self.edit(id).set("internal.terminationDate", next_month),
            Blemish::NotAnObject => self.edit(id).answer_instead("a person".into()),
        };
    }
}

/// Differs from the original in case and in nothing else.
fn swap_case(email: &str) -> String {
    let upper = email.to_uppercase();
    if upper == email {
        email.to_lowercase()
    } else {
        upper
    }
}

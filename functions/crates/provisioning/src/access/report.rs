//! What a proof of access tells, in counts and names of categories; never anything of a person.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the service user may read, as far as asking can tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProofReport {
    /// Each step in the order it was taken.
    pub steps: Vec<ProofStep>,
    /// People in HiBob's answer.
    pub people: u32,
    /// Those of them who are not simply employed: leavers, future starters, people on leave.
    pub inactive: u32,
    /// The work addresses of the people with access to HiBob.
    pub emails: EmailCoverage,
    /// The managers of the people with access to HiBob.
    pub managers: ManagerCoverage,
    /// HiThrive's own list first, then the customer's other categories by name.
    pub categories: Vec<CategoryAccess>,
    /// Ids of categories that are granted and fill nothing; told only once there is a mapping.
    pub can_be_unticked: Vec<String>,
}

/// One step of a proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProofStep {
    /// What was looked at.
    pub step: Step,
    /// How it went.
    pub outcome: Outcome,
    /// How many people, addresses or categories a warning or failure is about.
    pub affected: u32,
}

/// What a step of a proof looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// HiBob accepts the service user.
    Credentials,
    /// Somebody can be read.
    People,
    /// Somebody who is not employed can be read: the group is not limited to employed people.
    InactivePeople,
    /// The permission categories.
    Categories,
    /// Work addresses, without which nobody gets an account.
    Emails,
    /// Addresses that several people share.
    Duplicates,
    /// Managers, who should be among the people read.
    Managers,
    /// The permission to see the directory, which no call can prove.
    Directory,
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// As it should be.
    Passed,
    /// Worth a look; runs work, perhaps for fewer people or fields than wanted.
    Warning,
    /// Runs cannot work like this.
    Failed,
    /// Nothing can be said.
    CannotCheck,
}

/// Work addresses, of the people with access to HiBob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EmailCoverage {
    /// People with a usable address.
    pub present: u32,
    /// People known to have none.
    pub empty: u32,
    /// People whose address HiBob does not give.
    pub withheld: u32,
    /// People whose address is none.
    pub malformed: u32,
    /// Addresses that more than one person has.
    pub duplicates: u32,
}

/// Managers, of the people with access to HiBob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ManagerCoverage {
    /// People for whom HiBob names a manager.
    pub named: u32,
    /// Those of them whose manager is among the people read.
    pub resolvable: u32,
}

/// One permission category of the customer's HiBob.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CategoryAccess {
    /// HiBob's id of it.
    pub id: String,
    /// As the customer's HiBob calls it.
    pub name: String,
    /// Whether the service user may view it.
    pub state: CategoryState,
    /// Whether it is on the list of permissions that HiThrive asks for.
    pub standard: bool,
    /// Whether a mapped field, a scope rule or a field that every run reads is in it.
    pub needed: bool,
    /// The targets that its fields fill; a category that is needed for none decides about people.
    pub needed_for: Vec<String>,
    /// Where in HiBob it is granted, from screen to screen.
    pub screen_path: Vec<String>,
    /// The box to tick there.
    #[serde(rename = "box")]
    pub tick_box: String,
}

/// Whether the service user may view a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum CategoryState {
    /// Values came.
    Granted,
    /// The fields asked for are absent for everybody.
    NotGranted,
    /// The fields asked for are there and empty for everybody.
    NoValues,
    /// Nothing was asked: the category is never read, or nobody was in the answer.
    NotAsked,
}

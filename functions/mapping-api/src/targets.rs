//! What a mapping can fill.

use http_api::{Caller, Json, Problem};
use provisioning::{FieldType, StandardTarget, Target, TargetType};
use serde::Serialize;
use utoipa::ToSchema;

/// The fields of a HiThrive account
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TargetList {
    targets: Vec<TargetBody>,
    custom: CustomTargets,
}

/// One of HiThrive's own fields
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Target)]
struct TargetBody {
    #[schema(example = "email")]
    key: &'static str,
    #[serde(rename = "type")]
    kind: TargetKind,
    /// Whether every mapping has to fill it.
    required: bool,
    /// The types of HiBob fields that can fill it.
    accepts: Vec<FieldType>,
}

/// Fields that the customer has added to HiThrive; they hold one line of text
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CustomTargets {
    /// What a key begins with; the field's name follows.
    #[schema(example = "custom:")]
    prefix: &'static str,
    /// Characters that a name may have.
    #[schema(example = 80)]
    max_length: usize,
    accepts: Vec<FieldType>,
}

/// What a field holds
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TargetType)]
enum TargetKind {
    Email,
    Text,
    TextList,
    Url,
    Date,
    Birthday,
    Person,
}

impl From<TargetType> for TargetKind {
    fn from(target: TargetType) -> Self {
        match target {
            TargetType::Email => Self::Email,
            TargetType::Text => Self::Text,
            TargetType::TextList => Self::TextList,
            TargetType::Url => Self::Url,
            TargetType::Date => Self::Date,
            TargetType::Birthday => Self::Birthday,
            TargetType::Person => Self::Person,
        }
    }
}

/// List the HiThrive fields
#[utoipa::path(get, path = "/api/targets", tag = "fields",
    responses((status = 200, description = "What a mapping can fill", body = TargetList)))]
pub(crate) async fn list_targets(_: Caller) -> Result<Json<TargetList>, Problem> {
    Ok(Json(all()))
}

pub(crate) fn all() -> TargetList {
    let targets = StandardTarget::ALL.iter().map(|&target| TargetBody {
        key: target.key(),
        kind: target.target_type().into(),
        required: Target::Standard(target) == Target::EMAIL,
        accepts: accepted_by(target.target_type()),
    });
    TargetList {
        targets: targets.collect(),
        custom: CustomTargets {
            prefix: Target::CUSTOM_PREFIX,
            max_length: Target::LONGEST_CUSTOM_NAME,
            accepts: accepted_by(TargetType::Text),
        },
    }
}

fn accepted_by(target: TargetType) -> Vec<FieldType> {
    let all = FieldType::ALL.iter().copied();
    all.filter(|&source| target.accepts(source)).collect()
}

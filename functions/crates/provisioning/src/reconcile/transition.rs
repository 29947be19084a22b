//! Active, inactive, and who may change that.

use crate::account::{AccountState, DeactivationReason, Head, Override};
use crate::report::SkipReason;
use crate::standing::Standing;

/// What becomes of the activity of an existing account.
pub(super) enum Transition {
    None,
    Reactivate,
    Deactivate(DeactivationReason),
}

/// HiThrive's own decision stands above HiBob's, and only what a run deactivated is reactivated by a run.
pub(super) fn transition(head: &Head, standing: Standing) -> (Transition, Option<SkipReason>) {
    let is_pinned = |to: Override| head.override_ == Some(to);
    match (head.state, standing) {
        (AccountState::Active, Standing::Left | Standing::Away) if is_pinned(Override::Active) => {
            (Transition::None, Some(SkipReason::Overridden))
        }
        (AccountState::Active, Standing::Left) => (Transition::Deactivate(DeactivationReason::Left), None),
        (AccountState::Active, Standing::Away) => (Transition::Deactivate(DeactivationReason::Away), None),
        (AccountState::Inactive(_), Standing::Here) if is_pinned(Override::Inactive) => {
            (Transition::None, Some(SkipReason::Overridden))
        }
        (AccountState::Inactive(Some(_)), Standing::Here) => (Transition::Reactivate, None),
        (AccountState::Inactive(None), Standing::Here) => {
            (Transition::None, Some(SkipReason::DeactivatedElsewhere))
        }
        (AccountState::Active, Standing::Here | Standing::NotYet | Standing::Unclear { .. })
        | (
            AccountState::Inactive(_),
            Standing::NotYet | Standing::Left | Standing::Away | Standing::Unclear { .. },
        ) => (Transition::None, None),
    }
}

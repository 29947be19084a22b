//! Rules that stop a run, or a part of its plan, when HiBob had a bad night or a change looks too large to be meant.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::report::{Findings, Withheld};

/// Why an answer is recognised as bad. Nothing at all is applied and no counter moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, ToSchema)]
#[serde(rename_all = "camelCase", tag = "guard")]
pub enum Refusal {
    /// Nobody is in the answer.
    #[error("the answer holds nobody")]
    EmptyAnswer,
    /// Under 80 % of the people of the last fully applied run.
    #[error("the answer holds {people} people after {last_people} in the last fully applied run")]
    AnswerTooSmall {
        /// People in this answer.
        people: u32,
        /// People in the last fully applied run's answer.
        #[serde(rename = "lastPeople")]
        last_people: u32,
    },
    /// Lifecycle fields are absent for everybody.
    #[error("the lifecycle fields are withheld")]
    LifecycleWithheld {
        /// The fields.
        fields: Vec<Withheld>,
    },
    /// Fields that decide the scope are absent for everybody.
    #[error("fields that decide the scope are withheld")]
    ScopeWithheld {
        /// The fields.
        fields: Vec<Withheld>,
    },
}

/// Why removals, reactivations and identity changes of a plan wait for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, ToSchema)]
#[serde(rename_all = "camelCase", tag = "guard")]
pub enum HoldReason {
    /// More deactivations than one night may bring.
    #[error("{planned} deactivations are planned, {limit} are allowed this night")]
    TooManyRemovals {
        /// Deactivations planned.
        planned: u32,
        /// The most one night may bring, less what earlier runs of the same local date brought.
        limit: u32,
    },
    /// More deactivations than seven nights together may bring.
    #[error(
        "{planned} deactivations are planned after {recent} in the last nights, {limit} are allowed in seven"
    )]
    TooManyRemovalsInAWeek {
        /// Deactivations planned.
        planned: u32,
        /// Deactivations applied in the six nights before, and by earlier runs of this one.
        recent: u32,
        /// The most seven nights may bring.
        limit: u32,
    },
    /// The mapping was changed, and nobody has seen yet which removals and new addresses that brings.
    #[error(
        "{planned} deactivations and new addresses are planned under a mapping whose removals nobody has seen"
    )]
    MappingChanged {
        /// Deactivations and changes of address planned.
        planned: u32,
    },
}

/// How many accounts a tenant's runs deactivated on one local date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Removals {
    /// The tenant's local date.
    pub on: Date,
    /// How many.
    pub count: u32,
}

/// What earlier runs of the tenant left for the guards.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct History {
    /// People in the answer of the last fully applied run.
    pub last_people: Option<u32>,
    /// Deactivations of the last nights.
    pub removals: Vec<Removals>,
}

impl History {
    /// The history after a run on `today` that deactivated `removed` accounts. `applied_people` are the people of its
    /// answer if everything the run planned was applied.
    #[must_use]
    pub fn after(mut self, today: Date, removed: u32, applied_people: Option<u32>) -> Self {
        self.last_people = applied_people.or(self.last_people);
        self.removals.retain(|night| within_a_week(night.on, today));
        match self.removals.iter_mut().find(|night| night.on == today) {
            Some(night) => night.count += removed,
            None if removed > 0 => self.removals.push(Removals {
                on: today,
                count: removed,
            }),
            None => {}
        }
        self
    }

    fn removed_on(&self, today: Date) -> u32 {
        self.removals
            .iter()
            .filter(|night| night.on == today)
            .map(|night| night.count)
            .sum()
    }

    fn removed_within_a_week(&self, today: Date) -> u32 {
        self.removals
            .iter()
            .filter(|night| within_a_week(night.on, today))
            .map(|night| night.count)
            .sum()
    }
}

fn within_a_week(night: Date, today: Date) -> bool {
    today.checked_sub(6.days()).is_ok_and(|first| first <= night)
}

/// An answer with fewer than this share of the last run's people is not believed.
const SMALLEST_ANSWER_PERCENT: u64 = 80;

pub(crate) fn check_answer_size(findings: &Findings, history: &History) -> Result<(), Refusal> {
    let people = findings.people;
    if people == 0 {
        return Err(Refusal::EmptyAnswer);
    }
    match history.last_people {
        Some(last_people) if u64::from(people) * 100 < u64::from(last_people) * SMALLEST_ANSWER_PERCENT => {
            Err(Refusal::AnswerTooSmall { people, last_people })
        }
        _ => Ok(()),
    }
}

/// Fewer removals than this never wait, so that a small firm is not asked about every leaver.
const REMOVALS_FLOOR: u32 = 5;
/// Teams under this size never lose more than half of themselves unasked.
const SMALL_TEAM: u32 = 10;

fn removal_limit(percent: u32, active: u32) -> u32 {
    let share = u32::try_from(u64::from(active) * u64::from(percent) / 100).unwrap_or(u32::MAX);
    let limit = share.max(REMOVALS_FLOOR);
    if active < SMALL_TEAM {
        limit.min(active / 2)
    } else {
        limit
    }
}

/// Whether `planned` deactivations in a team of `active` accounts are more than one night, or seven together, may bring.
pub(crate) fn check_removals(
    planned: u32,
    active: u32,
    history: &History,
    today: Date,
) -> Option<HoldReason> {
    if planned == 0 {
        return None;
    }
    let tonight = history.removed_on(today);
    let limit = removal_limit(10, active.saturating_add(tonight)).saturating_sub(tonight);
    if planned > limit {
        return Some(HoldReason::TooManyRemovals { planned, limit });
    }
    let recent = history.removed_within_a_week(today);
    let limit = removal_limit(20, active.saturating_add(recent));
    (planned.saturating_add(recent) > limit).then_some(HoldReason::TooManyRemovalsInAWeek {
        planned,
        recent,
        limit,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 24);

    fn holds(planned: u32, active: u32) -> bool {
        check_removals(planned, active, &History::default(), TODAY).is_some()
    }

    #[test]
    fn a_night_may_remove_ten_percent_or_five_but_never_more_than_half_of_a_small_team() {
        assert!(!holds(25, 250) && holds(26, 250));
        assert!(!holds(5, 12) && holds(6, 12));
        assert!(!holds(4, 9) && holds(5, 9));
        assert!(!holds(1, 2) && holds(1, 1));
        assert!(!holds(0, 0));
    }

    #[test]
    fn seven_nights_together_may_remove_twenty_percent() {
        let night = |day, count| Removals {
            on: date(2026, 11, day),
            count,
        };
        let history = History {
            last_people: None,
            removals: vec![night(17, 90), night(18, 20), night(23, 20)],
        };
        let check = |planned| check_removals(planned, 210, &history, TODAY);
        assert_eq!(
            check(10),
            None,
            "the 17th is more than six nights ago; 50 of 250 are allowed"
        );
        let over = HoldReason::TooManyRemovalsInAWeek {
            planned: 11,
            recent: 40,
            limit: 50,
        };
        assert_eq!(check(11), Some(over));
    }

    #[test]
    fn history_adds_up_a_date_forgets_old_ones_and_keeps_the_last_fully_applied_count() {
        let history = History::default().after(date(2026, 11, 10), 3, Some(100));
        let history = history.after(TODAY, 2, None).after(TODAY, 1, None);
        let tonight = Removals { on: TODAY, count: 3 };
        assert_eq!(
            history,
            History {
                last_people: Some(100),
                removals: vec![tonight]
            }
        );
    }

    #[test]
    fn an_answer_under_eighty_percent_is_refused() {
        let history = History {
            last_people: Some(100),
            removals: Vec::new(),
        };
        let check = |people| {
            check_answer_size(
                &Findings {
                    people,
                    ..Findings::default()
                },
                &history,
            )
        };
        assert_eq!(check(80), Ok(()));
        assert_eq!(
            check(79),
            Err(Refusal::AnswerTooSmall {
                people: 79,
                last_people: 100
            })
        );
        assert_eq!(check(0), Err(Refusal::EmptyAnswer));
    }
}

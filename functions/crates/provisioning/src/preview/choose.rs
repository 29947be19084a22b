//! Which few people of a plan are shown.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::plan::{Change, ChangeKind, Plan};
use crate::preview::{Because, PreviewedPerson};
use crate::report::{Skip, SkipReason};
use crate::target::{Target, TargetType};
use crate::value::Value;

const MOST: usize = 20;
const OF_EACH_KIND: usize = 2;
const EMPTY: usize = 3;
const LONGEST: usize = 3;
const NON_ASCII: usize = 3;
const SKIPPED: usize = 4;

/// Twenty people at most: examples of every kind, odd values, and people left out. What room is left goes to more
/// examples in the order of the plan, so that a small plan is shown whole.
pub(super) fn telling_people(plan: &Plan) -> Vec<PreviewedPerson> {
    let changes: Vec<&Change> = plan
        .changes
        .iter()
        .chain(&plan.held)
        .filter(|change| change.kind != ChangeKind::Mark)
        .collect();
    let mut chosen: BTreeMap<usize, Vec<Because>> = BTreeMap::new();
    let mut choose = |place: usize, because| chosen.entry(place).or_default().push(because);

    let mut of_kind = [0; 4];
    let mut longest: Vec<(Reverse<usize>, usize)> = Vec::new();
    let (mut empty, mut non_ascii) = (0, 0);
    for (place, change) in changes.iter().enumerate() {
        let of_kind = match change.kind {
            ChangeKind::Create => &mut of_kind[0],
            ChangeKind::Update | ChangeKind::Mark => &mut of_kind[1],
            ChangeKind::Deactivate(_) => &mut of_kind[2],
            ChangeKind::Reactivate => &mut of_kind[3],
        };
        if take_one(of_kind, OF_EACH_KIND) {
            choose(place, Because::Changed);
        }
        let traits = Traits::of(plan, change);
        if traits.has_empty && take_one(&mut empty, EMPTY) {
            choose(place, Because::Empty);
        }
        if traits.is_beyond_ascii && take_one(&mut non_ascii, NON_ASCII) {
            choose(place, Because::NonAscii);
        }
        if traits.longest > 0 {
            longest.push((Reverse(traits.longest), place));
            longest.sort_unstable();
            longest.truncate(LONGEST);
        }
    }
    for &(_, place) in &longest {
        choose(place, Because::Longest);
    }
    let skipped = telling_skips(&plan.findings.skipped, SKIPPED.min(MOST - chosen.len()));
    for place in 0..changes.len() {
        if chosen.len() + skipped.len() >= MOST {
            break;
        }
        chosen.entry(place).or_insert_with(|| vec![Because::Changed]);
    }
    let shown = chosen.into_iter().map(|(place, mut because)| {
        because.sort_unstable();
        let change = changes[place];
        PreviewedPerson {
            because,
            ..PreviewedPerson::of(change, plan.edits(change))
        }
    });
    shown
        .chain(skipped.into_iter().map(PreviewedPerson::left_out))
        .collect()
}

fn take_one(taken: &mut usize, most: usize) -> bool {
    *taken += 1;
    *taken <= most
}

/// As many different reasons as there is room for, then more people of the same.
fn telling_skips(skipped: &[Skip], most: usize) -> Vec<&Skip> {
    let mut seen: BTreeMap<SkipReason, usize> = BTreeMap::new();
    let mut by_turn: Vec<(usize, &Skip)> = Vec::new();
    for skip in skipped {
        let turn = seen.entry(skip.reason).or_default();
        if *turn < most {
            by_turn.push((*turn, skip));
        }
        *turn += 1;
    }
    by_turn.sort_by_key(|&(turn, skip)| (turn, skip.reason));
    by_turn.into_iter().take(most).map(|(_, skip)| skip).collect()
}

/// What is worth looking at in a change's values.
struct Traits {
    has_empty: bool,
    is_beyond_ascii: bool,
    /// Characters of the longest text; web addresses are long for no reason of interest.
    longest: usize,
}

impl Traits {
    fn of(plan: &Plan, change: &Change) -> Self {
        let mut traits = Self {
            has_empty: false,
            is_beyond_ascii: false,
            longest: 0,
        };
        for (target, _, after) in change.edits.unpack() {
            let kind = plan.targets.0.get(usize::from(target)).map(Target::target_type);
            let texts = match after {
                None => {
                    traits.has_empty = true;
                    continue;
                }
                Some(Value::Text(text)) => vec![text],
                Some(Value::List(texts)) => texts,
            };
            for text in texts {
                traits.is_beyond_ascii |= !text.is_ascii();
                if matches!(kind, Some(TargetType::Text | TargetType::TextList)) {
                    traits.longest = traits.longest.max(text.chars().count());
                }
            }
        }
        traits
    }
}

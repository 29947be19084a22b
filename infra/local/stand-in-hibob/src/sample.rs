//! Something to fill a field with that nothing else depends on.

use jiff::{ToSpan, civil::date};
use serde_json::{Value, json};

use crate::{
    dice::Dice,
    field::{Field, Kind},
    lists,
    values::{Facts, period},
};

/// Something believable of the field's type, or nothing, the same every day.
pub(crate) fn of(facts: &Facts<'_>, field: &Field) -> Value {
    let mut dice = facts.dice(field.id);
    if dice.chance(25) {
        return Value::Null;
    }
    let some_day = |dice: &mut Dice| date(2012, 1, 1).saturating_add(i64::from(dice.below(5000)).days());
    match field.kind {
        Kind::Text | Kind::Avatar | Kind::EmployeeReference | Kind::Employee => {
            format!("{} {}", dice.pick(&PHRASES), dice.below(10_000)).into()
        }
        Kind::TextArea => format!(
            "{}.\n\"{}\" \\ {}\u{2028}👩🏽‍🚀",
            dice.pick(&PHRASES),
            dice.pick(&PHRASES),
            dice.pick(&PHRASES)
        )
        .into(),
        Kind::Number => dice.below(500).into(),
        Kind::Date => some_day(&mut dice).to_string().into(),
        Kind::ShortDate => some_day(&mut dice).strftime("%m-%d").to_string().into(),
        Kind::Time => format!("{}T07:36:42.{:06}", some_day(&mut dice), dice.below(1_000_000)).into(),
        Kind::Boolean => dice.chance(50).into(),
        Kind::List(list) | Kind::ListId(list) | Kind::HierarchyList(list) => one_of(list, &mut dice),
        Kind::MultiList(list) => {
            let mut items = vec![one_of(list, &mut dice)];
            let second = one_of(list, &mut dice);
            if !items.contains(&second) {
                items.push(second);
            }
            items.into()
        }
        Kind::Currency => {
            json!({ "value": dice.below(90_000) + 10_000, "currency": dice.pick(&["USD", "EUR", "PLN"]) })
        }
        Kind::Period => period(i32::try_from(dice.below(90)).ok()),
        Kind::WorkingPattern => {
            json!({ "type": "weekly", "hoursPerDay": 7.5, "days": { "friday": dice.below(8) } })
        }
        Kind::Ssn => format!(
            "{:03}-{:02}-{:04}",
            dice.below(900),
            dice.below(100),
            dice.below(10_000)
        )
        .into(),
    }
}

fn one_of(list: &str, dice: &mut Dice) -> Value {
    lists::named_list(list).map_or(Value::Null, |list| dice.pick(&list.items).id.clone())
}

static PHRASES: [&str; 10] = [
    "Crème brûlée",
    "Long walks",
    "Łódź by night",
    "O'Hara & sons",
    "Straße am Fluß",
    "日本の本",
    "Chess",
    "حديقة",
    "Number nine",
    "Δelta",
];

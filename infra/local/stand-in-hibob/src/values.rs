//! What a field says when nobody has written it.

use std::borrow::Cow;

use jiff::{ToSpan, Unit, civil::Date};
use serde_json::{Value, json};

use crate::{
    company::Company,
    dice::{Dice, word},
    employee::{Employee, EmployeeId},
    field::{Field, Origin},
    lists, sample,
};

/// One person of one company: what values are worked out from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) company: &'a Company,
    pub(crate) employee: &'a Employee,
}

impl<'a> Facts<'a> {
    pub(crate) fn value(&self, field: &'static Field) -> Cow<'a, Value> {
        if let Some(written) = self.employee.written(field) {
            return Cow::Borrowed(written);
        }
        Cow::Owned(match field.origin {
            Origin::Written => Value::Null,
            Origin::Derived(derive) => derive(self),
            Origin::Sampled => sample::of(self, field),
        })
    }

    pub(crate) fn get(&self, field: &str) -> Cow<'a, Value> {
        self.value(Field::named(field))
    }

    /// The text of a field, empty when it is anything else.
    pub(crate) fn text(&self, field: &str) -> Cow<'a, str> {
        match self.get(field) {
            Cow::Borrowed(value) => Cow::Borrowed(value.as_str().unwrap_or_default()),
            Cow::Owned(Value::String(text)) => Cow::Owned(text),
            Cow::Owned(_) => Cow::Borrowed(""),
        }
    }

    pub(crate) fn date(&self, field: &str) -> Option<Date> {
        self.text(field).parse().ok()
    }

    pub(crate) fn dice(&self, salt: &str) -> Dice {
        Dice::new(&[self.company.seed, self.employee.id().0, word(salt)])
    }

    pub(crate) fn manager(&self) -> Option<Facts<'a>> {
        let id = self.text("work.manager").parse::<EmployeeId>().ok()?;
        self.company.employee(id).map(|employee| Facts {
            company: self.company,
            employee,
        })
    }

    fn days_since(&self, field: &str) -> Option<i32> {
        days_between(self.date(field)?, self.company.today())
    }

    fn site(&self) -> Option<&'static lists::Site> {
        let name = self.text("work.site");
        lists::SITES.iter().find(|site| site.name == name)
    }
}

fn days_between(from: Date, to: Date) -> Option<i32> {
    from.until((Unit::Day, to)).ok().map(|span| span.get_days())
}

fn whole_years(from: Date, to: Date) -> Option<i16> {
    from.until((Unit::Year, to)).ok().map(|span| span.get_years())
}

/// Absent from the person's past: in the future, or not a date.
fn not_negative<N: Into<Value> + PartialOrd + Default>(number: Option<N>) -> Value {
    number
        .filter(|number| *number >= N::default())
        .map_or(Value::Null, Into::into)
}

pub(crate) fn period(days: Option<i32>) -> Value {
    days.filter(|days| *days >= 0).map_or(Value::Null, |days| {
        json!({ "periodISO": format!("P{days}D"), "sortFactor": days, "humanize": format!("{days} days") })
    })
}

pub(crate) fn id(facts: &Facts<'_>) -> Value {
    facts.employee.id().to_string().into()
}

pub(crate) fn company_id(facts: &Facts<'_>) -> Value {
    facts.company.company_id().into()
}

pub(crate) fn full_name(facts: &Facts<'_>) -> Value {
    format!("{} {}", facts.text("root.firstName"), facts.text("root.surname"))
        .trim()
        .into()
}

/// Signed for a day, like an address in an object store.
pub(crate) fn avatar_url(facts: &Facts<'_>) -> Value {
    let today = facts.company.today();
    let signature = facts.dice("signature").next() ^ word(&today.to_string());
    format!(
        "https://images.hibob.example/{}?day={today}&signature={signature:016x}",
        facts.employee.id()
    )
    .into()
}

pub(crate) fn avatar(facts: &Facts<'_>) -> Value {
    format!("https://images.hibob.example/avatars/{}.png", facts.employee.id()).into()
}

pub(crate) fn created_at(facts: &Facts<'_>) -> Value {
    let mut dice = facts.dice("created");
    let (hour, minute, second) = (dice.below(24), dice.below(60), dice.below(60));
    created_on(facts).as_str().map_or(Value::Null, |day| {
        format!(
            "{day}T{hour:02}:{minute:02}:{second:02}.{:06}",
            dice.below(1_000_000)
        )
        .into()
    })
}

pub(crate) fn created_on(facts: &Facts<'_>) -> Value {
    facts.date("work.originalStartDate").map_or(Value::Null, |start| {
        start.saturating_sub(30.days()).to_string().into()
    })
}

pub(crate) fn birthday(facts: &Facts<'_>) -> Value {
    month_and_day(facts, "personal.birthDate")
}

pub(crate) fn anniversary(facts: &Facts<'_>) -> Value {
    month_and_day(facts, "work.startDate")
}

fn month_and_day(facts: &Facts<'_>, field: &str) -> Value {
    facts
        .date(field)
        .map_or(Value::Null, |date| date.strftime("%m-%d").to_string().into())
}

pub(crate) fn age(facts: &Facts<'_>) -> Value {
    not_negative(
        facts
            .date("personal.birthDate")
            .and_then(|born| whole_years(born, facts.company.today())),
    )
}

pub(crate) fn private_email(facts: &Facts<'_>) -> Value {
    let mut dice = facts.dice("private e-mail");
    if dice.chance(20) {
        return Value::Null;
    }
    let host = dice.pick(&["mail.example", "post.example", "correo.example"]);
    format!(
        "{}.{}@{host}",
        dice.pick(&["sunny", "old", "blue", "quick"]),
        dice.below(1_000_000)
    )
    .into()
}

pub(crate) fn site_id(facts: &Facts<'_>) -> Value {
    lists::item("site", &facts.text("work.site"))
}

pub(crate) fn country(facts: &Facts<'_>) -> Value {
    facts
        .site()
        .map_or(Value::Null, |site| lists::item("countries", site.country))
}

pub(crate) fn city(facts: &Facts<'_>) -> Value {
    facts.site().map_or(Value::Null, |site| site.city.into())
}

pub(crate) fn effective_date(facts: &Facts<'_>) -> Value {
    facts.get("work.startDate").into_owned()
}

pub(crate) fn end_of_probation(facts: &Facts<'_>) -> Value {
    facts.date("work.startDate").map_or(Value::Null, |start| {
        start.saturating_add(3.months()).to_string().into()
    })
}

pub(crate) fn tenure_years(facts: &Facts<'_>) -> Value {
    not_negative(
        facts
            .date("work.startDate")
            .and_then(|start| whole_years(start, facts.company.today())),
    )
}

pub(crate) fn tenure(facts: &Facts<'_>) -> Value {
    period(facts.days_since("work.startDate"))
}

pub(crate) fn days_of_service(facts: &Facts<'_>) -> Value {
    not_negative(facts.days_since("work.startDate"))
}

pub(crate) fn years_of_service(facts: &Facts<'_>) -> Value {
    years(facts.days_since("work.startDate"))
}

/// Years to three places.
fn years(days: Option<i32>) -> Value {
    not_negative(days.map(|days| (f64::from(days) / 365.25 * 1000.0).round() / 1000.0))
}

pub(crate) fn reports_to(facts: &Facts<'_>) -> Value {
    let Some(manager) = facts.manager() else {
        return Value::Null;
    };
    let part = |field| {
        facts
            .company
            .shown(manager.employee, Field::named(field))
            .into_owned()
    };
    json!({
        "id": part("root.id"), "firstName": part("root.firstName"), "surname": part("root.surname"),
        "email": part("root.email"), "displayName": part("root.displayName"),
    })
}

pub(crate) fn manager_email(facts: &Facts<'_>) -> Value {
    of_manager(facts, "root.email")
}

pub(crate) fn manager_number(facts: &Facts<'_>) -> Value {
    of_manager(facts, "work.employeeIdInCompany")
}

pub(crate) fn second_level_manager(facts: &Facts<'_>) -> Value {
    of_manager(facts, "work.manager")
}

fn of_manager(facts: &Facts<'_>, field: &str) -> Value {
    facts
        .manager()
        .map_or(Value::Null, |manager| manager.get(field).into_owned())
}

pub(crate) fn is_manager(facts: &Facts<'_>) -> Value {
    (facts.company.reports(facts.employee.id()).0 > 0).into()
}

pub(crate) fn direct_reports(facts: &Facts<'_>) -> Value {
    facts.company.reports(facts.employee.id()).0.into()
}

pub(crate) fn indirect_reports(facts: &Facts<'_>) -> Value {
    facts.company.reports(facts.employee.id()).1.into()
}

pub(crate) fn buddy(facts: &Facts<'_>) -> Value {
    if facts.dice("buddy").chance(50) {
        facts.get("work.manager").into_owned()
    } else {
        Value::Null
    }
}

/// The highest manager above; a cycle in the chain ends the climb.
pub(crate) fn head_of_chain(facts: &Facts<'_>) -> Value {
    let chain = std::iter::successors(facts.manager(), Facts::manager).take(crate::company::DEEPEST_CHAIN);
    chain.last().map_or(Value::Null, |head| id(&head))
}

pub(crate) fn full_time_share(facts: &Facts<'_>) -> Value {
    if facts.text("payroll.employment.contract") == "Part time" {
        60.into()
    } else {
        100.into()
    }
}

pub(crate) fn weekly_hours(facts: &Facts<'_>) -> Value {
    if facts.text("payroll.employment.contract") == "Part time" {
        22.5.into()
    } else {
        37.5.into()
    }
}

/// Whether HiBob lets somebody in follows from where in their working life they are.
pub(crate) fn status(facts: &Facts<'_>) -> Value {
    match &*facts.text("internal.lifecycleStatus") {
        "employed" | "garden leave" | "leave" | "sabbaticalLeave" => "Active".into(),
        _ => "Inactive".into(),
    }
}

pub(crate) fn since_termination(facts: &Facts<'_>) -> Value {
    period(facts.days_since("internal.terminationDate"))
}

pub(crate) fn years_since_termination(facts: &Facts<'_>) -> Value {
    years(facts.days_since("internal.terminationDate"))
}

pub(crate) fn risk_of_leaving(facts: &Facts<'_>) -> Value {
    let today = word(&facts.company.today().to_string());
    Dice::new(&[facts.dice("risk").next(), today]).below(100).into()
}

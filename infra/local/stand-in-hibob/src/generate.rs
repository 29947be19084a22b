//! A company from a seed: who works there, where, as what, for whom, and since when.

use std::sync::Arc;

use jiff::{ToSpan, civil::Date};
use serde_json::Value;

use crate::{
    company::Company,
    dice::{Dice, word},
    employee::{Employee, EmployeeId},
    lists::{self, CHIEF_TITLE, DEPARTMENTS, SITES},
    names::{self, Culture, Name},
};

/// How many people report to one lead.
const SPAN: usize = 7;

/// What a new person is hired as.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Post {
    pub(crate) department: usize,
    pub(crate) title: &'static str,
    pub(crate) manager: Option<EmployeeId>,
    pub(crate) start: Date,
}

impl Company {
    /// The same people for the same seed, number and date. From about sixty people on, everybody that HiBob can
    /// have is among them: future starters, people on every kind of leave, leavers, rehires.
    #[must_use]
    pub fn generate(seed: u64, people: usize, today: Date) -> Self {
        let mut company = Self::empty(seed, today);
        let mut dice = Dice::new(&[seed]);
        let mut hired: Vec<EmployeeId> = Vec::with_capacity(people);
        for place in 0..people {
            let (title, department, manager) = position(place, people, &mut dice);
            let days = i64::from(dice.below(3500)) + 60;
            let post = Post {
                department,
                title,
                manager: manager.and_then(|manager| hired.get(manager).copied()),
                start: today.saturating_sub(days.days()),
            };
            let mut employee = company.hire(&post, &mut dice);
            if leads_nobody(place, people) {
                settle(&mut employee, place, today);
            }
            hired.push(employee.id());
            company.insert(employee);
        }
        company
    }

    /// Hires one more person, employed from today, to be adjusted with [`Company::edit`].
    pub fn add_employee(&mut self) -> EmployeeId {
        let mut dice = Dice::new(&[self.seed, word("one more"), u64::from(self.hired_so_far)]);
        let department = dice.index(DEPARTMENTS.len());
        let title = dice.pick(DEPARTMENTS[department].others);
        let employee = self.hire(
            &Post {
                department,
                title,
                manager: None,
                start: self.today,
            },
            &mut dice,
        );
        let id = employee.id();
        self.insert(employee);
        id
    }

    /// The record of a new person, employed since the post's start.
    pub(crate) fn hire(&mut self, post: &Post, dice: &mut Dice) -> Employee {
        let culture = dice.pick(&names::CULTURES);
        let (given, family) = (*dice.pick(culture.given), *dice.pick(culture.family));
        let mut employee = Employee::new(self.free_id(dice));
        self.hired_so_far += 1;

        employee
            .set("root.firstName", given.0)
            .set("root.surname", family.0);
        employee.set("root.email", self.free_address(given, family, dice));
        employee.set("personal.birthDate", birth_date(post.start, dice).to_string());
        if dice.chance(15) {
            employee.set("root.secondName", dice.pick(culture.given).0);
        }
        if !dice.chance(10) {
            employee.set("work.employeeIdInCompany", self.hired_so_far);
        }
        employee.set("work.title", lists::item("title", post.title));
        employee.set(
            "work.department",
            lists::item("department", DEPARTMENTS[post.department].name),
        );
        employee.set("work.site", dice.pick(&SITES).name);
        employee.set("work.startDate", post.start.to_string());
        employee.set("work.originalStartDate", post.start.to_string());
        if let Some(manager) = post.manager {
            employee.set("work.manager", manager.to_string());
        }
        employee.set("internal.lifecycleStatus", "employed");
        employee
    }

    fn free_id(&self, dice: &mut Dice) -> EmployeeId {
        loop {
            let id = EmployeeId(2_000_000_000_000_000_000 + dice.next() % 2_000_000_000_000_000_000);
            if !self.people.contains_key(&id) {
                return id;
            }
        }
    }

    /// An address nobody has had, now and then in capitals or with a plus part, as people type them.
    pub(crate) fn free_address(&mut self, given: Name, family: Name, dice: &mut Dice) -> String {
        let local = format!("{}.{}", given.1, family.1);
        let namesakes = Arc::make_mut(&mut self.addresses)
            .entry(local.clone())
            .or_default();
        *namesakes += 1;
        let number = if *namesakes > 1 {
            namesakes.to_string()
        } else {
            String::new()
        };
        let domain = self.domain();
        match dice.below(100) {
            0..2 => format!("{local}{number}+{}@{domain}", dice.pick(&["uk", "bob", "2nd"])),
            2..5 => format!("{local}{number}@{domain}").to_uppercase(),
            5..8 => format!("{}{}{number}@{domain}", capital(given.1), &local[given.1.len()..]),
            _ => format!("{local}{number}@{domain}"),
        }
    }
}

/// Another family name of the same culture as the present one.
pub(crate) fn other_family_name(present: &str, dice: &mut Dice) -> Name {
    let culture: &Culture = names::culture_of(present, dice);
    loop {
        let name = *dice.pick(culture.family);
        if name.0 != present {
            return name;
        }
    }
}

/// A given name with its spelling in an address; `None` for a name that a test made up.
pub(crate) fn spelling(given: &str) -> Option<Name> {
    names::CULTURES
        .iter()
        .flat_map(|culture| culture.given)
        .find(|(name, _)| *name == given)
        .copied()
}

/// Title, department and the place of the manager. Place 0 leads the company; each department is a tree below its head.
fn position(place: usize, people: usize, dice: &mut Dice) -> (&'static str, usize, Option<usize>) {
    let Some(place_below) = place.checked_sub(1) else {
        return (CHIEF_TITLE, 8, None);
    };
    let (department, rank) = (place_below % DEPARTMENTS.len(), place_below / DEPARTMENTS.len());
    let titles = &DEPARTMENTS[department];
    let title = match rank {
        0 => titles.head,
        _ if leads_nobody(place, people) => dice.pick(titles.others),
        _ => titles.lead,
    };
    let manager = rank
        .checked_sub(1)
        .map_or(0, |above| above / SPAN * DEPARTMENTS.len() + department + 1);
    (title, department, Some(manager))
}

fn leads_nobody(place: usize, people: usize) -> bool {
    let Some(place_below) = place.checked_sub(1) else {
        return people <= 1;
    };
    let (department, rank) = (place_below % DEPARTMENTS.len(), place_below / DEPARTMENTS.len());
    (rank * SPAN + 1) * DEPARTMENTS.len() + department + 1 >= people
}

/// Gives one in three of those who lead nobody a state other than plainly employed, each state in its turn.
fn settle(employee: &mut Employee, place: usize, today: Date) {
    let day = |days: i64| Value::from(today.saturating_add(days.days()).to_string());
    let turn = i64::try_from(place).unwrap_or_default();
    let state = match turn % 40 {
        0 => {
            employee
                .set("work.startDate", day(turn % 30 + 2))
                .set("work.originalStartDate", day(turn % 30 + 2));
            "hired"
        }
        3 => {
            employee
                .set("internal.terminationDate", day(turn % 25 + 3))
                .set("employee.lastDayOfWork", day(-2));
            "garden leave"
        }
        6 => on_leave(employee, day(-20), day(turn % 40 + 2), "leave"),
        9 => on_leave(employee, day(-50), day(turn % 90 + 2), "parentalLeave"),
        12 => on_leave(employee, day(-30), day(turn % 60 + 2), "sabbaticalLeave"),
        15 | 18 | 21 | 24 => {
            employee.set("internal.terminationDate", day(-(turn % 50) - 1));
            employee.set("internal.terminationType", "Voluntary");
            employee.set(
                "internal.terminationReason",
                lists::item("terminationreason", "Resignation"),
            );
            "terminated"
        }
        27 => {
            employee.set("internal.terminationDate", day(turn % 60 + 2));
            "employed"
        }
        30 => {
            employee
                .set("internal.terminationDate", day(-50))
                .set("work.startDate", day(-10));
            "employed"
        }
        33 => {
            employee.set("personal.birthDate", "1988-02-29");
            "employed"
        }
        _ => return,
    };
    employee.set("internal.lifecycleStatus", state);
}

pub(crate) fn on_leave(employee: &mut Employee, from: Value, to: Value, kind: &'static str) -> &'static str {
    employee
        .set("employee.recentLeaveStartDate", from)
        .set("employee.recentLeaveEndDate", to);
    kind
}

/// Between 18 and 60 years before the start.
fn birth_date(start: Date, dice: &mut Dice) -> Date {
    start.saturating_sub((i64::from(dice.below(42 * 365)) + 18 * 366).days())
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}

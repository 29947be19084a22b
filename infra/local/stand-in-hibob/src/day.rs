//! A day goes by: lifecycles follow their dates, and a few people come, go, move, marry or return.

use std::{fmt, sync::Arc};

use jiff::{ToSpan, civil::Date};

use crate::{
    company::Company,
    dice::{Dice, word},
    employee::EmployeeId,
    generate::{self, Post},
    lists::{self, DEPARTMENTS},
    names::Name,
};

/// What happened on a day, person by person; nobody stands in two lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// New on record, starting later.
    pub announced: Vec<EmployeeId>,
    /// New on record, employed from this day.
    pub joined: Vec<EmployeeId>,
    /// Announced before, employed from this day.
    pub started: Vec<EmployeeId>,
    /// Another title, department or manager.
    pub moved: Vec<EmployeeId>,
    /// Another family name, and the address that goes with it.
    pub renamed: Vec<EmployeeId>,
    /// Got a termination date in the future.
    pub gave_notice: Vec<EmployeeId>,
    /// Went on leave.
    pub on_leave: Vec<EmployeeId>,
    /// Back from leave.
    pub returned: Vec<EmployeeId>,
    /// Terminated; their last day was the day before or earlier.
    pub left: Vec<EmployeeId>,
    /// Terminated earlier, employed again from this day under the same id.
    pub rehired: Vec<EmployeeId>,
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            ("announced", &self.announced),
            ("joined", &self.joined),
            ("started", &self.started),
            ("moved", &self.moved),
            ("renamed", &self.renamed),
            ("gave notice", &self.gave_notice),
            ("on leave", &self.on_leave),
            ("returned", &self.returned),
            ("left", &self.left),
            ("rehired", &self.rehired),
        ];
        let words = counts.map(|(word, people)| format!("{} {word}", people.len()));
        f.write_str(&words.join(", "))
    }
}

impl Company {
    /// Moves on to the next date on which nobody does anything: what happens follows from dates that were set before.
    pub fn advance_quiet_day(&mut self) -> Day {
        self.today = self.today.saturating_add(1.day());
        self.follow_dates()
    }

    /// Moves on to the next date. One person in two thousand, and at least one, joins, moves, leaves and so on.
    pub fn advance_day(&mut self) -> Day {
        let mut day = self.advance_quiet_day();
        let mut dice = Dice::new(&[self.seed, word(&self.today.to_string())]);
        let (mut settled, mut gone) = self.candidates(&day);
        dice.shuffle(&mut settled);
        dice.shuffle(&mut gone);
        let yesterday = self.later(-1);
        let heads = self.heads();

        for _ in 0..=self.headcount() / 2000 {
            if let Some(id) = settled.pop() {
                self.change_post(id, &mut dice);
                day.moved.push(id);
            }
            if let Some(id) = settled.pop() {
                self.rename(id, &mut dice);
                day.renamed.push(id);
            }
            if let Some(id) = settled.pop() {
                self.terminate(id, yesterday);
                day.left.push(id);
            }
            if let Some(id) = settled.pop() {
                let last_day = self.later(14).to_string();
                self.edit(id).set("internal.terminationDate", last_day);
                day.gave_notice.push(id);
            }
            if let Some(id) = settled.pop() {
                let (from, to) = (self.today.to_string(), self.later(10).to_string());
                let employee = self.edit(id);
                let kind = generate::on_leave(employee, from.into(), to.into(), "leave");
                employee.set("internal.lifecycleStatus", kind);
                day.on_leave.push(id);
            }
            if let Some(id) = gone.pop() {
                self.rehire(id, &mut dice);
                day.rehired.push(id);
            }
            day.joined
                .push(self.recruit(self.today, "employed", &heads, &mut dice));
            day.announced
                .push(self.recruit(self.later(7), "hired", &heads, &mut dice));
        }
        day
    }

    fn later(&self, days: i64) -> Date {
        self.today.saturating_add(days.days())
    }

    /// What HiBob does by itself at midnight.
    fn follow_dates(&mut self) -> Day {
        let mut day = Day::default();
        for employee in self.people.values() {
            let facts = self.facts(employee);
            let start = facts.date("work.startDate");
            // A rehire may keep the termination date of the earlier employment.
            let termination = facts
                .date("internal.terminationDate")
                .filter(|end| start.is_none_or(|start| start <= *end));
            let list = match &*facts.text("internal.lifecycleStatus") {
                "hired" if start.is_some_and(|start| start <= self.today) => &mut day.started,
                "terminated" | "hired" => continue,
                _ if termination.is_some_and(|end| end < self.today) => &mut day.left,
                "leave" | "parentalLeave" | "sabbaticalLeave"
                    if facts
                        .date("employee.recentLeaveEndDate")
                        .is_some_and(|end| end < self.today) =>
                {
                    &mut day.returned
                }
                _ => continue,
            };
            list.push(employee.id());
        }
        for id in day.started.iter().chain(&day.returned) {
            self.edit(*id).set("internal.lifecycleStatus", "employed");
        }
        for id in &day.left {
            self.edit(*id).set("internal.lifecycleStatus", "terminated");
        }
        day
    }

    /// Those to whom something may happen: employed and leading nobody, or gone; not those with news already.
    fn candidates(&self, day: &Day) -> (Vec<EmployeeId>, Vec<EmployeeId>) {
        let (mut settled, mut gone) = (Vec::new(), Vec::new());
        for employee in self.employees() {
            let facts = self.facts(employee);
            match &*facts.text("internal.lifecycleStatus") {
                "terminated" => gone.push(employee.id()),
                "employed"
                    if self.reports(employee.id()).0 == 0
                        && !facts.text("work.manager").is_empty()
                        && facts.date("internal.terminationDate").is_none() =>
                {
                    settled.push(employee.id());
                }
                _ => {}
            }
        }
        settled.retain(|id| !day.started.contains(id) && !day.returned.contains(id));
        gone.retain(|id| !day.left.contains(id));
        (settled, gone)
    }

    /// Another title, with it half the time another department; or another manager.
    fn change_post(&mut self, id: EmployeeId, dice: &mut Dice) {
        let employee = Arc::clone(&self.people[&id]);
        let facts = self.facts(&employee);
        let present = facts.get("work.department");
        let place = DEPARTMENTS
            .iter()
            .position(|it| lists::item("department", it.name) == *present)
            .unwrap_or_default();
        let skip_level = facts.text("work.secondLevelManager").into_owned();
        let title = facts.get("work.title").into_owned();
        if dice.chance(30) && !skip_level.is_empty() {
            self.edit(id).set("work.manager", skip_level);
            return;
        }
        let department = if dice.chance(50) {
            (place + 1) % DEPARTMENTS.len()
        } else {
            place
        };
        let titles = DEPARTMENTS[department].others;
        let first = dice.index(titles.len());
        let offers = titles
            .iter()
            .cycle()
            .skip(first)
            .take(titles.len())
            .map(|it| lists::item("title", it));
        let next = offers.into_iter().find(|offer| *offer != title).unwrap_or(title);
        self.edit(id).set("work.title", next).set(
            "work.department",
            lists::item("department", DEPARTMENTS[department].name),
        );
    }

    fn rename(&mut self, id: EmployeeId, dice: &mut Dice) {
        let facts = self.facts(&self.people[&id]);
        let given: Name = generate::spelling(&facts.text("root.firstName")).unwrap_or(("", "x"));
        let family = generate::other_family_name(&facts.text("root.surname"), dice);
        let email = self.free_address(given, family, dice);
        self.edit(id)
            .set("root.surname", family.0)
            .set("root.email", email);
    }

    fn terminate(&mut self, id: EmployeeId, last_day: Date) {
        self.edit(id)
            .set("internal.lifecycleStatus", "terminated")
            .set("internal.terminationDate", last_day.to_string())
            .set("internal.terminationType", "Voluntary")
            .set(
                "internal.terminationReason",
                lists::item("terminationreason", "Resignation"),
            );
    }

    /// Whether HiBob keeps the old termination date is not documented, so it does for some.
    fn rehire(&mut self, id: EmployeeId, dice: &mut Dice) {
        let today = self.today.to_string();
        let employee = self.edit(id);
        employee
            .set("internal.lifecycleStatus", "employed")
            .set("work.startDate", today);
        if dice.chance(50) {
            for field in [
                "internal.terminationDate",
                "internal.terminationType",
                "internal.terminationReason",
            ] {
                employee.set(field, serde_json::Value::Null);
            }
        }
    }

    /// Who leads each department.
    fn heads(&self) -> Vec<Option<EmployeeId>> {
        let mut heads = vec![None; DEPARTMENTS.len()];
        let titles = DEPARTMENTS
            .each_ref()
            .map(|department| lists::item("title", department.head));
        for employee in self.employees() {
            let title = self.facts(employee).get("work.title");
            if let Some(department) = titles.iter().position(|head| *head == *title) {
                heads[department].get_or_insert(employee.id());
            }
        }
        heads
    }

    fn recruit(
        &mut self,
        start: Date,
        state: &str,
        heads: &[Option<EmployeeId>],
        dice: &mut Dice,
    ) -> EmployeeId {
        let department = dice.index(DEPARTMENTS.len());
        let title = dice.pick(DEPARTMENTS[department].others);
        let mut employee = self.hire(
            &Post {
                department,
                title,
                manager: heads[department],
                start,
            },
            dice,
        );
        employee.set("internal.lifecycleStatus", state);
        let id = employee.id();
        self.insert(employee);
        id
    }
}

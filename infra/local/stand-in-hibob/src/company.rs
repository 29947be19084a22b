//! A company's people on one day. Cloning is cheap: records are shared until one side changes them.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, OnceLock},
};

use jiff::civil::Date;
use serde_json::Value;

use crate::{
    canary,
    dice::{Dice, word},
    employee::{Employee, EmployeeId},
    field::Field,
    human, names,
    values::Facts,
};

/// No chain of managers is followed further; a cycle would have no end.
pub(crate) const DEEPEST_CHAIN: usize = 32;

/// The people of one company, and the date it is there.
#[derive(Clone, Debug)]
pub struct Company {
    pub(crate) seed: u64,
    pub(crate) today: Date,
    pub(crate) people: BTreeMap<EmployeeId, Arc<Employee>>,
    /// How many people have had an address of that spelling.
    pub(crate) addresses: Arc<HashMap<String, u32>>,
    pub(crate) hired_so_far: u32,
    /// The fields spared while canaries are planted in all others.
    spared: Option<Arc<BTreeSet<&'static str>>>,
    /// Fields that an admin moved to another category.
    moved: BTreeMap<&'static str, String>,
    reports: OnceLock<Arc<HashMap<EmployeeId, (u32, u32)>>>,
}

impl Company {
    pub(crate) fn empty(seed: u64, today: Date) -> Self {
        Self {
            seed,
            today,
            people: BTreeMap::new(),
            addresses: Arc::default(),
            hired_so_far: 0,
            spared: None,
            moved: BTreeMap::new(),
            reports: OnceLock::new(),
        }
    }

    /// The date that lifecycles, ages and tenures go by.
    #[must_use]
    pub fn today(&self) -> Date {
        self.today
    }

    /// What the company calls itself.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.identity().0
    }

    /// The part of its people's addresses after the at sign.
    #[must_use]
    pub fn domain(&self) -> &'static str {
        self.identity().1
    }

    /// HiBob's id of the company, in `root.companyId` of everybody.
    #[must_use]
    pub fn company_id(&self) -> u64 {
        200_000 + self.seed % 700_000
    }

    /// Everybody, by id.
    pub fn employees(&self) -> impl ExactSizeIterator<Item = &Employee> {
        self.people.values().map(AsRef::as_ref)
    }

    /// The number of people on record, whatever their state.
    #[must_use]
    pub fn headcount(&self) -> usize {
        self.people.len()
    }

    /// The person with that id.
    #[must_use]
    pub fn employee(&self, id: EmployeeId) -> Option<&Employee> {
        self.people.get(&id).map(AsRef::as_ref)
    }

    /// The first person with that address, in whatever case.
    #[must_use]
    pub fn employee_by_email(&self, email: &str) -> Option<&Employee> {
        let email = email.to_lowercase();
        self.employees()
            .find(|it| self.facts(it).text("root.email").to_lowercase() == email)
    }

    /// The person with that id, to be changed.
    ///
    /// # Panics
    /// When there is none.
    pub fn edit(&mut self, id: EmployeeId) -> &mut Employee {
        self.reports.take();
        let person = self
            .people
            .get_mut(&id)
            .unwrap_or_else(|| panic!("nobody has the id {id}"));
        Arc::make_mut(person)
    }

    /// Deletes a person, as HiBob does when asked: they are simply not there any more.
    pub fn delete(&mut self, id: EmployeeId) -> Option<Employee> {
        self.reports.take();
        self.people.remove(&id).map(Arc::unwrap_or_clone)
    }

    pub(crate) fn insert(&mut self, mut employee: Employee) {
        employee.shrink();
        self.reports.take();
        self.people.insert(employee.id(), Arc::new(employee));
    }

    /// The machine value of a field as a fully permitted caller sees it, canaries included.
    ///
    /// # Panics
    /// When there is no such person or field.
    #[must_use]
    pub fn value(&self, id: EmployeeId, field: &str) -> Value {
        self.shown(self.expect(id), Field::named(field)).into_owned()
    }

    /// What `humanReadable` says of a field; `None` where it leaves it out.
    ///
    /// # Panics
    /// When there is no such person or field.
    #[must_use]
    pub fn human_value(&self, id: EmployeeId, field: &str) -> Option<String> {
        let field = Field::named(field);
        human::text(self, field, &self.shown(self.expect(id), field))
    }

    pub(crate) fn expect(&self, id: EmployeeId) -> &Employee {
        self.employee(id)
            .unwrap_or_else(|| panic!("nobody has the id {id}"))
    }

    /// Plants a canary in every field except those spared and the id, which would no longer be one.
    ///
    /// # Panics
    /// When a spared field does not exist.
    pub fn plant_canaries(&mut self, spared: &[&str]) {
        let spared = spared
            .iter()
            .map(|id| Field::named(id).id)
            .chain(["root.id"])
            .collect();
        self.spared = Some(Arc::new(spared));
    }

    /// Moves a field to another category, and with it the permission that shows it.
    ///
    /// # Panics
    /// When there is no such field.
    pub fn move_field(&mut self, field: &str, category: &str) {
        self.moved.insert(Field::named(field).id, category.to_owned());
    }

    /// The category whose permission shows the field in this company.
    #[must_use]
    pub fn category_of<'a>(&'a self, field: &'a Field) -> &'a str {
        self.moved.get(field.id).map_or(field.category, String::as_str)
    }

    pub(crate) fn facts<'a>(&'a self, employee: &'a Employee) -> Facts<'a> {
        Facts {
            company: self,
            employee,
        }
    }

    /// The value that an answer carries: the genuine one, or a canary.
    pub(crate) fn shown<'a>(&'a self, employee: &'a Employee, field: &'static Field) -> Cow<'a, Value> {
        let is_spared = self
            .spared
            .as_ref()
            .is_none_or(|spared| spared.contains(field.id));
        let planted = if is_spared {
            None
        } else {
            canary::planted(field, employee.id())
        };
        planted.map_or_else(|| self.facts(employee).value(field), Cow::Owned)
    }

    /// How many people report to somebody directly, and how many more through others.
    pub(crate) fn reports(&self, id: EmployeeId) -> (u32, u32) {
        let reports = self.reports.get_or_init(|| Arc::new(self.count_reports()));
        reports.get(&id).copied().unwrap_or_default()
    }

    fn count_reports(&self) -> HashMap<EmployeeId, (u32, u32)> {
        let managers = self
            .employees()
            .filter_map(|it| Some((it.id(), self.facts(it).text("work.manager").parse().ok()?)))
            .collect::<HashMap<EmployeeId, EmployeeId>>();
        let mut reports = HashMap::<_, (u32, u32)>::new();
        for (id, manager) in &managers {
            reports.entry(*manager).or_default().0 += 1;
            let above = std::iter::successors(Some(*manager), |it| managers.get(it).copied());
            for further in above.skip(1).take(DEEPEST_CHAIN).take_while(|it| it != id) {
                reports.entry(further).or_default().1 += 1;
            }
        }
        reports
    }

    fn identity(&self) -> names::Name {
        *Dice::new(&[self.seed, word("identity")]).pick(&names::COMPANIES)
    }
}

//! The lists that fields choose from: items have an id and a label, and the ids come in every form HiBob uses.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Serialize;
use serde_json::Value;

/// A named list as `GET /company/named-lists/{name}` shows it.
#[derive(Debug)]
pub struct List {
    /// Case-sensitive.
    pub name: &'static str,
    /// In the order an admin sees.
    pub items: Vec<ListItem>,
}

/// One choice of a list.
#[derive(Clone, Debug, Serialize)]
pub struct ListItem {
    /// A numeric string, a JSON number, a word, or the label itself.
    pub id: Value,
    /// The label.
    pub value: &'static str,
    /// The label again, as HiBob has it.
    pub name: &'static str,
}

impl List {
    /// The label of an item; `None` for an id that is not on the list.
    #[must_use]
    pub fn label(&self, id: &Value) -> Option<&'static str> {
        self.items
            .iter()
            .find(|item| item.id == *id)
            .map(|item| item.value)
    }

    pub(crate) fn id(&self, label: &str) -> Value {
        self.items
            .iter()
            .find(|item| item.value == label)
            .map_or(Value::Null, |item| item.id.clone())
    }
}

/// The list of that exact name.
#[must_use]
pub fn named_list(name: &str) -> Option<&'static List> {
    LISTS.get(name)
}

/// All lists, by name.
pub(crate) fn all() -> impl Iterator<Item = &'static List> {
    LISTS.values()
}

/// The id of the item with that label; null when there is none.
pub(crate) fn item(list: &str, label: &str) -> Value {
    named_list(list).map_or(Value::Null, |list| list.id(label))
}

/// A department and its job titles: of its head, of those who lead in it, of everybody else.
pub(crate) struct Department {
    pub(crate) name: &'static str,
    pub(crate) head: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) others: &'static [&'static str],
}

/// Where people work.
pub(crate) struct Site {
    pub(crate) name: &'static str,
    pub(crate) city: &'static str,
    pub(crate) country: &'static str,
}

pub(crate) const CHIEF_TITLE: &str = "Chief Executive Officer";

#[rustfmt::skip]
pub(crate) static DEPARTMENTS: [Department; 9] = [
    Department { name: "Engineering", head: "VP Engineering", lead: "Engineering Lead", others: &["Software Engineer", "Senior Software Engineer", "Site Reliability Engineer", "QA Engineer"] },
    Department { name: "Product & Design", head: "VP Product", lead: "Product Lead", others: &["Product Manager", "Designer", "UX Researcher"] },
    Department { name: "Sales", head: "VP Sales", lead: "Sales Lead", others: &["Account Executive", "Sales Engineer", "SDR (Outbound)"] },
    Department { name: "Accounting", head: "VP Finance", lead: "Accounting Lead", others: &["Accountant", "Financial Analyst", "Payroll Specialist"] },
    Department { name: "Customer Success", head: "VP Customer Success", lead: "Support Lead", others: &["Customer Success Manager", "Support Agent", "Onboarding Specialist"] },
    Department { name: "People", head: "VP People", lead: "People Lead", others: &["HR Business Partner", "Recruiter", "L&D Specialist"] },
    Department { name: "Marketing", head: "VP Marketing", lead: "Marketing Lead", others: &["Content Writer", "Événementiel – Chef de projet", "Performance Marketer"] },
    Department { name: "Legal, Risk & Compliance", head: "General Counsel", lead: "Legal Lead", others: &["Lawyer", "Compliance Officer"] },
    Department { name: "Operations", head: "VP Operations", lead: "Operations Lead", others: &["Office Manager", "Logistics Planner", "Lagerist/in"] },
];

#[rustfmt::skip]
pub(crate) static SITES: [Site; 9] = [
    Site { name: "London (HQ)", city: "London", country: "United Kingdom" },
    Site { name: "New York", city: "New York", country: "United States" },
    Site { name: "Berlin", city: "Berlin", country: "Germany" },
    Site { name: "Kraków", city: "Kraków", country: "Poland" },
    Site { name: "São Paulo", city: "São Paulo", country: "Brazil" },
    Site { name: "東京 Tokyo", city: "東京", country: "Japan" },
    Site { name: "Tel Aviv", city: "Tel Aviv", country: "Israel" },
    Site { name: "Dublin", city: "Dublin", country: "Ireland" },
    Site { name: "Remote – EMEA", city: "Lisboa", country: "Portugal" },
];

/// How the ids of a list look.
enum Ids {
    /// `"255490048"`: strings of digits from a first one.
    Digits(u64),
    /// `2606110`: JSON numbers from a first one.
    Numbers(u64),
    /// The label itself.
    Labels,
    /// Every third item keeps its label as id, as items do that came with the product; the rest are digits.
    Mixed(u64),
}

static LISTS: LazyLock<BTreeMap<&'static str, List>> = LazyLock::new(|| {
    let titles = std::iter::once(CHIEF_TITLE)
        .chain(
            DEPARTMENTS
                .iter()
                .flat_map(|it| [it.head, it.lead].into_iter().chain(it.others.iter().copied())),
        )
        .collect::<Vec<_>>();
    let departments = DEPARTMENTS
        .iter()
        .map(|department| department.name)
        .collect::<Vec<_>>();
    let sites = SITES.iter().map(|site| site.name).collect::<Vec<_>>();
    let generated = [
        list("title", &titles, &Ids::Digits(255_490_030)),
        list("department", &departments, &Ids::Mixed(201)),
        list("site", &sites, &Ids::Numbers(2_606_110)),
    ];
    let fixed = FIXED.iter().map(|(name, ids, labels)| list(name, labels, ids));
    let words = WORDS.iter().map(|(name, pairs)| List {
        name,
        items: pairs
            .iter()
            .map(|(id, label)| ListItem {
                id: (*id).into(),
                value: label,
                name: label,
            })
            .collect(),
    });
    generated
        .into_iter()
        .chain(fixed)
        .chain(words)
        .map(|list| (list.name, list))
        .collect()
});

fn list(name: &'static str, labels: &[&'static str], ids: &Ids) -> List {
    let items = labels.iter().zip(0..).map(|(label, place)| {
        let id: Value = match ids {
            Ids::Digits(first) => (first + place).to_string().into(),
            Ids::Numbers(first) => (first + place).into(),
            Ids::Mixed(first) if place % 3 != 0 => (first + place).to_string().into(),
            Ids::Labels | Ids::Mixed(_) => (*label).into(),
        };
        ListItem {
            id,
            value: label,
            name: label,
        }
    });
    List {
        name,
        items: items.collect(),
    }
}

type Pairs = &'static [(&'static str, &'static str)];

/// Lists whose ids are words of their own.
static WORDS: [(&str, Pairs); 3] = [
    ("state", &[("invited", "Invited"), ("uninvited", "Uninvited")]),
    (
        "pronouns",
        &[
            ("she_her", "She / Her"),
            ("he_him", "He / Him"),
            ("they_them", "They / Them"),
        ],
    ),
    (
        "lifecycleStatus",
        &[
            ("employed", "Employed"),
            ("hired", "Hired"),
            ("garden leave", "Garden leave"),
            ("leave", "Leave"),
            ("parentalLeave", "Parental leave"),
            ("sabbaticalLeave", "Sabbatical leave"),
            ("terminated", "Terminated"),
        ],
    ),
];

#[rustfmt::skip]
static FIXED: [(&str, Ids, &[&str]); 24] = [
    ("status", Ids::Labels, &["Active", "Inactive"]),
    ("honorific", Ids::Labels, &["Mr", "Ms", "Mx", "Dr"]),
    ("nationalities", Ids::Labels, &["Afghan", "American", "British", "German", "Irish", "Israeli", "Japanese", "Polish", "Ukrainian"]),
    ("legalGenderEnhanced", Ids::Labels, &["Female", "Male", "Non-binary", "Prefer not to say"]),
    ("countries", Ids::Labels, &["Brazil", "Germany", "Ireland", "Israel", "Japan", "Poland", "Portugal", "United Kingdom", "United States", "Côte d'Ivoire"]),
    ("employmentstatus", Ids::Labels, &["Full time", "Part time"]),
    ("payrollEmploymentType", Ids::Labels, &["Permanent", "Fixed term", "Contractor", "Intern"]),
    ("terminationreason", Ids::Digits(71_200_301), &["Resignation", "Redundancy", "End of contract", "Retirement"]),
    ("lifecycleReasonType", Ids::Labels, &["Voluntary", "Involuntary", "Other"]),
    ("orgLevels", Ids::Digits(88_000_100), &["C level", "VP", "Lead", "Individual contributor"]),
    ("employer_entity_list", Ids::Numbers(50_101), &["Kestrel Ltd", "Kestrel Inc.", "Kestrel GmbH & Co. KG"]),
    ("workLocation_entity_list", Ids::Numbers(60_201), &["Office", "Hybrid", "Remote"]),
    ("jobRole_entity_list", Ids::Numbers(70_301), &["Maker", "Seller", "Carer"]),
    ("jobFamily_entity_list", Ids::Numbers(70_401), &["Technology", "Commercial", "General & administrative"]),
    ("languages", Ids::Labels, &["English", "Deutsch", "Polski", "עברית", "日本語", "Português"]),
    ("maritalStatus", Ids::Labels, &["Single", "Married", "Civil partnership"]),
    ("ethnicity", Ids::Digits(99_100_001), &["Group A", "Group B", "Prefer not to say"]),
    ("salaryPayPeriod", Ids::Labels, &["Annual", "Monthly", "Hourly"]),
    ("exemptions", Ids::Labels, &["Exempt", "Non-exempt"]),
    ("relations", Ids::Labels, &["Partner", "Parent", "Sibling", "Friend"]),
    ("column_1639496202710", Ids::Digits(228_075_490), &["Four4", "A1 company", "Heathmont OU"]),
    ("column_1712065124837", Ids::Digits(231_900_000), &["North", "South", "Überregional"]),
    ("field_1651169416679", Ids::Digits(240_000_010), &["XS", "S", "M", "L", "XL", "Not needed"]),
    ("field_1690000000003", Ids::Digits(240_100_010), &["Vegan", "Vegetarian", "Halal", "Kosher", "None"]),
];

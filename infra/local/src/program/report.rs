//! The words of the program: calm, aligned, at most 80 columns.

use std::collections::BTreeMap;

use embedded_aws::SentMail;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use provisioning::{ChangeKind, Counts, Mapping, SkipReason, Withheld};
use stand_in_hibob::Day;
use tenant_store::{Attention, AttentionCause, RunStatus};

use crate::program::stage::Run;

const WIDTH: usize = 80;
/// Stands for a space at which no line ends.
const GLUE: &str = "\u{a0}";
/// Where the texts behind the labels of a tenant's block begin.
const INDENT: usize = 17;

/// A heading that a date belongs to.
pub(crate) fn heading(title: &str, date: Date) -> String {
    format!("\n{title}, {}", date.strftime("%A %-d %B %Y"))
}

/// Which fields a mapping reads, of how many.
pub(crate) fn suggested(fields: usize, mapping: &Mapping) -> String {
    let mut text = format!("Your HiBob has {fields} fields. These fill the fields of HiThrive:\n");
    for entry in mapping.entries() {
        let sources = entry
            .sources
            .iter()
            .map(|source| format!("{} ({})", source.id, source.category.name));
        let sources: Vec<String> = sources.map(|source| source.replace(' ', GLUE)).collect();
        text += &labelled(2, &entry.target.to_string(), 22, &sources.join(", else "));
    }
    text
}

/// A run was handed back because HiBob would not have it.
pub(crate) fn asking_again(name: &str, failure: Option<&str>) -> String {
    match failure {
        Some("tokenRefused" | "accessDenied") => {
            format!("\n  {name}: HiBob refused; asking once more in 30 minutes.")
        }
        other => format!(
            "\n  {name}: handed back ({}); comes again.",
            other.unwrap_or("no reason")
        ),
    }
}

/// What a tenant's block is about.
#[derive(Debug)]
pub(crate) struct Told<'a> {
    pub(crate) name: &'a str,
    pub(crate) time_zone: &'a TimeZone,
    pub(crate) run: &'a Run,
    /// What the stand-in says happened since the last night.
    pub(crate) day: Option<&'a Day>,
    pub(crate) mails: &'a [SentMail],
}

/// What a run found and did.
pub(crate) fn told(told: &Told<'_>) -> String {
    let Told { name, run, day, .. } = told;
    let (record, findings) = (&run.record, &run.record.findings);
    let mut block = Block::new(name);
    if findings.people > 0 {
        let active = run.after.values().filter(|account| account.is_active).count();
        let inactive = run.after.len() - active;
        block.line(
            "people",
            &format!(
                "{} in HiBob; {active} accounts active, {inactive} inactive",
                findings.people
            ),
        );
    }
    if let Some(day) = day {
        block.list("HiBob says", "", happened(day).into_iter());
    }
    let is_idle = record.status == RunStatus::Applied && record.planned.total() == 0;
    block.line(
        "changes",
        &if is_idle {
            "nothing to do".to_owned()
        } else {
            changes(&record.applied)
        },
    );
    block.list(
        "fields",
        "",
        fields(run)
            .iter()
            .map(|(field, count)| format!("{field} {count}")),
    );
    let skipped: u32 = findings.skips.values().sum();
    let reasons = findings
        .skips
        .iter()
        .map(|(reason, count)| format!("{count} {}", skip(*reason)));
    block.list("skipped", &format!("{skipped}: "), reasons);
    block.count("missing", findings.missing, "no longer in HiBob's answer");
    block.count("managers", findings.unresolved_managers, "have no account");
    for (category, fields) in by_category(&findings.withheld) {
        let count = fields.len();
        block.list(
            "withheld",
            &format!("{count} fields, until \"{category}\" is granted: "),
            fields.into_iter(),
        );
    }
    let unreadable = findings
        .unreadable
        .iter()
        .map(|(target, count)| format!("{target} of {count}"));
    block.list("unreadable", "", unreadable);
    if let Some(hold) = &record.hold {
        block.line("held", &format!("{}: {hold}", changes(&record.held)));
    }
    if let Some(refusal) = &record.refusal {
        block.line("refused", &format!("nothing was changed: {refusal}"));
    }
    if let Some(attention) = &run.attention {
        block.line("attention", &needs(attention, told.time_zone));
    } else if let RunStatus::Failed | RunStatus::HandedBack | RunStatus::Running = record.status {
        block.line("not done", record.failure.as_deref().unwrap_or("no reason given"));
    }
    for mail in told.mails {
        block.line("e-mail", &format!("to {}: {}", mail.to.join(", "), mail.subject));
    }
    block.text
}

/// The end of the block of a tenant of which something was changed since this program connected it.
pub(crate) fn unchecked() -> String {
    let mut block = Block { text: String::new() };
    block.line(
        "not checked",
        "its admin, here or in HiBob, has changed something",
    );
    block.text
}

/// The end of a tenant's block: that all is well, in these words, or what is not.
pub(crate) fn checked(all_is_well: &str, differences: &[String]) -> String {
    let mut block = Block { text: String::new() };
    match differences {
        [] => block.line("checked", all_is_well),
        [first, others @ ..] => {
            block.line("DIFFERS", first);
            others
                .iter()
                .take(SHOWN_DIFFERENCES)
                .for_each(|difference| block.line("", difference));
            if others.len() > SHOWN_DIFFERENCES {
                block.line("", &format!("and {} more", others.len() - SHOWN_DIFFERENCES));
            }
        }
    }
    block.text
}

/// More would say no more.
const SHOWN_DIFFERENCES: usize = 8;

fn changes(counts: &Counts) -> String {
    let Counts {
        created,
        updated,
        deactivated,
        reactivated,
    } = counts;
    if counts.total() == 0 {
        return "none".to_owned();
    }
    format!("{created} created, {updated} updated, {deactivated} deactivated, {reactivated} reactivated")
}

/// How many updated accounts got another value of each field.
fn fields(run: &Run) -> BTreeMap<&str, u32> {
    let mut fields = BTreeMap::new();
    for row in run.rows.iter().filter(|row| row.kind == ChangeKind::Update) {
        for field in &row.fields {
            *fields.entry(field.as_str()).or_default() += 1;
        }
    }
    fields
}

fn happened(day: &Day) -> Vec<String> {
    if *day == Day::default() {
        return vec!["nobody did anything".to_owned()];
    }
    let all = day.to_string();
    all.split(", ")
        .filter(|part| !part.starts_with("0 "))
        .map(str::to_owned)
        .collect()
}

fn by_category(withheld: &[Withheld]) -> BTreeMap<&str, Vec<String>> {
    let mut categories: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for Withheld { field, category } in withheld {
        categories.entry(category).or_default().push(field.to_string());
    }
    categories
}

fn skip(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::MissingId => "without an id",
        SkipReason::DuplicateId => "with an id that came twice",
        SkipReason::NoEmail => "without an e-mail address",
        SkipReason::MalformedEmail => "with an unusable e-mail address",
        SkipReason::DuplicateEmail => "with an e-mail address of two people",
        SkipReason::EmailTaken => "with another account's e-mail address",
        SkipReason::ScopeUnknown => "of unknown scope",
        SkipReason::LifecycleUnclear => "of unclear lifecycle",
        SkipReason::ChangedMeanwhile => "changed meanwhile",
        SkipReason::Overridden => "decided in HiThrive",
        SkipReason::DeactivatedElsewhere => "deactivated elsewhere",
        SkipReason::OutOfScope => "out of scope",
        SkipReason::NotYet => "not yet started",
        SkipReason::NeverHere => "gone before the first night",
    }
}

fn needs(attention: &Attention, time_zone: &TimeZone) -> String {
    let cause = match attention.cause {
        AttentionCause::TokenRefused => "HiBob refuses the token",
        AttentionCause::AccessDenied => "HiBob denies the service user access",
        AttentionCause::TokenMissing => "there is no token",
        AttentionCause::OtherCompany => "the token belongs to another company",
        AttentionCause::MappingUnusable => "there is no usable mapping",
    };
    let since = attention.since.to_zoned(time_zone.clone());
    format!("{cause}, since {}", since.strftime("%-d %B %Y, %H:%M"))
}

/// A new line with a label, and a text that goes on below itself where it does not fit.
fn labelled(margin: usize, label: &str, indent: usize, text: &str) -> String {
    let mut line = format!("\n{:margin$}{label:<width$}", "", width = indent - margin);
    let mut column = indent;
    for word in text.split(' ').map(|word| word.replace(GLUE, " ")) {
        let length = word.chars().count() + usize::from(column > indent);
        if column > indent && column + length > WIDTH {
            line += "\n";
            line += &" ".repeat(indent);
            line += &word;
            column = indent + word.chars().count();
        } else {
            line += if column > indent { " " } else { "" };
            line += &word;
            column += length;
        }
    }
    line
}

/// A tenant's name and labelled lines below it.
struct Block {
    text: String,
}

impl Block {
    fn new(name: &str) -> Self {
        Self {
            text: format!("\n  {name}"),
        }
    }

    fn line(&mut self, label: &str, text: &str) {
        self.text += &labelled(4, label, INDENT, text);
    }

    /// Nothing for an empty list.
    fn list(&mut self, label: &str, beginning: &str, items: impl Iterator<Item = String>) {
        let items: Vec<String> = items.map(|item| item.replace(' ', GLUE)).collect();
        if !items.is_empty() {
            self.line(label, &format!("{beginning}{}", items.join(", ")));
        }
    }

    /// Nothing for zero.
    fn count(&mut self, label: &str, count: u32, what: &str) {
        if count > 0 {
            self.line(label, &format!("{count} {what}"));
        }
    }
}

#[cfg(test)]
mod tests;

//! Plans as text that a test can compare and a person can read.

use crate::account::Missing;
use crate::guard::HoldReason;
use crate::plan::{Change, ChangeKind, ManagerEdit, Plan};
use crate::report::{Findings, SkipReason};
use crate::value::Value;

/// What one night did.
#[derive(Debug)]
pub(super) struct Night {
    pub(super) done: Vec<String>,
    pub(super) held: Vec<String>,
    pub(super) hold: Option<HoldReason>,
    /// People to look at, with the reason.
    pub(super) problems: Vec<String>,
    pub(super) findings: Findings,
}

impl Night {
    pub(super) fn new(plan: &Plan) -> Self {
        let problem = |skip: &crate::report::Skip| match &skip.employee {
            Some(employee) => format!("{employee}: {:?}", skip.reason),
            None => format!("{:?}", skip.reason),
        };
        Self {
            done: tell(plan, &plan.changes),
            held: tell(plan, &plan.held),
            hold: plan.hold,
            problems: plan.findings.skipped.iter().map(problem).collect(),
            findings: plan.findings.clone(),
        }
    }

    /// How many people were left out for a reason.
    pub(super) fn skipped(&self, reason: SkipReason) -> u32 {
        self.findings.skips.get(&reason).copied().unwrap_or_default()
    }
}

/// One line for each change: `update hibob-7: jobTitle=Lead, manager=2`.
pub(super) fn tell(plan: &Plan, changes: &[Change]) -> Vec<String> {
    changes.iter().map(|change| line(plan, change)).collect()
}

fn line(plan: &Plan, change: &Change) -> String {
    let verb = match change.kind {
        ChangeKind::Create => "create".to_owned(),
        ChangeKind::Update if change.links => "adopt".to_owned(),
        ChangeKind::Update => "update".to_owned(),
        ChangeKind::Reactivate => "reactivate".to_owned(),
        ChangeKind::Deactivate(reason) => format!("deactivate ({reason:?})"),
        ChangeKind::Mark => "mark".to_owned(),
    };
    let group = change
        .together
        .map(|group| format!(" [together {group}]"))
        .unwrap_or_default();
    let details = details(plan, change).join(", ");
    let separator = if details.is_empty() { "" } else { ": " };
    format!("{verb} {}{group}{separator}{details}", change.account)
}

fn details(plan: &Plan, change: &Change) -> Vec<String> {
    let mut details = Vec::new();
    // A new account has all its values from its person; repeating them would only blur what a scenario is about.
    if change.kind != ChangeKind::Create {
        let edits = plan.edits(change);
        details.extend(
            edits
                .iter()
                .map(|edit| format!("{}={}", edit.target, shown(edit.after.as_ref()))),
        );
    }
    match &change.manager {
        ManagerEdit::Keep => {}
        ManagerEdit::Set(manager) => details.push(format!("manager={manager}")),
        ManagerEdit::Clear => details.push("manager=".to_owned()),
    }
    if let Some(Missing { nights, .. }) = change.missing {
        details.push(format!("missing={nights}"));
    }
    if let Some(out_of_scope) = change.out_of_scope {
        details.push(format!("outOfScope={out_of_scope}"));
    }
    if change.kind == ChangeKind::Mark && change.source_fp.is_some() {
        details.push("fingerprint".to_owned());
    }
    details
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::Text(text)) => text.to_string(),
        Some(Value::List(texts)) => texts.join("+"),
    }
}

//! Carrying out a plan.

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use jiff::Timestamp;
use provisioning::{AccountId, Change, ChangeKind, Counts, EmployeeId, Targets};

use crate::{Error, Team};

/// Requests in flight at a time. With single writes of a few milliseconds that is over a thousand accounts a second.
const REQUESTS_AT_ONCE: usize = 8;
/// `BatchWriteItem` takes no more.
const CREATES_PER_REQUEST: usize = 25;
/// `TransactWriteItems` takes no more.
const CHANGES_TOGETHER: usize = 100;

pub(crate) const OPERATION: &str = "write accounts";

/// Under whose lease and when accounts are written.
#[derive(Debug, Clone)]
pub struct WriteContext {
    /// The lease's fence. An account that was written under a later one is left alone.
    pub fence: u64,
    /// The instant the run was due.
    pub due_at: Timestamp,
    /// The present.
    pub now: Timestamp,
    /// Whether the team had no account when the run began. New accounts are then written many at a time; otherwise
    /// each on the condition that it does not exist.
    pub team_was_empty: bool,
}

/// What has been carried out so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// Changes by kind.
    pub counts: Counts,
    /// Changes that were void, because their account is no longer as it was read.
    pub changed_meanwhile: Vec<ChangedMeanwhile>,
}

/// An account that was left alone, and its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedMeanwhile {
    /// The account.
    pub account: AccountId,
    /// The person.
    pub employee: EmployeeId,
}

impl Applied {
    pub(crate) fn note(&mut self, change: &Change, fate: Fate) {
        match fate {
            Fate::Done => self.counts.add(change.kind),
            Fate::ChangedMeanwhile => self.changed_meanwhile.push(ChangedMeanwhile {
                account: change.account.clone(),
                employee: change.employee.clone(),
            }),
        }
    }

    fn add(&mut self, more: Self) {
        self.counts.created += more.counts.created;
        self.counts.updated += more.counts.updated;
        self.counts.deactivated += more.counts.deactivated;
        self.counts.reactivated += more.counts.reactivated;
        self.changed_meanwhile.extend(more.changed_meanwhile);
    }
}

/// What became of a change.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fate {
    Done,
    ChangedMeanwhile,
}

/// A plan's changes with what is needed to write them.
#[derive(Clone, Copy)]
pub(crate) struct Pen<'a> {
    pub(crate) team: &'a Team,
    pub(crate) targets: &'a Targets,
    pub(crate) write: &'a WriteContext,
}

/// What one request, or one after the other, carries out.
enum Piece<'a> {
    Creates(Vec<&'a Change>),
    One(&'a Change),
    Together(&'a [Change]),
}

/// Cuts a plan's changes into slices of about `size`, never through a group of changes that belong together.
pub fn slices(changes: &[Change], size: usize) -> impl Iterator<Item = &[Change]> {
    let mut rest = changes;
    std::iter::from_fn(move || {
        let mut end = rest.len().min(size.max(1));
        while end > 0
            && rest
                .get(end)
                .is_some_and(|next| next.together.is_some() && next.together == rest[end - 1].together)
        {
            end += 1;
        }
        let (slice, after) = rest.split_at(end);
        rest = after;
        (!slice.is_empty()).then_some(slice)
    })
}

impl Team {
    /// Carries out some of a plan's changes and adds to `applied` what was done, also when it fails in between. A change
    /// whose account is no longer as it was read is left out. Every change may be carried out twice with one effect.
    pub async fn apply(
        &self,
        changes: &[Change],
        targets: &Targets,
        write: &WriteContext,
        applied: &mut Applied,
    ) -> Result<(), Error> {
        let pen = Pen {
            team: self,
            targets,
            write,
        };
        let mut waiting = pieces(changes, write.team_was_empty).into_iter();
        let mut in_flight: FuturesUnordered<_> = waiting
            .by_ref()
            .take(REQUESTS_AT_ONCE)
            .map(|piece| pen.carry_out(piece))
            .collect();

        let mut failure = None;
        while let Some((done, result)) = in_flight.next().await {
            applied.add(done);
            match result {
                Err(error) => failure = failure.or(Some(error)),
                // After a failure nothing more is begun, but what is in flight is counted to its end.
                Ok(()) if failure.is_none() => {
                    in_flight.extend(waiting.next().map(|piece| pen.carry_out(piece)));
                }
                Ok(()) => {}
            }
        }
        failure.map_or(Ok(()), Err)
    }
}

fn pieces(changes: &[Change], team_was_empty: bool) -> Vec<Piece<'_>> {
    let (mut pieces, mut creates) = (Vec::new(), Vec::new());
    for group in changes.chunk_by(|a, b| a.together.is_some() && a.together == b.together) {
        if group.len() > 1 && group.len() <= CHANGES_TOGETHER {
            pieces.push(Piece::Together(group));
            continue;
        }
        // A group that no transaction can hold goes one by one: for a moment two accounts share an address.
        for change in group {
            if team_was_empty && change.kind == ChangeKind::Create {
                creates.push(change);
            } else {
                pieces.push(Piece::One(change));
            }
        }
    }
    pieces.extend(
        creates
            .chunks(CREATES_PER_REQUEST)
            .map(|creates| Piece::Creates(creates.to_vec())),
    );
    pieces
}

impl<'a> Pen<'a> {
    async fn carry_out(self, piece: Piece<'a>) -> (Applied, Result<(), Error>) {
        let mut applied = Applied::default();
        let result = match piece {
            Piece::Creates(changes) => self.create_batch(&changes, &mut applied).await,
            Piece::One(change) => {
                let fate = self.carry_out_one(change).await;
                fate.map(|fate| applied.note(change, fate))
            }
            Piece::Together(changes) => {
                let fate = self.carry_out_together(changes).await;
                fate.map(|fate| changes.iter().for_each(|change| applied.note(change, fate)))
            }
        };
        (applied, result)
    }
}

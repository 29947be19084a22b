//! Reading everybody, as a stream.

use std::fmt;

use provisioning::{Employee, FieldId, FieldIndex, FieldSet};
use serde::Serialize;

use crate::answer::Answer;
use crate::client::Session;
use crate::error::{Error, Fault};
use crate::extract::Extractor;
use crate::split::Splitter;

/// Asks for everybody, active or not. There is no `filters` member because HiBob rejects an empty one.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Search<'a> {
    fields: &'a [FieldId],
    show_inactive: bool,
    human_readable: &'static str,
}

/// Both forms of every value. The other choice, `REPLACE`, spoils dates.
pub(crate) const BOTH_FORMS: &str = "APPEND";

/// The employees of one answer, read as they arrive; memory holds one of them at a time.
///
/// They are worth something only together: until [`next`](Self::next) has answered `None`, the answer may yet
/// prove bad.
#[must_use = "nothing is read before `next` is called"]
pub struct People<'s> {
    answer: Answer<'s>,
    splitter: Splitter,
    extractor: Extractor,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    Complete,
    Failed,
}

impl Session {
    /// Everybody whom the service user may see, inactive people included, with the values of `fields`.
    pub async fn search(&mut self, fields: &FieldSet) -> Result<People<'_>, Error> {
        self.people(fields, Extractor::new(fields)).await
    }

    /// The same, but of fields that are not among `values` only whether they are absent, empty or present: a value that
    /// is present is `null` in its machine form. What it was is thrown away where the answer is parsed.
    pub async fn survey(&mut self, fields: &FieldSet, values: &[FieldIndex]) -> Result<People<'_>, Error> {
        let extractor = Extractor::reading(fields, |field| values.contains(&field));
        self.people(fields, extractor).await
    }

    async fn people(&mut self, fields: &FieldSet, extractor: Extractor) -> Result<People<'_>, Error> {
        let url = self.url(&["people", "search"]).ok_or(Error::NotFound)?;
        let search = Search {
            fields: fields.ids(),
            show_inactive: true,
            human_readable: BOTH_FORMS,
        };
        let answer = self.post("people/search", url, &search).await?;
        Ok(People {
            answer,
            splitter: Splitter::new(),
            extractor,
            state: State::Reading,
        })
    }
}

impl People<'_> {
    /// The next employee, or `None` when the answer has proved complete. After an error there is never a `None`.
    pub async fn next(&mut self) -> Result<Option<Employee>, Error> {
        match self.state {
            State::Reading => {}
            State::Complete => return Ok(None),
            State::Failed => return Err(Fault::Incomplete.into()),
        }
        // Stands if the answer is bad, and if the caller gives up waiting while a piece is being taken in.
        self.state = State::Failed;
        let employee = self.read().await?;
        self.state = if employee.is_some() {
            State::Reading
        } else {
            State::Complete
        };
        Ok(employee)
    }

    async fn read(&mut self) -> Result<Option<Employee>, Error> {
        loop {
            if let Some(record) = self.splitter.next()? {
                return Ok(Some(self.extractor.employee(record)?));
            }
            match self.answer.chunk().await? {
                Some(chunk) => self.splitter.push(&chunk),
                None => return Ok(self.splitter.finish().map(|()| None)?),
            }
        }
    }
}

/// Without what has been read.
impl fmt::Debug for People<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("People")
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

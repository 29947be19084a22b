//! Cuts the records out of a people-search answer while it arrives, so that memory never holds the whole.

use std::ops::Range;

use memchr::memchr2;
use serde::de::IgnoredAny;

use crate::error::Fault;

/// The longest record. Real ones have a few kilobytes.
const MAX_RECORD: usize = 1 << 20;

/// The deepest nesting. Real records have five levels.
const MAX_DEPTH: u32 = 64;

/// Checks everything around the records; whether a record is well-formed is found out by whoever reads it.
pub(crate) struct Splitter {
    buffer: Vec<u8>,
    /// Where the next token begins in the buffer.
    start: usize,
    /// How far the token has been looked at; beyond `start` only while its end has not arrived.
    at: usize,
    in_string: bool,
    depth: u32,
    expected: Expected,
    has_employees: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Document,
    FirstKeyOrEnd,
    Key,
    Colon { employees: bool },
    Value { employees: bool },
    CommaOrEnd,
    FirstRecordOrEnd,
    Record,
    RecordCommaOrEnd,
    Nothing,
}

impl Splitter {
    pub(crate) fn new() -> Self {
        Self {
            buffer: Vec::new(),
            start: 0,
            at: 0,
            in_string: false,
            depth: 0,
            expected: Expected::Document,
            has_employees: false,
        }
    }

    /// Takes in the next piece of the answer.
    pub(crate) fn push(&mut self, piece: &[u8]) {
        self.buffer.drain(..self.start);
        self.at -= self.start;
        self.start = 0;
        self.buffer.extend_from_slice(piece);
    }

    /// The next record; `None` if it needs another piece.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, Fault> {
        use Expected as E;

        while let Some(byte) = self.peek() {
            match (self.expected, byte) {
                (E::Document, b'{') => self.step(E::FirstKeyOrEnd),
                (E::FirstKeyOrEnd | E::Key, b'"') => {
                    let Some(key) = self.value()? else { return Ok(None) };
                    let key: String =
                        serde_json::from_slice(&self.buffer[key]).map_err(|_| Fault::Malformed)?;
                    self.expected = E::Colon {
                        employees: key == "employees",
                    };
                }
                (E::Colon { employees }, b':') => self.step(E::Value { employees }),
                (E::Value { employees: true }, b'[') if !self.has_employees => {
                    self.has_employees = true;
                    self.step(E::FirstRecordOrEnd);
                }
                (E::Value { employees: true }, _) => return Err(Fault::NoEmployees),
                (E::Value { employees: false }, _) => {
                    let Some(value) = self.value()? else {
                        return Ok(None);
                    };
                    serde_json::from_slice::<IgnoredAny>(&self.buffer[value])
                        .map_err(|_| Fault::Malformed)?;
                    self.expected = E::CommaOrEnd;
                }
                (E::CommaOrEnd, b',') => self.step(E::Key),
                (E::FirstKeyOrEnd | E::CommaOrEnd, b'}') => self.step(E::Nothing),
                (E::FirstRecordOrEnd | E::Record, b'{') => {
                    let Some(record) = self.value()? else {
                        return Ok(None);
                    };
                    self.expected = E::RecordCommaOrEnd;
                    return Ok(Some(&self.buffer[record]));
                }
                (E::RecordCommaOrEnd, b',') => self.step(E::Record),
                (E::FirstRecordOrEnd | E::RecordCommaOrEnd, b']') => self.step(E::CommaOrEnd),
                (E::Nothing, _) => return Err(Fault::TrailingContent),
                _ => return Err(Fault::Malformed),
            }
        }
        Ok(None)
    }

    /// Whether the answer may end here.
    pub(crate) fn finish(&self) -> Result<(), Fault> {
        match self.expected {
            Expected::Nothing if self.has_employees => Ok(()),
            Expected::Nothing => Err(Fault::NoEmployees),
            _ => Err(Fault::Incomplete),
        }
    }

    /// The first byte of the next token.
    fn peek(&mut self) -> Option<u8> {
        let white = self.buffer[self.start..]
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
            .count();
        self.start += white;
        self.at = self.at.max(self.start);
        self.buffer.get(self.start).copied()
    }

    fn step(&mut self, next: Expected) {
        self.start += 1;
        self.at = self.start;
        self.expected = next;
    }

    /// Where the value that begins at `start` lies; `None` if its end has not arrived. Goes on where it left off.
    fn value(&mut self) -> Result<Option<Range<usize>>, Fault> {
        let end = self.end_of_value()?;
        if end.unwrap_or(self.buffer.len()) - self.start > MAX_RECORD {
            return Err(Fault::TooLarge);
        }
        Ok(end.map(|end| {
            let value = self.start..end;
            self.start = end;
            self.at = end;
            value
        }))
    }

    fn end_of_value(&mut self) -> Result<Option<usize>, Fault> {
        while let Some(&byte) = self.buffer.get(self.at) {
            if self.in_string {
                if !self.skip_string() {
                    break;
                }
                if self.depth == 0 {
                    return Ok(Some(self.at));
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' if self.depth == MAX_DEPTH => return Err(Fault::TooDeep),
                b'{' | b'[' => self.depth += 1,
                // Outside of everything these end a bare number or word, and are not part of it.
                b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r' if self.depth == 0 => {
                    return Ok(Some(self.at));
                }
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Ok(Some(self.at + 1));
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        Ok(None)
    }

    /// Goes behind the closing quotation mark; `false` if that has not arrived.
    fn skip_string(&mut self) -> bool {
        while let Some(skipped) = memchr2(b'"', b'\\', &self.buffer[self.at..]) {
            let found = self.at + skipped;
            if self.buffer[found] == b'"' {
                self.in_string = false;
                self.at = found + 1;
                return true;
            }
            if found + 1 == self.buffer.len() {
                self.at = found;
                return false;
            }
            self.at = found + 2;
        }
        self.at = self.buffer.len();
        false
    }
}

#[cfg(test)]
mod tests;

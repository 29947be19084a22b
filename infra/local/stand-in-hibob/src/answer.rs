//! An answer that is written while it is sent: a hundred thousand people need no more memory than sixty.

use std::{
    io::{self, Write},
    mem,
    sync::Arc,
    time::Duration,
};

use axum::body::Body;
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use futures::{Stream, stream};
use tokio::time::sleep;

use crate::{
    company::Company,
    employee::{Employee, EmployeeId},
    faults::Fault,
    render::Layout,
};

const CHUNK: usize = 64 * 1024;
/// Long enough for what was sent before a broken connection to arrive.
const BEFORE_RESET: Duration = Duration::from_millis(20);

/// `{"employees":[…]}`, piece by piece.
pub(crate) struct Answer {
    company: Arc<Company>,
    layout: Layout,
    people: std::vec::IntoIter<EmployeeId>,
    padding: usize,
    /// How many people to write before the answer breaks off.
    cut_after: Option<usize>,
    is_reset: bool,
    pace: Option<(usize, Duration)>,
    encoder: Option<GzEncoder<Vec<u8>>>,
    is_begun: bool,
    has_records: bool,
    stage: Stage,
    ready: Bytes,
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    People,
    Break,
    Done,
}

impl Answer {
    pub(crate) fn new(
        company: Arc<Company>,
        layout: Layout,
        people: Vec<EmployeeId>,
        fault: Option<Fault>,
    ) -> Self {
        let cut_after = match fault {
            Some(Fault::Truncated(share) | Fault::Reset(share)) => Some(part(people.len(), share)),
            _ => None,
        };
        let pace = match fault {
            Some(Fault::Drip { bytes, pause }) => Some((bytes.max(1), pause)),
            _ => None,
        };
        Self {
            company,
            layout,
            people: people.into_iter(),
            padding: if let Some(Fault::Padding(bytes)) = fault {
                bytes
            } else {
                0
            },
            cut_after,
            is_reset: matches!(fault, Some(Fault::Reset(_))),
            pace,
            encoder: None,
            is_begun: false,
            has_records: false,
            stage: Stage::People,
            ready: Bytes::new(),
        }
    }

    pub(crate) fn gzipped(mut self) -> Self {
        self.encoder = Some(GzEncoder::new(Vec::new(), Compression::fast()));
        self
    }

    pub(crate) fn into_body(self) -> Body {
        Body::from_stream(self.into_stream())
    }

    fn into_stream(self) -> impl Stream<Item = io::Result<Bytes>> {
        stream::try_unfold(self, |mut answer| async move {
            while answer.ready.is_empty() {
                match answer.stage {
                    Stage::People => answer.ready = answer.next_chunk()?.into(),
                    Stage::Break => {
                        sleep(BEFORE_RESET).await;
                        return Err(io::ErrorKind::ConnectionReset.into());
                    }
                    Stage::Done => return Ok(None),
                }
            }
            let mut size = answer.ready.len();
            if let Some((bytes, pause)) = answer.pace {
                sleep(pause).await;
                size = size.min(bytes);
            }
            let piece = answer.ready.split_to(size);
            Ok(Some((piece, answer)))
        })
    }

    fn next_chunk(&mut self) -> io::Result<Vec<u8>> {
        let mut out = Vec::with_capacity(CHUNK + 4096);
        if !mem::replace(&mut self.is_begun, true) {
            out.extend_from_slice(b"{\"employees\":[");
        }
        while out.len() < CHUNK && self.stage == Stage::People {
            let id = self.people.next();
            let company = Arc::clone(&self.company);
            if self.cut_after == Some(0) {
                self.break_off(id, &mut out)?;
            } else if let Some(employee) = id.and_then(|id| company.employee(id)) {
                for _ in 0..Layout::copies(employee) {
                    self.write_record(employee, &mut out)?;
                }
            } else {
                out.extend_from_slice(b"]}");
                self.stage = Stage::Done;
            }
            self.cut_after = self.cut_after.map(|left| left.saturating_sub(1));
        }
        self.encode(out)
    }

    fn write_record(&mut self, employee: &Employee, out: &mut Vec<u8>) -> io::Result<()> {
        if mem::replace(&mut self.has_records, true) {
            out.push(b',');
        }
        self.layout.write(&self.company, employee, self.padding, out)
    }

    /// Writes half of the next record, and no more.
    fn break_off(&mut self, id: Option<EmployeeId>, out: &mut Vec<u8>) -> io::Result<()> {
        let company = Arc::clone(&self.company);
        if let Some(employee) = id.and_then(|id| company.employee(id)) {
            let start = out.len();
            self.write_record(employee, out)?;
            out.truncate(start + (out.len() - start) / 2);
        }
        self.stage = if self.is_reset { Stage::Break } else { Stage::Done };
        Ok(())
    }

    fn encode(&mut self, out: Vec<u8>) -> io::Result<Vec<u8>> {
        let Some(encoder) = &mut self.encoder else {
            return Ok(out);
        };
        encoder.write_all(&out)?;
        match self.stage {
            Stage::People => {}
            Stage::Break => encoder.flush()?,
            Stage::Done => encoder.try_finish()?,
        }
        Ok(mem::take(encoder.get_mut()))
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a headcount"
)]
fn part(of: usize, share: f64) -> usize {
    (of as f64 * share.clamp(0.0, 1.0)) as usize
}

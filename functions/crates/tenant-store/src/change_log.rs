//! Writing the rows of a run.

use provisioning::{RunId, Skip};

use crate::item::to_item;
use crate::keys::{EXPIRES_AT, Partition};
use crate::runs::{WRITE, changes_prefix, expires_at};
use crate::{ChangeRow, Error, RunHistory, RunRows};

/// Rows of one item. With the size below, and a person's rows being small, far from DynamoDB's 400 KB.
const ROWS_PER_ITEM: usize = 250;
const BYTES_PER_ITEM: usize = 250_000;

/// Writes the rows of a run, each before the change it names is made, so that nothing is ever changed without a trace.
#[derive(Debug)]
pub struct ChangeLog {
    pub(crate) history: RunHistory,
    pub(crate) run: RunId,
    pub(crate) fence: u64,
    /// Written so far.
    pub(crate) items: u32,
}

impl ChangeLog {
    /// Writes rows.
    pub async fn write(&mut self, changes: Vec<ChangeRow>, skips: Vec<Skip>) -> Result<(), Error> {
        for changes in portions(changes) {
            self.write_item(RunRows {
                changes,
                ..RunRows::default()
            })
            .await?;
        }
        for skips in skips.chunks(ROWS_PER_ITEM) {
            self.write_item(RunRows {
                skips: skips.to_vec(),
                ..RunRows::default()
            })
            .await?;
        }
        Ok(())
    }

    /// Writes the rows of what is not done, because it waits for a person.
    pub async fn write_held(&mut self, held: Vec<ChangeRow>) -> Result<(), Error> {
        for held in portions(held) {
            self.write_item(RunRows {
                held,
                ..RunRows::default()
            })
            .await?;
        }
        Ok(())
    }

    async fn write_item(&mut self, rows: RunRows) -> Result<(), Error> {
        let sort = format!(
            "{}{:010}#{:05}",
            changes_prefix(self.run.due_at),
            self.fence,
            self.items
        );
        let mut item = to_item(WRITE, &rows)?;
        item.extend(Partition::of(&self.run.tenant).item(sort));
        item.insert(EXPIRES_AT.to_owned(), expires_at(self.run.due_at));
        let put = self
            .history
            .client
            .put_item()
            .table_name(&self.history.table)
            .set_item(Some(item));
        put.send().await.map_err(Error::of(WRITE))?;
        self.items += 1;
        Ok(())
    }
}

/// Rows in portions that fit into an item each.
fn portions(rows: Vec<ChangeRow>) -> Vec<Vec<ChangeRow>> {
    let mut portions: Vec<Vec<ChangeRow>> = Vec::new();
    let mut bytes = 0;
    for row in rows {
        bytes += row.size();
        match portions.last_mut() {
            Some(portion) if portion.len() < ROWS_PER_ITEM && bytes <= BYTES_PER_ITEM => portion.push(row),
            _ => {
                bytes = row.size();
                portions.push(vec![row]);
            }
        }
    }
    portions
}

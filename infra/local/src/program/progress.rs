//! What can be seen while a night is at work: a line for each tenant, on a terminal only.

use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::program::stage::{Due, Stage};

const SHORTEST_PAUSE: Duration = Duration::from_millis(150);
/// Looking takes up a fifth of the time at most, however large the team.
const PAUSE_PER_LOOK: u32 = 4;

/// The lines of the tenants that are due; gone when dropped.
#[derive(Debug)]
pub(crate) struct Progress<'a> {
    stage: &'a Stage,
    due: &'a [Due<'a>],
    lines: MultiProgress,
    bars: Vec<ProgressBar>,
}

impl<'a> Progress<'a> {
    pub(crate) fn start(stage: &'a Stage, due: &'a [Due<'a>]) -> Self {
        let lines = MultiProgress::new();
        let style = ProgressStyle::with_template("  {spinner} {prefix:<20} {pos:>6} accounts  {msg}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bars = due.iter().map(|due| {
            let bar = ProgressBar::no_length()
                .with_style(style.clone())
                .with_prefix(due.name.to_owned());
            let bar = lines.add(bar);
            bar.tick();
            bar
        });
        Self {
            stage,
            due,
            bars: bars.collect(),
            lines,
        }
    }

    /// Keeps the lines up to date, for ever. What cannot be read is shown as it was; the run itself will say why.
    pub(crate) async fn watch(&self) {
        if self.lines.is_hidden() || tracing::enabled!(tracing::Level::ERROR) {
            return std::future::pending().await;
        }
        loop {
            let began = Instant::now();
            for (due, bar) in self.due.iter().zip(&self.bars) {
                self.look(due, bar).await;
            }
            tokio::time::sleep((began.elapsed() * PAUSE_PER_LOOK).max(SHORTEST_PAUSE)).await;
        }
    }

    async fn look(&self, due: &Due<'_>, bar: &ProgressBar) {
        if let Ok(count) = self.stage.accounts.count(due.tenant).await {
            bar.set_position(count);
        }
        if let Ok(Some(state)) = self.stage.system.tenants.run_state(due.tenant).await {
            let is_at_work = state.lease_owner.is_some();
            bar.set_message(match (is_at_work, state.suspicion.is_some()) {
                (true, _) => "at work",
                (false, true) => "waits",
                (false, false) => "",
            });
        }
        bar.tick();
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        for bar in &self.bars {
            bar.finish_and_clear();
        }
    }
}

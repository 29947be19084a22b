//! What a run does when HiBob does not answer as it should. A refusal is never hammered, and never believed at once.

use jiff::SignedDuration;
use startup::{Chain, Metrics, Unit};
use tenant_store::{Attention, AttentionCause, AttentionNotice, FleetRuns, Release, Suspicion};
use tracing::{error, warn};

use crate::attempt::{Attempt, Ending, RunError};

/// A first refusal is a suspicion. HiBob is asked once more after this long.
const SECOND_TRY_AFTER: SignedDuration = SignedDuration::from_mins(30);
/// What records say of a refusal.
const TOKEN_REFUSED: &str = "tokenRefused";
const ACCESS_DENIED: &str = "accessDenied";
/// HiBob has blocked this address; blocks last five minutes.
pub(crate) const AFTER_BLOCK: SignedDuration = SignedDuration::from_mins(6);
/// HiBob is down, or its answer broke.
const AFTER_BAD_NIGHT: SignedDuration = SignedDuration::from_mins(10);

impl Attempt<'_> {
    pub(crate) async fn hibob_failed(&mut self, error: &hibob::Error) -> Result<Ending, RunError> {
        use hibob::Disposition;
        warn!(error = %Chain(error), "HiBob gave no usable answer");
        let asked = error
            .retry_after(self.worker.clock.now())
            .and_then(|wait| SignedDuration::try_from(wait).ok());
        match error.disposition() {
            Disposition::Refused(refusal) => self.refused(refusal).await,
            Disposition::Blocked => Ok(self.waits("blocked", asked.unwrap_or(AFTER_BLOCK), false)),
            Disposition::RateLimited => Ok(self.waits("rateLimited", asked.unwrap_or(AFTER_BLOCK), false)),
            Disposition::Unavailable => Ok(self.waits("unavailable", asked.unwrap_or(AFTER_BAD_NIGHT), true)),
            Disposition::BadAnswer => Ok(self.waits("badAnswer", AFTER_BAD_NIGHT, true)),
            Disposition::Rejected => Ok(Ending::GivenUp("rejected")),
        }
    }

    fn waits(&mut self, failure: &str, after: SignedDuration, counts: bool) -> Ending {
        self.record.failure = Some(failure.to_owned());
        let release = Release::HandedBack {
            counts,
            suspicion: None,
        };
        Ending::HandedBack {
            after: after + self.jitter(),
            release,
        }
    }

    /// Up to a minute, the same for a tenant, so that those who were turned away together do not come back together.
    fn jitter(&self) -> SignedDuration {
        let spread = self
            .lease
            .run
            .tenant
            .as_str()
            .bytes()
            .fold(0_u32, |sum, byte| sum * 31 % 60 + u32::from(byte));
        SignedDuration::from_secs(i64::from(spread % 60))
    }

    /// The refusal that this run met before. One that an earlier run left says nothing of how many are refused tonight.
    fn suspicion(&self) -> Option<Suspicion> {
        let suspicion = self.lease.state.suspicion.clone();
        suspicion.filter(|suspicion| suspicion.first_at >= self.lease.run.due_at)
    }

    /// Leaves HiBob alone when the message comes before it is time for the second try, as one that came twice does.
    pub(crate) fn before_second_try(&mut self) -> Option<Ending> {
        let suspicion = self.suspicion()?;
        let wait = SECOND_TRY_AFTER - self.worker.clock.now().duration_since(suspicion.first_at);
        let failure = if suspicion.status == 401 {
            TOKEN_REFUSED
        } else {
            ACCESS_DENIED
        };
        wait.is_positive().then(|| self.waits(failure, wait, false))
    }

    async fn refused(&mut self, refusal: hibob::Refusal) -> Result<Ending, RunError> {
        let (cause, status, failure) = match refusal {
            hibob::Refusal::Unauthorized => (AttentionCause::TokenRefused, 401, TOKEN_REFUSED),
            hibob::Refusal::Forbidden => (AttentionCause::AccessDenied, 403, ACCESS_DENIED),
        };
        self.record.failure = Some(failure.to_owned());
        if let Some(attention) = self
            .lease
            .state
            .attention
            .clone()
            .filter(|known| known.cause == cause)
        {
            return Ok(Ending::NeedsAttention(attention));
        }
        let now = self.worker.clock.now();
        let Some(suspicion) = self.suspicion() else {
            self.worker.tenants.note_run(now, true).await?;
            let suspicion = Some(Suspicion {
                first_at: now,
                status,
            });
            let release = Release::HandedBack {
                counts: false,
                suspicion,
            };
            return Ok(Ending::HandedBack {
                after: SECOND_TRY_AFTER + self.jitter(),
                release,
            });
        };
        // Second tries are not counted: they come half an hour after the other runs, and would stand alone in their hour.
        for at in [now, suspicion.first_at] {
            let fleet = self.worker.tenants.fleet_runs(at, 0).await?;
            if is_unusual(fleet) {
                error!(
                    fleet.runs = fleet.runs,
                    fleet.refused = fleet.refused,
                    "HiBob refuses unusually many tenants at once"
                );
                Metrics::new("sync-worker")
                    .metric("FleetRefusalsSuspended", 1, Unit::Count)
                    .emit(now);
                return Ok(self.waits(failure, SECOND_TRY_AFTER, true));
            }
        }
        self.announce(Attention {
            cause,
            since: suspicion.first_at,
        })
        .await
    }

    /// Ends with a need of attention that no earlier run has found, or goes on with the one that was found.
    pub(crate) async fn needs_attention(&mut self, cause: AttentionCause) -> Result<Ending, RunError> {
        match self.lease.state.attention.clone() {
            Some(attention) if attention.cause == cause => Ok(Ending::NeedsAttention(attention)),
            _ => {
                self.announce(Attention {
                    cause,
                    since: self.worker.clock.now(),
                })
                .await
            }
        }
    }

    /// The notice goes out before the state is written: a worker that dies in between sends it twice, and the mail is sent
    /// once a day.
    async fn announce(&self, attention: Attention) -> Result<Ending, RunError> {
        let notice = AttentionNotice {
            tenant: self.lease.run.tenant.clone(),
            cause: attention.cause,
            since: attention.since,
        };
        self.worker.queues.notify(&notice).await?;
        Ok(Ending::NeedsAttention(attention))
    }
}

/// Whether the runs of one hour were refused as single tenants' dead tokens never are: most of them, or a fifth of many.
fn is_unusual(fleet: FleetRuns) -> bool {
    let FleetRuns { runs, refused } = fleet;
    (refused >= 4 && refused * 2 > runs) || (refused > 10 && refused * 5 > runs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_dead_tokens_are_usual_and_everybody_refused_is_not() {
        let unusual = |runs, refused| is_unusual(FleetRuns { runs, refused });
        assert!(!unusual(3, 2), "a laptop with three companies");
        assert!(!unusual(1000, 50), "one tenant in twenty");
        assert!(unusual(5, 5));
        assert!(unusual(1000, 1000));
        assert!(unusual(50, 11));
    }
}

//! The tenant's local day.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// The instant of a run, seen from the tenant's time zone.
#[derive(Debug, Clone)]
pub struct Today {
    now: Timestamp,
    time_zone: TimeZone,
    date: Date,
}

impl Today {
    /// The local day at an instant.
    #[must_use]
    pub fn new(now: Timestamp, time_zone: TimeZone) -> Self {
        let date = now.to_zoned(time_zone.clone()).date();
        Self { now, time_zone, date }
    }

    /// The tenant's local date.
    #[must_use]
    pub fn date(&self) -> Date {
        self.date
    }

    /// Whether a day, and some hours after its end, are over for the tenant.
    pub(super) fn is_over(&self, day: Date, hours_after: u16) -> bool {
        let end = day
            .tomorrow()
            .and_then(|next| next.to_zoned(self.time_zone.clone()));
        let until = end.and_then(|end| end.timestamp().checked_add(i64::from(hours_after).hours()));
        until.is_ok_and(|until| self.now >= until)
    }

    pub(super) fn plus_days(&self, days: u8) -> Date {
        self.date.checked_add(i64::from(days).days()).unwrap_or(Date::MAX)
    }
}

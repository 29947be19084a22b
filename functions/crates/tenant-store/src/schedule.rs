//! When a tenant's nights are.

use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

/// The hour of the night at which a tenant is synced, in its own time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Night {
    time_zone: TimeZone,
    at: Time,
}

/// A text that is no IANA time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time zone")]
pub struct InvalidNight(String);

impl Night {
    /// After midnight, so that a day's leavers have left, and before the first people work.
    pub const USUAL: Time = Time::constant(3, 30, 0, 0);

    /// A time of day, of which seconds do not count, in the IANA time zone of that name.
    pub fn new(time_zone: &str, at: Time) -> Result<Self, InvalidNight> {
        let named = TimeZone::get(time_zone)
            .ok()
            .filter(|zone| zone.iana_name().is_some() && !zone.is_unknown());
        let time_zone = named.ok_or_else(|| {
            InvalidNight(
                time_zone
                    .chars()
                    .take(80)
                    .flat_map(char::escape_default)
                    .collect(),
            )
        })?;
        Ok(Self {
            time_zone,
            at: Time::constant(at.hour(), at.minute(), 0, 0),
        })
    }

    /// The time zone, which also decides the tenant's "today".
    #[must_use]
    pub fn time_zone(&self) -> &TimeZone {
        &self.time_zone
    }

    /// The time zone's IANA name.
    #[must_use]
    pub fn time_zone_name(&self) -> &str {
        self.time_zone.iana_name().unwrap_or("UTC")
    }

    /// The time of day, to the minute.
    #[must_use]
    pub fn at(&self) -> Time {
        self.at
    }

    /// The first night after an instant. There is one on every local date, but for dates that the time zone leaves out.
    #[must_use]
    pub fn next_after(&self, after: Timestamp) -> Timestamp {
        let today = after.to_zoned(self.time_zone.clone()).date();
        let nights = today.series(1.day()).filter_map(|date| self.on(date));
        nights
            .into_iter()
            .find(|&night| night > after)
            .unwrap_or(Timestamp::MAX)
    }

    /// The first night after an instant on a local date after that of the last one, whatever hour that had: a date has one.
    #[must_use]
    pub fn next_of_another_date(&self, last: Option<Timestamp>, after: Timestamp) -> Timestamp {
        let date = |at: Timestamp| at.to_zoned(self.time_zone.clone()).date();
        let next = self.next_after(after);
        match last {
            Some(last) if date(next) <= date(last) => {
                let end_of_date = date(last)
                    .tomorrow()
                    .and_then(|day| day.to_zoned(self.time_zone.clone()));
                end_of_date.map_or(next, |day| {
                    let midnight = day.timestamp();
                    self.next_after(midnight - jiff::SignedDuration::from_secs(1))
                })
            }
            _ => next,
        }
    }

    /// The night on a local date: the first of two where the clock goes back, and where it leaps over the hour, the
    /// instant of the leap, unless that leads to another date.
    fn on(&self, date: Date) -> Option<Timestamp> {
        let night = self.time_zone.to_ambiguous_timestamp(date.to_datetime(self.at));
        let before = match night.offset() {
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => {
                return night.earlier().ok();
            }
            AmbiguousOffset::Gap { .. } => night.earlier().ok()?,
        };
        let leap = self.time_zone.following(before).next()?.timestamp();
        (leap.to_zoned(self.time_zone.clone()).date() == date).then_some(leap)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;
    use proptest::prelude::*;

    use super::*;

    fn night(zone: &str, at: Time) -> Night {
        Night::new(zone, at).unwrap()
    }

    fn instant(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn nights(night: &Night, after: &str, count: usize) -> Vec<String> {
        let first = night.next_after(instant(after));
        let following = std::iter::successors(Some(first), |&last| Some(night.next_after(last)));
        following.take(count).map(|at| at.to_string()).collect()
    }

    #[test]
    fn an_hour_that_the_clock_leaps_over_becomes_the_instant_of_the_leap() {
        let london = night("Europe/London", time(1, 30, 0, 0));
        let around = nights(&london, "2026-03-28T12:00:00Z", 2);
        assert_eq!(around, ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]);
    }

    #[test]
    fn of_an_hour_that_comes_twice_the_first_counts() {
        let london = night("Europe/London", time(1, 30, 0, 0));
        let around = nights(&london, "2026-10-24T12:00:00Z", 2);
        assert_eq!(around, ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
    }

    #[test]
    fn half_an_hour_of_summer_time_and_half_hour_zones_are_kept() {
        let lord_howe = night("Australia/Lord_Howe", time(2, 15, 0, 0));
        let leap = nights(&lord_howe, "2026-10-03T12:00:00Z", 2);
        assert_eq!(leap, ["2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"]);
        let kolkata = night("Asia/Kolkata", Night::USUAL);
        assert_eq!(
            nights(&kolkata, "2026-11-24T22:00:00Z", 2),
            ["2026-11-25T22:00:00Z", "2026-11-26T22:00:00Z"]
        );
    }

    #[test]
    fn a_date_that_a_zone_left_out_has_no_night() {
        let apia = night("Pacific/Apia", Night::USUAL);
        let around = nights(&apia, "2011-12-28T20:00:00Z", 3);
        assert_eq!(
            around,
            [
                "2011-12-29T13:30:00Z",
                "2011-12-30T13:30:00Z",
                "2011-12-31T13:30:00Z"
            ]
        );
    }

    #[test]
    fn a_new_hour_begins_on_the_date_after_the_last_night() {
        let last = Some(instant("2026-11-24T03:30:00Z"));
        let now = instant("2026-11-24T10:00:00Z");
        let next = |zone, at, last| night(zone, at).next_of_another_date(last, now).to_string();
        assert_eq!(next("UTC", time(15, 0, 0, 0), last), "2026-11-25T15:00:00Z");
        assert_eq!(next("UTC", time(0, 0, 0, 0), last), "2026-11-25T00:00:00Z");
        assert_eq!(next("UTC", time(15, 0, 0, 0), None), "2026-11-24T15:00:00Z");
        // There the last night was on the date before.
        assert_eq!(
            next("America/Los_Angeles", time(20, 0, 0, 0), last),
            "2026-11-25T04:00:00Z"
        );
    }

    #[test]
    fn only_names_of_the_time_zone_database_are_time_zones() {
        for bad in ["", "Mars/Olympus", "UTC+1", "CET-1CEST", "+01:00", "Etc/Unknown"] {
            assert!(Night::new(bad, Night::USUAL).is_err(), "{bad:?}");
        }
        assert_eq!(
            night("europe/london", Night::USUAL).time_zone_name(),
            "Europe/London"
        );
    }

    proptest! {
        #[test]
        fn each_night_is_later_than_the_last_and_on_a_local_date_of_its_own(
            zone in prop::sample::select(vec![
                "Europe/London", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "America/St_Johns",
                "Africa/Cairo", "America/Santiago", "Asia/Gaza", "UTC", "Antarctica/Troll", "Pacific/Kiritimati",
            ]),
            (hour, minute) in (0_i8..24, 0_i8..60),
            start in 1_000_000_000_i64..2_000_000_000,
        ) {
            let night = night(zone, time(hour, minute, 0, 0));
            let mut last = Timestamp::from_second(start).unwrap();
            let mut last_date = None;
            for _ in 0..400 {
                let next = night.next_after(last);
                let date = next.to_zoned(night.time_zone().clone()).date();
                prop_assert!(next > last && last_date < Some(date), "{last} {next}");
                (last, last_date) = (next, Some(date));
            }
        }
    }
}

//! One type for points in time.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A point in time, UTC, with microseconds and nothing finer.
///
/// PostgreSQL keeps microseconds; a finer value would come back different from what was
/// written, so the surplus is cut off here, once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// Truncates `time` to microseconds.
    #[must_use]
    pub fn new(time: DateTime<Utc>) -> Self {
        let micros = time.timestamp_micros();
        Self(DateTime::from_timestamp_micros(micros).unwrap_or(time))
    }
    /// The instant `seconds` after 1970-01-01T00:00:00Z; out-of-range values saturate.
    #[must_use]
    pub fn from_unix_seconds(seconds: i64) -> Self {
        let fallback = if seconds < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
        Self::new(DateTime::from_timestamp(seconds, 0).unwrap_or(fallback))
    }
    /// The instant `micros` microseconds after 1970-01-01T00:00:00Z; out-of-range values saturate.
    #[must_use]
    pub fn from_unix_micros(micros: i64) -> Self {
        let fallback = if micros < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
        Self(DateTime::from_timestamp_micros(micros).unwrap_or(fallback))
    }
    /// Parses RFC 3339 text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|time| Self::new(time.with_timezone(&Utc)))
    }
    /// The chrono value inside.
    #[must_use]
    pub const fn as_datetime(self) -> DateTime<Utc> {
        self.0
    }
    /// Whole seconds since the Unix epoch.
    #[must_use]
    pub fn unix_seconds(self) -> i64 {
        self.0.timestamp()
    }
    /// Whole milliseconds since the Unix epoch.
    #[must_use]
    pub fn unix_millis(self) -> i64 {
        self.0.timestamp_millis()
    }
    /// This instant plus `seconds` (which may be negative); saturates at the ends of time.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        self.plus(TimeDelta::try_seconds(seconds).unwrap_or(TimeDelta::MAX))
    }
    /// This instant plus `millis`; saturates at the ends of time.
    #[must_use]
    pub fn plus_millis(self, millis: i64) -> Self {
        self.plus(TimeDelta::try_milliseconds(millis).unwrap_or(TimeDelta::MAX))
    }
    fn plus(self, delta: TimeDelta) -> Self {
        let end = if delta < TimeDelta::zero() { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
        Self::new(self.0.checked_add_signed(delta).unwrap_or(end))
    }
    /// Seconds from `earlier` to this instant (negative when it is later).
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).num_seconds()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}
impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not an RFC 3339 time"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn microseconds_are_kept_and_nothing_finer() {
        let time = Timestamp::parse("2026-11-21T01:02:03.123456789Z").unwrap();
        assert_eq!(time.to_string(), "2026-11-21T01:02:03.123456Z");
    }

    #[test]
    fn arithmetic_saturates() {
        let far = Timestamp::from_unix_seconds(i64::MAX);
        assert_eq!(far.plus_seconds(i64::MAX), far);
        assert!(Timestamp::from_unix_seconds(i64::MIN) < Timestamp::from_unix_seconds(0));
    }
}

//! What is told at most once a minute, however often it happens: strangers must not fill the log.

use std::time::Duration;
use tokio::time::Instant;

const MINUTE: Duration = Duration::from_secs(60);

/// Counts what happens between two times of telling it.
#[derive(Default)]
pub(super) struct Rarely {
    told: Option<Instant>,
    times: u64,
}

impl Rarely {
    /// It has happened now: how often since it was last told, if it is time to tell it.
    pub(super) fn tell(&mut self, now: Instant) -> Option<u64> {
        self.times += 1;
        if self.told.is_some_and(|told| now - told < MINUTE) {
            return None;
        }
        self.told = Some(now);
        Some(std::mem::take(&mut self.times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_a_minute_with_what_came_between() {
        let (mut rarely, begun) = (Rarely::default(), Instant::now());
        assert_eq!(rarely.tell(begun), Some(1));
        for number in 1..=5 {
            assert_eq!(rarely.tell(begun + number * Duration::from_secs(11)), None);
        }
        assert_eq!(rarely.tell(begun + MINUTE), Some(6));
        assert_eq!(rarely.tell(begun + MINUTE), None);
    }
}

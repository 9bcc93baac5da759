//! When what happened to a job.

use std::time::{Duration, SystemTime};

use crate::bindings::types;

/// Units of a FILETIME in a second: 100 ns each.
const TICKS_PER_SECOND: u64 = 10_000_000;

/// From the beginning of a FILETIME, 1601-01-01, to that of Unix time.
const UNIX_EPOCH: Duration = Duration::from_secs(11_644_473_600);

/// When what happened to a job: BG_JOB_TIMES.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobTimes {
    pub creation: SystemTime,
    /// When something last changed: files, settings, the state, or bytes.
    pub modification: SystemTime,
    /// When the job became [`Transferred`](crate::JobState::Transferred).
    pub transfer_completion: Option<SystemTime>,
}

impl From<types::JobTimes> for JobTimes {
    fn from(times: types::JobTimes) -> Self {
        Self {
            creation: system_time(times.creation_time),
            modification: system_time(times.modification_time),
            transfer_completion: times.transfer_completion_time.map(system_time),
        }
    }
}

fn system_time(ticks: u64) -> SystemTime {
    let nanoseconds = u32::try_from(ticks % TICKS_PER_SECOND * 100).unwrap_or(0);
    let since_1601 = Duration::new(ticks / TICKS_PER_SECOND, nanoseconds);
    match since_1601.checked_sub(UNIX_EPOCH) {
        Some(since) => SystemTime::UNIX_EPOCH + since,
        None => SystemTime::UNIX_EPOCH - (UNIX_EPOCH - since_1601),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_become_times_before_and_after_1970() {
        assert_eq!(system_time(116_444_736_000_000_000), SystemTime::UNIX_EPOCH);
        let later = SystemTime::UNIX_EPOCH + Duration::new(1_600_000_000, 123_456_700);
        assert_eq!(system_time(132_444_736_001_234_567), later);
        assert_eq!(system_time(0), SystemTime::UNIX_EPOCH - Duration::from_secs(11_644_473_600));
    }
}

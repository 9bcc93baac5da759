//! Times in the life of a job.

use std::time::{Duration, SystemTime};

use crate::bindings::types;
use crate::mirror::mirror;

/// Units of a FILETIME in a second: 100 ns each.
const TICKS_PER_SECOND: u64 = 10_000_000;

/// Nanoseconds of a unit of FILETIME.
const TICK: u32 = 100;

/// From the beginning of a FILETIME, 1601-01-01, to that of Unix time.
const UNIX_EPOCH: Duration = Duration::from_secs(11_644_473_600);

/// Times in the life of a job: BG_JOB_TIMES.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct JobTimes {
    pub creation: SystemTime,
    /// The last change of files, settings, the state, or bytes.
    pub modification: SystemTime,
    /// The time at which the job became [`Transferred`](crate::JobState::Transferred).
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

impl From<JobTimes> for types::JobTimes {
    fn from(times: JobTimes) -> Self {
        Self {
            creation_time: ticks(times.creation),
            modification_time: ticks(times.modification),
            transfer_completion_time: times.transfer_completion.map(ticks),
        }
    }
}

mirror!(JobTimes = types::JobTimes);

fn system_time(ticks: u64) -> SystemTime {
    let nanoseconds = u32::try_from(ticks % TICKS_PER_SECOND).unwrap_or(0) * TICK;
    let since_1601 = Duration::new(ticks / TICKS_PER_SECOND, nanoseconds);
    match since_1601.checked_sub(UNIX_EPOCH) {
        Some(since) => SystemTime::UNIX_EPOCH + since,
        None => SystemTime::UNIX_EPOCH - (UNIX_EPOCH - since_1601),
    }
}

/// Zero for a time before 1601.
fn ticks(time: SystemTime) -> u64 {
    let since_1601 = match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => UNIX_EPOCH + since,
        Err(before) => UNIX_EPOCH.saturating_sub(before.duration()),
    };
    since_1601.as_secs().saturating_mul(TICKS_PER_SECOND).saturating_add(u64::from(since_1601.subsec_nanos() / TICK))
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

    #[test]
    fn times_become_the_same_ticks() {
        for expected in [0, 116_444_735_999_999_999, 116_444_736_000_000_000, 132_444_736_001_234_567] {
            assert_eq!(ticks(system_time(expected)), expected);
        }
    }
}

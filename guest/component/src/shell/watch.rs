//! Detection of another process that writes a partial file, for hosts without locks: a file with a recent write is watched for a while.

use wasip2::clocks::{monotonic_clock, wall_clock};
use wasip2::filesystem::types::DescriptorStat;

use super::disk::{PARTIAL, stat};
use super::paths::Place;

/// Seconds without a write after which a file counts as abandoned: longer than the interval between two checkpoints of a live transfer, so
/// that its owner is noticed.
const FRESH: u64 = 3;

/// Time for which a file is watched, and time between two looks at it, in nanoseconds. A live owner writes several times in a second, so
/// that one is enough.
const WATCH: u64 = 1_000_000_000;
const LOOK: u64 = 50_000_000;

/// Whether the partial file that was `found` changes while it is watched.
pub fn is_being_written(place: &Place, found: &DescriptorStat) -> bool {
    let modified = found.data_modification_timestamp.map_or(0, |time| time.seconds);
    if wall_clock::now().seconds > modified.saturating_add(FRESH) {
        return false;
    }
    let until = monotonic_clock::now().saturating_add(WATCH);
    while monotonic_clock::now() < until {
        monotonic_clock::subscribe_duration(LOOK).block();
        match stat(place, PARTIAL) {
            Ok(Some(now)) if !is_same(&now, found) => return true,
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => return false,
        }
    }
    false
}

fn is_same(a: &DescriptorStat, b: &DescriptorStat) -> bool {
    let written =
        |found: &DescriptorStat| found.data_modification_timestamp.map(|time| (time.seconds, time.nanoseconds));
    a.size == b.size && written(a) == written(b)
}

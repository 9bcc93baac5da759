//! Whether another process writes a partial file, where the host has no locks for it: a file that was written to just now is
//! watched for a while.

use wasip2::clocks::{monotonic_clock, wall_clock};
use wasip2::filesystem::types::DescriptorStat;

use super::disk::{PARTIAL, stat};
use super::paths::Place;

/// A file that was not written to for this long, in seconds, is nobody's.
const FRESH: u64 = 3;

/// How long a file is watched, in nanoseconds, and how often it is looked at.
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

//! Which calls fail, and many runs at once: most of a run is waiting.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::tracer::{Counts, Fault};

/// Runs at once.
const AT_ONCE: usize = 4;

/// Numbers of one system call that fail. Calls beyond are spread evenly, with the first and the last ones.
const NUMBERS: usize = 4;

/// Calls that cannot be undone or repeated by a program: it gives up the descriptor, and the position of one.
const NOT_TAMPERED_WITH: [&str; 2] = ["close", "lseek"];

/// Calls that take room on the disk.
const TAKES_ROOM: [&str; 5] = ["pwrite64", "fallocate", "openat2", "fdatasync", "renameat"];

/// Every call in `counts` fails, at several of its numbers, once and from then on.
pub fn faults(counts: &Counts) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (call, count) in counts.iter().filter(|(call, _)| !NOT_TAMPERED_WITH.contains(&call.as_str())) {
        for first in numbers(*count) {
            for lasting in [false, true] {
                faults.push(Fault { call: call.clone(), error: "EIO", first, lasting });
            }
        }
        if TAKES_ROOM.contains(&call.as_str()) {
            for first in BTreeSet::from([1, count.div_ceil(2)]) {
                faults.push(Fault { call: call.clone(), error: "ENOSPC", first, lasting: true });
            }
        }
    }
    faults
}

fn numbers(count: usize) -> BTreeSet<usize> {
    match count {
        0..=NUMBERS => (1..=count).collect(),
        _ => (0..NUMBERS).map(|step| 1 + step * (count - 1) / (NUMBERS - 1)).collect(),
    }
}

/// Runs `check` with each fault. It returns whether the call was made, which depends on how the bytes came.
///
/// # Panics
///
/// When a check panics, after all others, and when the calls of fewer than nine of ten faults were made.
pub fn each(faults: &[Fault], check: impl Fn(&Fault) -> bool + Sync) {
    let (next, made, failed) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(fault) = faults.get(next.fetch_add(1, Ordering::SeqCst)) {
                    match catch_unwind(AssertUnwindSafe(|| check(fault))) {
                        Ok(was_made) => made.fetch_add(usize::from(was_made), Ordering::SeqCst),
                        Err(_) => failed.fetch_add(1, Ordering::SeqCst),
                    };
                }
            });
        }
    });
    let (made, failed) = (made.into_inner(), failed.into_inner());
    assert_eq!(failed, 0, "of {} faults", faults.len());
    assert!(made * 10 >= faults.len() * 9 && made > 0, "{made} of {} calls were made", faults.len());
}

#[test]
fn numbers_are_spread_from_the_first_to_the_last() {
    assert_eq!(numbers(3), BTreeSet::from([1, 2, 3]));
    assert_eq!(numbers(25), BTreeSet::from([1, 9, 17, 25]));
}

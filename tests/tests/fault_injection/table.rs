//! The calls that fail, and a parallel runner: a run spends most of its time waiting.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::tracer::{Counts, Fault};

/// Parallel runs.
const AT_ONCE: usize = 4;

/// The number of occurrences of one system call that fail. They are evenly spread, with the first and the last.
const NUMBERS: usize = 4;

/// Calls whose failure a program cannot undo or retry: `close` gives up the descriptor, and `lseek` its position.
const NOT_TAMPERED_WITH: [&str; 2] = ["close", "lseek"];

/// Calls that allocate disk space.
const TAKES_ROOM: [&str; 5] = ["pwrite64", "fallocate", "openat2", "fdatasync", "renameat"];

/// Faults for every call in `counts`, at several of its occurrences, once and from then on.
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

/// Runs `check` with each fault. It returns whether the call occurred, which depends on the arrival of the bytes.
///
/// # Panics
///
/// If a check panics, after all others; and if fewer than nine of ten faults occurred.
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

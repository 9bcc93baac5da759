//! `make soak`: two hundred kills of one transfer on a real network, for the ways of running haul that have a process; then a
//! queue of two thousand files, repeatedly, for `SOAK_SECONDS` seconds.

use std::env;
use std::time::{Duration, Instant};

use haul_tests::chaos::{self, Chaos};
use haul_tests::kills::{self, Torment};
use haul_tests::subject::Subject;

const KILLS: u64 = 200;

/// The duration of the queue's disturbance if `SOAK_SECONDS` is not set.
const SECONDS: u64 = 600;

fn main() {
    if env::args().nth(1).as_deref() != Some("queue") {
        one_file();
    }
    queue(Duration::from_secs(env::var("SOAK_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(SECONDS)));
}

fn one_file() {
    let ways = [(Subject::Command, true, 4), (Subject::Stock, true, 2), (Subject::Command, false, 1)];
    let mut killed = 0;
    for (seed, (subject, sync, connections)) in (1..).zip(ways.into_iter().cycle()) {
        let torment = Torment { seed, kills: 25, length: 1 << 30, between: 192 << 20, connections, sync };
        let more = kills::survive(subject, torment);
        killed += more;
        println!("{subject:?}, synced: {sync}, {connections} connections: right after {more} kills; {killed} in all");
        if killed >= KILLS {
            return;
        }
    }
}

fn queue(time: Duration) {
    let began = Instant::now();
    let mut memory = Vec::new();
    for seed in 1.. {
        let chaos = Chaos { seed, jobs: 40, files_of_a_job: 50, disturbed: Duration::from_secs(45) };
        let outcome = chaos::survive(chaos);
        println!(
            "queue of {} files: right after {} kills and {} calls; at most {} MiB",
            outcome.files,
            outcome.kills,
            outcome.calls,
            outcome.memory >> 20
        );
        memory.push(outcome.memory);
        if began.elapsed() >= time {
            break;
        }
    }
    let (first, last) = (memory.first().copied().unwrap_or(0), memory.last().copied().unwrap_or(0));
    assert!(last <= first + first / 2, "memory grows: {memory:?}");
}

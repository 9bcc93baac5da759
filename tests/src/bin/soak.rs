//! `make soak`: two hundred kills on a real wire, in the ways of running haul that can be killed.

use haul_tests::kills::{Torment, survive};
use haul_tests::subject::Subject;

const KILLS: u64 = 200;

fn main() {
    let ways = [(Subject::Command, true, 4), (Subject::Stock, true, 2), (Subject::Command, false, 1)];
    let mut killed = 0;
    for (seed, (subject, sync, connections)) in (1..).zip(ways.into_iter().cycle()) {
        let torment = Torment { seed, kills: 25, length: 1 << 30, between: 192 << 20, connections, sync };
        let more = survive(subject, torment);
        killed += more;
        println!("{subject:?}, synced: {sync}, {connections} connections: right after {more} kills; {killed} in all");
        if killed >= KILLS {
            return;
        }
    }
}

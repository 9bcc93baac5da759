//! The whole engine against a simulated origin, disk and clock. For any script of faults the file is one version of the origin, and once
//! the origin is stable the transfer ends.

mod disk;
mod file;
mod origin;
mod world;

use proptest::prelude::*;

use origin::{Fault, Mirror, Script};
use world::{Plan, World};

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::None),
        (0u64..6 << 20).prop_map(Fault::CutAfter),
        (0u64..6 << 20).prop_map(Fault::StallAfter),
        prop::sample::select(vec![401, 404, 408, 429, 500, 503, 204]).prop_map(Fault::Status),
        (0u64..90).prop_map(Fault::RetryAfter),
        Just(Fault::Redirect),
        Just(Fault::RedirectLoop),
        Just(Fault::IgnoreRange),
        Just(Fault::IgnoreIfRange),
        (1u64..100_000).prop_map(Fault::EarlierRange),
        (1u64..100_000).prop_map(Fault::LaterRange),
        (1u64..100_000).prop_map(Fault::ShorterRange),
        Just(Fault::NoContentRange),
        Just(Fault::NoValidator),
        Just(Fault::WeakValidator),
        Just(Fault::NoLength),
        (0u64..6 << 20).prop_map(Fault::NoLengthCut),
        Just(Fault::Portal),
        Just(Fault::Unsatisfiable),
        Just(Fault::ConnectFails),
        Just(Fault::OtherEdge),
    ]
}

fn script() -> impl Strategy<Value = Script> {
    let faults = prop::collection::vec(fault(), 0..14);
    let lengths = prop::collection::vec(prop_oneof![0u64..3, 1u64..100_000, 1u64..(6 << 20)], 1..4);
    let changes = prop::collection::vec(0u64..16, 0..3);
    let mirror = prop::sample::select(vec![Mirror::Right, Mirror::Lying, Mirror::Stale, Mirror::Missing]);
    let mirrors = prop_oneof![2 => Just(vec![]), 1 => prop::collection::vec(mirror, 1..4)];
    let parts = (faults, lengths, changes, any::<bool>(), mirrors, prop::bool::weighted(0.2));
    parts.prop_map(|(faults, lengths, changes, mirror, mirrors, states_digest)| Script {
        faults,
        lengths,
        changes,
        mirror,
        mirrors,
        states_digest,
    })
}

/// Disjoint ranges in any order; empty for the whole file.
fn ranges() -> impl Strategy<Value = Vec<(u64, u64)>> {
    let cuts = prop::collection::vec((0u64..2000, 1u64..40_000), 0..4).prop_map(|steps| {
        let mut at = 0;
        let range = |(gap, length): (u64, u64)| {
            let start = at + gap;
            at = start + length;
            (start, length)
        };
        steps.into_iter().map(range).collect::<Vec<_>>()
    });
    prop_oneof![3 => Just(vec![]), 2 => cuts.prop_shuffle()]
}

fn plan() -> impl Strategy<Value = Plan> {
    let moments = |most| prop::collection::vec(0u32..100, 0..most);
    let events = (moments(5), moments(2), moments(2), moments(2));
    let runs = (any::<u64>(), prop::option::of(1u32..9), any::<bool>(), 0u32..6, events);
    let pace = prop::sample::select(vec![20_000, 500_000, 3_000_000]);
    let piece = prop::option::weighted(0.3, prop::sample::select(vec![10_000, 300_000, 2 << 20]));
    (runs, ranges(), any::<bool>(), piece, any::<bool>(), pace, any::<bool>()).prop_map(
        |(runs, ranges, digest, piece, fickle, pace, non_volatile)| {
            let (seed, connections, power, disk_faults, (kills, edits, sleeps, outages)) = runs;
            let piece = piece.filter(|_| ranges.is_empty());
            let capacity = None;
            Plan {
                seed,
                connections,
                power,
                capacity,
                disk_faults,
                kills,
                edits,
                sleeps,
                outages,
                ranges,
                digest,
                piece,
                fickle,
                pace,
                non_volatile,
            }
        },
    )
}

/// Number of scripts: 3000, or the value of PROPTEST_CASES.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(3000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_file_is_one_version_and_the_transfer_ends(script in script(), plan in plan()) {
        let mut world = World::new(script, plan);
        let outcome = world.run();
        prop_assert!(outcome.is_ok(), "{}\n{}", outcome.unwrap_err(), world.transcript());
    }
}

/// A long transfer from a faultless origin, with an engine that is killed repeatedly.
fn killed_again_and_again(seed: u64) -> World {
    let mut random = fastrand::Rng::with_seed(seed);
    let script = Script { lengths: vec![2 << 30], ..Script::default() };
    let mut turn = 0;
    let mut next_kill = |random: &mut fastrand::Rng| {
        turn += random.u32(1..40);
        turn
    };
    let kills = (0..80).map(|_| next_kill(&mut random)).collect();
    let plan = Plan {
        seed,
        connections: Some(random.u32(1..9)),
        power: random.bool(),
        kills,
        pace: 500_000,
        non_volatile: random.bool(),
        ..Plan::default()
    };
    let mut world = World::new(script, plan);
    if let Err(reason) = world.run() {
        panic!("{reason}\n{}", world.transcript());
    }
    world
}

#[test]
fn ten_thousand_kills_leave_files_right() {
    let mut killed = 0;
    for seed in 0..400 {
        killed += killed_again_and_again(seed).killed;
        if killed >= 10_000 {
            return;
        }
    }
    panic!("the transfers ended before they were killed: {killed}");
}

/// If the disk is full, for data and for a new journal, written bytes are still kept.
#[test]
fn a_full_disk_keeps_what_is_proven() {
    let script = Script { lengths: vec![6 << 20], ..Script::default() };
    let plan = Plan { seed: 1, connections: Some(1), capacity: Some(3 << 20), pace: 20_000, ..Plan::default() };
    let mut world = World::new(script, plan);
    world.run_until_stopped();
    let kept = world.kept();
    assert!(((3 << 20) - (64 << 10)..=3 << 20).contains(&kept), "{kept}\n{}", world.transcript());
    world.enlarge_disk();
    assert_eq!(world.run(), Ok(()), "{}", world.transcript());
}

/// A checkpoint is in progress when the body ends, and the record of the complete file fails.
#[test]
fn a_file_that_is_whole_during_a_checkpoint_ends() {
    let script = Script { lengths: vec![29734], ..Script::default() };
    let plan = Plan {
        seed: 1937132606315309679,
        connections: None,
        power: true,
        capacity: None,
        disk_faults: 1,
        kills: vec![],
        edits: vec![],
        sleeps: vec![],
        outages: vec![],
        ranges: vec![],
        digest: false,
        piece: None,
        pace: 3000000,
        fickle: false,
        non_volatile: true,
    };
    let mut world = World::new(script, plan);
    let outcome = world.run();
    assert!(outcome.is_ok(), "{outcome:?}\n{}", world.transcript());
}

//! Property test of the queue. For any sequence of calls, faults of origins and deaths of the engine, no job is lost, every file is one
//! that an origin served, no files are left over, and every job ends.

mod acts;
mod world;

use haul_core::job::Priority;
use haul_core::settings::network::Cost;
use proptest::prelude::*;

use self::acts::{Act, Which};
use self::world::{Plan, World};
use crate::scene::origin::Fault;

fn plan() -> impl Strategy<Value = Plan> {
    let rate = prop_oneof![1 => Just(None), 2 => prop::sample::select(vec![Some(100), Some(2000)])];
    (1usize..4, prop::option::of(1u32..3), rate).prop_map(|(max_running, max_per_origin, rate)| Plan {
        max_running,
        max_per_origin,
        rate,
    })
}

fn priority() -> impl Strategy<Value = Priority> {
    prop::sample::select(vec![Priority::Foreground, Priority::High, Priority::Normal, Priority::Low])
}

fn fault() -> impl Strategy<Value = Option<Fault>> {
    prop_oneof![
        2 => Just(None),
        2 => prop::sample::select(vec![404, 403, 429, 500, 503]).prop_map(|status| Some(Fault::Status(status))),
        1 => (0u64..200).prop_map(|seconds| Some(Fault::RetryAfter(seconds))),
        1 => Just(Some(Fault::ConnectFails)),
        2 => (0u64..2000).prop_map(|bytes| Some(Fault::CutAfter(bytes))),
        1 => Just(Some(Fault::Silence)),
        1 => Just(Some(Fault::NoValidator)),
    ]
}

fn pass() -> impl Strategy<Value = Act> {
    prop_oneof![3 => 0u64..2000, 4 => 0u64..40_000, 1 => 0u64..600_000].prop_map(|millis| Act::Pass { millis })
}

fn act() -> impl Strategy<Value = Act> {
    let which = 0usize..64;
    let of = |make: fn(Which) -> Act| (0usize..64).prop_map(make);
    prop_oneof![
        8 => pass(),
        4 => (0usize..5, priority()).prop_map(|(files, priority)| Act::Create { files, priority }),
        2 => (which.clone(), 1usize..4, prop::option::of(0u64..900))
            .prop_map(|(job, files, starts)| Act::Add { job, files, starts }),
        1 => of(|job| Act::AddTaken { job }),
        2 => of(Act::Suspend),
        5 => of(Act::Resume),
        1 => of(Act::Cancel),
        1 => of(Act::Complete),
        2 => (which.clone(), priority()).prop_map(|(job, priority)| Act::Priority(job, priority)),
        1 => (which.clone(), prop::sample::select(vec![0, 60, 3600])).prop_map(|(job, time)| Act::Timeout(job, time)),
        1 => (which.clone(), prop::sample::select(vec![0, 5, 100])).prop_map(|(job, time)| Act::RetryDelay(job, time)),
        1 => (which.clone(), any::<bool>(), prop::option::of(500u64..5000))
            .prop_map(|(job, keep_going, max_rate)| Act::Options { job, keep_going, max_rate }),
        2 => (which.clone(), 0u32..5).prop_map(|(job, file)| Act::Rename { job, file }),
        1 => (which.clone(), any::<bool>()).prop_map(|(job, accepted)| Act::Answer(job, accepted)),
        1 => (which.clone(), any::<bool>()).prop_map(|(job, is_set)| Act::Callback(job, is_set)),
        1 => of(Act::Take),
        1 => (which.clone(), any::<bool>()).prop_map(|(job, creates)| Act::CannotKeep { job, creates }),
        5 => (which.clone(), prop::bool::weighted(0.2), fault())
            .prop_map(|(place, mirror, fault)| Act::Fault { place, mirror, fault }),
        1 => (which.clone(), 1u64..5000).prop_map(|(place, length)| Act::Change { place, length }),
        1 => (which.clone(), any::<bool>()).prop_map(|(place, refuses)| Act::Refuse { place, refuses }),
        1 => of(|place| Act::Stick { place }),
        1 => (prop::bool::weighted(0.6), prop::sample::select(vec![Cost::Unrestricted, Cost::NearCap]))
            .prop_map(|(connected, cost)| Act::Network { connected, cost }),
        1 => Just(Act::Kill),
        1 => (0usize..=1000).prop_map(|kept| Act::LosePower { kept }),
        1 => Just(Act::Close),
        1 => (which.clone(), 0usize..4).prop_map(|(job, named)| Act::KillInComplete { job, named }),
        1 => (which, 0usize..=1000).prop_map(|(job, kept)| Act::KillInCancel { job, kept }),
    ]
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    prop::collection::vec(act(), 1..50)
}

/// Number of scripts: 1000, or the value of PROPTEST_CASES.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1000)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(),
        failure_persistence: None,
        max_shrink_iters: 3000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn jobs_come_to_their_end(plan in plan(), acts in acts()) {
        let mut world = World::new(plan);
        acts.iter().for_each(|act| world.perform(act));
        world.end();
    }
}

//! Whatever is asked of several jobs at once, whatever origins do wrong and whenever the engine dies: no job is lost, files are
//! what an origin served, nothing is left behind, and everything comes to its end.

mod acts;
mod world;

use proptest::prelude::*;

use self::acts::acts;
use self::world::{Plan, World};

fn plan() -> impl Strategy<Value = Plan> {
    let rate = prop_oneof![1 => Just(None), 2 => prop::sample::select(vec![Some(100), Some(2000)])];
    (1usize..4, prop::option::of(1u32..3), rate).prop_map(|(max_running, max_per_origin, rate)| Plan {
        max_running,
        max_per_origin,
        rate,
    })
}

/// Scripts tried: 1000, or what PROPTEST_CASES says.
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

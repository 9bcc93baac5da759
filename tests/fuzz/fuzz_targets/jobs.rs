//! For any sequence of calls, faults of origins and deaths of the engine, the invariants of jobs hold and all jobs end.

#![no_main]

use haul_core_fuzz::jobs::Script;
use haul_core_fuzz::queue::world::World;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|script: Script| {
    let mut world = World::new(script.plan);
    script.acts.iter().for_each(|act| world.perform(act));
    world.end();
});

//! Whatever is asked of jobs, whatever origins do wrong and whenever the engine dies, jobs are what they are promised to be, and
//! come to their end.

#![no_main]

use haul_core_fuzz::jobs::Script;
use haul_core_fuzz::queue::world::World;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|script: Script| {
    let mut world = World::new(script.plan);
    script.acts.iter().for_each(|act| world.perform(act));
    world.end();
});

//! Whatever callers, origins, disks and clocks do, and in whatever order, the engine keeps its promises; and once nothing goes
//! wrong any more, every download ends.

#![no_main]

use haul_core_fuzz::world::{Script, World};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|script: Script| World::new(&script).run(&script.actions));

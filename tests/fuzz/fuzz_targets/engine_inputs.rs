//! For any behaviour of callers, origins, disks and clocks, in any order, the engine's invariants hold. Once all faults end, every download
//! ends.

#![no_main]

use haul_core_fuzz::world::{Script, World};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|script: Script| World::new(&script).run(&script.actions));

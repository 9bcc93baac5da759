//! Scenarios: a run finds files on the disk.

use haul_tests::origin::{Content, Fault, Resource, When};

use super::{LENGTH, MIB, content, representation, serving};
use crate::folder::Folder;
use crate::stage::{Act, Stage};

/// The bytes sent by the origin at the time of the kill.
const KILL: u64 = 5 * MIB;

/// The bytes sent in a second, slow enough that most programs have saved their progress before the kill.
const RATE: u64 = 3 * MIB / 2;

/// The prologue leaves a complete file, finished by the program itself.
pub fn complete(_: usize) -> Stage {
    Stage::new(serving(representation()), [content()]).after_prologue(|_| {})
}

pub fn stale(_: usize) -> Stage {
    Stage::new(serving(representation()), [content()]).with_file(&Content::new(3, LENGTH + MIB))
}

pub fn killed(_: usize) -> Stage {
    killed_with(1)
}

pub fn killed_under_four_connections(_: usize) -> Stage {
    killed_with(4)
}

pub fn edited(_: usize) -> Stage {
    killed_with(1).after_prologue(Folder::damage)
}

pub fn disk_full(_: usize) -> Stage {
    let stage = Stage::new(serving(representation()), [content()]);
    Stage { folder: Folder::on_a_small_disk(), ..stage }.after_prologue(Folder::make_room)
}

fn killed_with(connections: u32) -> Stage {
    killed_on(Resource::new(representation()), [content()], connections)
}

/// A scenario with a prologue that is killed.
pub fn killed_on(resource: Resource, versions: impl Into<Vec<Content>>, connections: u32) -> Stage {
    let slow = resource.fault(When::Every, Fault::CapRate(RATE / u64::from(connections)));
    Stage::new(serving(slow), versions).with_connections(connections).at(KILL, Act::Kill).after_prologue(|_| {})
}

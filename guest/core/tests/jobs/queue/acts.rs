//! Acts of callers, origins, the network and the machine on an engine with jobs.

use haul_core::job::Priority;
use haul_core::settings::network::Cost;

use crate::scene::origin::Fault;

/// Selects a job; the index is taken modulo the number of jobs.
pub type Which = usize;

#[derive(Clone, Debug)]
pub enum Act {
    Create {
        files: usize,
        priority: Priority,
    },
    Add {
        job: Which,
        files: usize,
        starts: Option<u64>,
    },
    AddTaken {
        job: Which,
    },
    Suspend(Which),
    Resume(Which),
    Cancel(Which),
    Complete(Which),
    Priority(Which, Priority),
    Timeout(Which, u32),
    RetryDelay(Which, u32),
    Options {
        job: Which,
        keep_going: bool,
        max_rate: Option<u64>,
    },
    Rename {
        job: Which,
        file: u32,
    },
    Answer(Which, bool),
    Callback(Which, bool),
    Take(Which),
    /// The ledger has no space for a change.
    CannotKeep {
        job: Which,
        creates: bool,
    },
    Fault {
        place: Which,
        mirror: bool,
        fault: Option<Fault>,
    },
    Change {
        place: Which,
        length: u64,
    },
    Refuse {
        place: Which,
        refuses: bool,
    },
    Stick {
        place: Which,
    },
    Network {
        connected: bool,
        cost: Cost,
    },
    Pass {
        millis: u64,
    },
    Kill,
    LosePower {
        kept: usize,
    },
    Close,
    KillInComplete {
        job: Which,
        named: usize,
    },
    KillInCancel {
        job: Which,
        kept: usize,
    },
}

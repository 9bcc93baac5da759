//! A queue of haul for many machines, on PostgreSQL 15 or newer.
//!
//! The database has jobs and leases, and no bytes: a [`Worker`](worker::Worker) claims tasks, hands them to a queue of its own machine
//! ([`haul_queue`]), renews their leases, and reports their ends. Its partial files and their journals stay on its machine, so a lost
//! database loses no bytes.
//!
//! There are two kinds of queue. In a queue of [`Kind::Once`] one machine does each job, into storage that all machines share. In a queue
//! of [`Kind::Each`] every machine that has the labels of a job does it, on its own disk; machines enrol themselves.
//!
//! # Safety of leases
//!
//! - Each claim increments the generation of its task, and every later statement names it: a worker that lost a lease changes no state.
//! - A worker counts its lease on its own clock, from before it sent the claim, and stops moving bytes at the end of it, even if it cannot
//!   reach the database.
//! - A stopped process can wake up after its lease and write. In shared storage each worker therefore has partial files of its own, and a
//!   file gets its name by a hard link, which never replaces another file.
//! - A file gets its name first, and the task ends second. Every acknowledgement can be repeated.
//!
//! Notifications are hints; workers find everything by polling too. No statement needs a session, so transaction poolers work.

// A database that answers nonsense must not end the process, and standard output belongs to the program.
#![cfg_attr(
    not(test),
    deny(
        clippy::expect_used,
        clippy::panic,
        clippy::print_stderr,
        clippy::print_stdout,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]
#![warn(missing_docs)]

mod address;
mod clock;
mod connection;
mod error;
mod migrations;
mod password_file;
mod spec;
mod sql;
mod statements;
mod store;
mod values;
mod wire;
pub mod worker;

pub use address::Address;
pub use error::Error;
pub use migrations::{VERSION, migrate};
pub use spec::{Spec, is_name, origin_of};
pub use store::Store;
pub use values::{Failed, JobSummary, Kind, Machine, MachineTask, NewQueue, OriginUse, QueueInfo, Totals};

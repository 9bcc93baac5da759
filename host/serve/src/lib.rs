//! The daemon of haul: a durable list of downloads over the queue, for the tools that people use already.
//!
//! - aria2's remote interface at `/jsonrpc` (POST and WebSocket) and `/rpc` (XML-RPC);
//! - a page at `/`;
//! - `/metrics`, `/healthz` and `/readyz`, and the protocol of service managers;
//! - `haul jobs` of the same user, through the socket of the queue.
//!
//! [`run`] is the whole daemon. `haul serve` is one program around it.
//!
//! # The list
//!
//! The [`Service`](service::Service) keeps a list of downloads in an order and with the names that clients choose. It gives a download to
//! the queue once the download has a place. Each change of the list is a line of a journal that only its user can read, synced before a
//! reply acknowledges the change. The line about a job is written before the queue is called, so a daemon that was killed in between knows
//! how to read a job that is missing.

// A request must not end the process, and standard output belongs to the program.
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

mod aria2;
mod book;
mod daemon;
mod gid;
mod http;
mod metrics;
mod options;
mod page;
mod secret;
mod service;
mod systemd;
#[cfg(test)]
mod tests;

pub use daemon::{Settings, run};
pub use options::read_option;
pub use secret::Secret;
pub use service::Config;

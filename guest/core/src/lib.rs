//! The haul transfer engine as a state machine without I/O.
//!
//! Nothing here opens a socket or a file, reads a clock or draws a random number of its own: facts go in as
//! [`Input`](input::Input)s, wishes come out as [`Output`](output::Output)s, and time is a parameter. So the engine that
//! runs inside the component is the one that tests run natively against a simulated origin, disk and clock. Payload bytes
//! never pass through: the engine deals in ranges, counts, validators and time.
//!
//! To run it:
//!
//! 1. create an [`Engine`](engine::Engine), a download in it, and set its properties;
//! 2. [`start`](engine::Engine::start) it;
//! 3. take outputs with [`poll_output`](engine::Engine::poll_output) until there is none: disk operations are done and
//!    answered in order, requests are sent, exchanges dropped, events passed on;
//! 4. wait until a response head has come, body bytes are at hand, an operation is done, or
//!    [`deadline`](engine::Engine::deadline) has come;
//! 5. for body bytes ask [`step`](engine::Engine::step) where they go; feed what happened with
//!    [`handle`](engine::Engine::handle), one input at a time, and go to 3.

#![no_std]

extern crate alloc;

pub mod border;
pub mod content;
pub mod download;
pub mod engine;
pub mod failure;
pub mod http;
pub mod job;
pub mod layout;
mod pacing;
pub mod parse;
pub mod settings;
pub mod store;
pub mod text;
pub mod transfer;
mod verdict;

//! The haul transfer engine as a state machine without I/O.
//!
//! Nothing here opens a socket or a file, reads a clock or draws a random number of its own: facts go in as
//! [`Input`](border::input::Input)s, requests come out as [`Output`](border::output::Output)s, and time is a parameter. So the engine
//! that runs inside the component is the one that tests run natively against a simulated origin, disk and clock. Payload bytes never
//! pass through: the engine deals in ranges, counts, validators and time.
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
//!
//! # Modules
//!
//! From the bottom up; a module imports only from modules above it in this list.
//!
//! | module | holds |
//! |---|---|
//! | [`content`], [`text`] | byte ranges and digests; numbers, GUIDs, secrets and text for a terminal |
//! | [`failure`] | causes, their HRESULTs, and their wording |
//! | [`parse`] | parsers of URLs, documents and options |
//! | [`layout`], [`settings`] | the requested ranges in the local file; properties, options, cost policy, proxy |
//! | [`http`] | heads, fields, validators and representations in the words of RFC 9110 |
//! | `verdict` | the use that a response has, for each class of statuses |
//! | [`border`] | inputs, outputs, ids and instants |
//! | `pacing` | rates, back-off, exchanges with one origin |
//! | [`job`] | BITS jobs and their files |
//! | [`store`] | journal, ledger, records of finished files |
//! | [`transfer`] | one file on its way, from the first request to its name |
//! | [`download`] | a DO download: properties, states, preparation |
//! | [`engine`] | all downloads and jobs, and the order in which they run |

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

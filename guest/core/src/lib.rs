//! The haul transfer engine as a state machine without I/O.
//!
//! The crate opens no socket and no file, reads no clock and has no source of randomness. Facts go in as [`Input`](border::input::Input)s,
//! requests come out as [`Output`](border::output::Output)s, and time is a parameter. Tests therefore run natively, against a simulated
//! origin, disk and clock, the same engine that runs inside the component. Payload bytes never pass through it: the engine handles ranges,
//! counts, validators and time.
//!
//! To run it:
//!
//! 1. create an [`Engine`](engine::Engine), create a download in it, and set its properties;
//! 2. [`start`](engine::Engine::start) the download;
//! 3. take outputs with [`poll_output`](engine::Engine::poll_output) until there is none: execute disk operations in order and report their
//!    results, send requests, drop exchanges, pass on events;
//! 4. wait for a response head, body bytes, the result of an operation, or the [`deadline`](engine::Engine::deadline);
//! 5. for body bytes, ask [`step`](engine::Engine::step) for their destination; report each fact with [`handle`](engine::Engine::handle),
//!    one input at a time, and go to 3.
//!
//! # Modules
//!
//! From the bottom up; a module imports only from modules above it in this list.
//!
//! | module | contents |
//! |---|---|
//! | [`content`], [`text`] | byte ranges and digests; numbers, GUIDs, secrets and text for a terminal |
//! | [`failure`] | causes, their HRESULTs, and their wording |
//! | [`parse`] | parsers of URLs, documents and options |
//! | [`layout`], [`settings`] | the requested ranges in the local file; properties, options, cost policy, proxy |
//! | [`http`] | heads, fields, validators and representations in the terms of RFC 9110 |
//! | `verdict` | classification of responses by status |
//! | [`border`] | inputs, outputs, ids and instants |
//! | `pacing` | rates, back-off, exchanges per origin |
//! | [`job`] | BITS jobs and their files |
//! | [`store`] | journal, ledger, records of finished files |
//! | [`transfer`] | the transfer of one file, from the first request to the rename |
//! | [`download`] | a DO download: properties, states, preparation |
//! | [`engine`] | all downloads and jobs, and their scheduling |

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

//! The engine as a component: `haul-core` run on WASI 0.2, behind the interfaces of `wit/` and behind a command line.
//!
//! `shell` carries out the core's requests and reports the results to it; `exports` and `command` are its two users.

#![no_std]
#![deny(unsafe_op_in_unsafe_fn)]

extern crate alloc;
extern crate haul_runtime as _;

mod bindings;
mod command;
mod exports;
mod instance;
mod shell;

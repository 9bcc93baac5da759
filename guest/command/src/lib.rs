//! The grammar of haul's command lines.
//!
//! Two programs have it: the native command `haul`, and the command inside the component, for a stock runtime. [`table`] lists every command
//! and option. From it come the native parser, the component's [`parser`], the help, the manual pages, the completions, and the page
//! `docs/reference/cli.md`. Values, lists, names of jobs and target paths are read by the same functions on both sides.
//!
//! The crate knows no engine: of `haul-core` it uses the parsers and the types of settings only.

#![no_std]

extern crate alloc;

pub mod arguments;
pub mod command;
pub mod cookies;
pub mod environment;
pub mod file_path;
pub mod glob;
pub mod headers;
pub mod help;
pub mod identity;
pub mod list;
pub mod lookup;
pub mod manual;
pub mod netrc;
pub mod option;
pub mod page;
pub mod parser;
pub mod redaction;
pub mod suggestion;
pub mod sums;
pub mod table;
pub mod targets;
pub mod values;

/// Text of documents.
pub mod document {
    pub use haul_core::text::encoding::of_document;
}

/// Text for a terminal.
pub mod terminal {
    pub use haul_core::text::terminal::{escaped, escaped_json, escaped_lines};
}

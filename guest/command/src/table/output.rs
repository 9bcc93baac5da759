//! Options about the output of commands.

use crate::option::{Kind, OPTION, Opt, Value};
use crate::values;

pub const JSON: Opt = Opt {
    long: "json",
    help: "One JSON object on each line of standard output",
    more: "docs/guide/scripting.md has the fields.",
    set: |to, _| Ok(to.json = true),
    ..OPTION
};

pub const JSON_OF_GET: Opt = Opt {
    long: "json",
    help: "One JSON object on each line of standard output: progress, then one result for each URL",
    more: "docs/guide/scripting.md has the fields.",
    set: |to, _| Ok(to.json = true),
    ..OPTION
};

pub const QUIET: Opt = Opt {
    long: "quiet",
    short: Some('q'),
    help: "No progress; errors and JSON lines remain",
    conflicts: &["verbose"],
    set: |to, _| Ok(to.quiet = true),
    ..OPTION
};

pub const VERBOSE: Opt = Opt {
    long: "verbose",
    short: Some('v'),
    value: Value::Count,
    help: "Retries and their causes; twice: the log",
    set: |to, _| Ok(to.verbose = to.verbose.saturating_add(1)),
    ..OPTION
};

pub const PAGES_DIRECTORY: Opt = Opt {
    long: "dir",
    value: Value::One("DIR", Kind::Directory),
    help: "Write a page for each command into this directory",
    set: |to, word| Ok(to.pages_directory = Some(values::place(word.0)?)),
    ..OPTION
};

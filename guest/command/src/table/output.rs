//! Options about the output of commands.

use crate::option::{Kind, OPTION, Opt, Place, Value};
use crate::values;

pub const JSON: Opt = Opt {
    long: "json",
    help: "One JSON object on each line of standard output",
    more: "docs/guide/scripting.md has the fields.",
    is_usual: true,
    set: |to, _| Ok(to.json = true),
    ..OPTION
};

pub const JSON_OF_GET: Opt = Opt {
    long: "json",
    help: "One JSON object on each line of standard output: progress, then one result for each URL",
    more: "docs/guide/scripting.md has the fields.",
    is_usual: true,
    set: |to, _| Ok(to.json = true),
    ..OPTION
};

pub const QUIET: Opt = Opt {
    long: "quiet",
    short: Some('q'),
    help: "No progress; errors and JSON lines remain",
    conflicts: &["verbose"],
    is_usual: true,
    set: |to, _| Ok(to.quiet = true),
    ..OPTION
};

pub const VERBOSE: Opt = Opt {
    long: "verbose",
    short: Some('v'),
    value: Value::Count,
    help: "Retries and their causes; twice: the log",
    is_usual: true,
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

const NO_PROGRAMS: Place = Place::Native("a component cannot start programs");

pub const ON_COMPLETE: Opt = Opt {
    long: "on-complete",
    value: Value::One("PROGRAM", Kind::File),
    help: "Program to run after each complete file, with its arguments between spaces; no shell reads it",
    more: "The variables HAUL_URL, HAUL_PATH and HAUL_BYTES have the facts.",
    place: NO_PROGRAMS,
    set: |to, word| Ok(to.on_complete = Some(word.string()?)),
    ..OPTION
};

pub const ON_ERROR: Opt = Opt {
    long: "on-error",
    value: Value::One("PROGRAM", Kind::File),
    help: "Program to run after each failed file, as for --on-complete",
    more: "The variable HAUL_ERROR has the error.",
    place: NO_PROGRAMS,
    set: |to, word| Ok(to.on_error = Some(word.string()?)),
    ..OPTION
};

pub const NO_CONFIG: Opt = Opt {
    long: "no-config",
    help: "Do not read the configuration file",
    place: Place::Native("a component reads no configuration file; the variables HAUL_... count"),
    set: |to, _| Ok(to.no_config = true),
    ..OPTION
};

//! Options about targets and lists.

use crate::option::{Kind, OPTION, Opt, Value};
use crate::values;

const OUTPUT_ROW: Opt = Opt {
    long: "output",
    short: Some('o'),
    aliases: &["out"],
    value: Value::One("FILE", Kind::File),
    set: |to, word| Ok(to.output = Some(values::place(word.0)?)),
    ..OPTION
};

pub const OUTPUT: Opt = Opt {
    help: "Name of the file, below the directory of --dir; one URL only; - for standard output. An existing directory takes the file under its own name",
    conflicts: &["input"],
    is_usual: true,
    ..OUTPUT_ROW
};

pub const OUTPUT_OF_JOB: Opt = Opt {
    help: "Name of the file, below the directory of --dir; one URL only",
    conflicts: &["input", "metalink"],
    ..OUTPUT_ROW
};

pub const DIR: Opt = Opt {
    long: "dir",
    short: Some('d'),
    value: Value::One("DIR", Kind::Directory),
    help: "Directory of the files",
    default: ".",
    is_usual: true,
    set: |to, word| Ok(to.directory = values::place(word.0)?),
    ..OPTION
};

pub const STATE_DIR: Opt = Opt {
    long: "state-dir",
    value: Value::One("DIR", Kind::Directory),
    help: "Directory of the key and of the records of finished files [default: haul in $XDG_STATE_HOME or ~/.local/state]",
    more: "Under a stock runtime there is no default; without it, only --checksum lets a later run resume, or recognise a complete file.",
    set: |to, word| Ok(to.state_directory = Some(values::place(word.0)?)),
    ..OPTION
};

pub const QUEUE_DIR: Opt = Opt {
    long: "state-dir",
    value: Value::One("DIR", Kind::Directory),
    help: "Directory of the queue [default: haul in $XDG_STATE_HOME or ~/.local/state; under a stock runtime .haul]",
    set: |to, word| Ok(to.state_directory = Some(values::place(word.0)?)),
    ..OPTION
};

pub const INPUT: Opt = Opt {
    long: "input",
    short: Some('i'),
    aliases: &["input-file"],
    value: Value::One("FILE", Kind::File),
    help: "List of URLs in aria2's format: mirrors after tabs, options such as out=NAME on lines that begin with a space; # starts a comment line; - for standard input",
    is_usual: true,
    set: |to, word| Ok(to.input = Some(word.0.into())),
    ..OPTION
};

pub const METALINK: Opt = Opt {
    long: "metalink",
    short: Some('M'),
    aliases: &["metalink-file"],
    value: Value::One("FILE", Kind::File),
    help: "Download the files of a Metalink document; - for standard input",
    more: "RFC 5854, or version 3.",
    set: |to, word| Ok(to.metalink = Some(word.0.into())),
    ..OPTION
};

pub const MIRROR: Opt = Opt {
    long: "mirror",
    value: Value::Repeated("URL", Kind::Url),
    help: "Another URL of the same file; repeatable; one URL only",
    set: |to, word| Ok(to.mirrors.push(word.string()?)),
    ..OPTION
};

pub const RANGE: Opt = Opt {
    long: "range",
    aliases: &["ranges"],
    value: Value::List("FIRST-LAST", Kind::Text),
    help: "Bytes to download, counted from 0; also FIRST- and -SUFFIX; separated by commas; repeatable. The parts are written one after the other",
    more: "Ranges that are close together share a request, which carries at most twice the wanted bytes plus 1 KiB for each request that it saves.",
    set: |to, word| Ok(to.ranges.extend(values::ranges(word.text()?)?)),
    ..OPTION
};

pub const MAX_FILESIZE: Opt = Opt {
    long: "max-filesize",
    value: Value::One("BYTES", Kind::Text),
    help: "Largest size of a file (see BYTES). A larger one fails: before its first byte if the server declares the length, else at the limit",
    set: |to, word| Ok(to.max_file_size = Some(values::size(word.text()?)?)),
    ..OPTION
};

pub const CONTENT_DISPOSITION: Opt = Opt {
    long: "content-disposition",
    help: "Let the server name the file; it never replaces a file and never leaves the directory",
    conflicts: &["output"],
    set: |to, _| Ok(to.origin_names = true),
    ..OPTION
};

pub const OVERWRITE: Opt = Opt {
    long: "overwrite",
    help: "Replace an existing file, even a complete one",
    is_usual: true,
    set: |to, _| Ok(to.overwrite = true),
    ..OPTION
};

pub const FRESH: Opt = Opt {
    long: "fresh",
    help: "Ignore the bytes that an earlier run kept",
    set: |to, _| Ok(to.fresh = true),
    ..OPTION
};

pub const REFRESH: Opt = Opt {
    long: "refresh",
    help: "The URL is a new one for the bytes that an earlier run kept, such as a signed URL in place of an expired one; one URL only",
    conflicts: &["fresh"],
    set: |to, _| Ok(to.refresh = true),
    ..OPTION
};

pub const NO_SYNC: Opt = Opt {
    long: "no-sync",
    help: "Do not sync: kept bytes survive the death of the process, but not a power loss",
    set: |to, _| Ok(to.no_sync = true),
    ..OPTION
};

pub const GLOB: Opt = Opt {
    long: "glob",
    help: "Braces and brackets in URLs stand for several URLs: {a,b}, [1-30], [01-99:2], [a-z]",
    set: |to, _| Ok(to.glob = true),
    ..OPTION
};

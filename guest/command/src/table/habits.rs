//! Options of curl and wget that ask for the behaviour that haul has anyway.

use alloc::string::String;

use crate::arguments::Arguments;
use crate::option::{Kind, OPTION, Opt, Value, Word};

fn nothing(_: &mut Arguments, _: Word<'_>) -> Result<(), String> {
    Ok(())
}

pub const REMOTE_NAME: Opt = Opt {
    long: "remote-name",
    short: Some('O'),
    help: "The last segment of the URL names the file",
    set: nothing,
    ..OPTION
};

pub const LOCATION: Opt =
    Opt { long: "location", short: Some('L'), help: "Redirects are followed", set: nothing, ..OPTION };

pub const FAIL: Opt = Opt {
    long: "fail",
    short: Some('f'),
    help: "An HTTP error is a failure, and its body no file",
    set: nothing,
    ..OPTION
};

pub const CONTINUE_AT: Opt = Opt {
    long: "continue-at",
    short: Some('C'),
    value: Value::One("-", Kind::Text),
    help: "Kept bytes are continued; only - is possible, because haul knows the position",
    set: |_, word| match word.0 {
        b"-" => Ok(()),
        _ => Err("write -; --range takes a part of a file".into()),
    },
    ..OPTION
};

pub const CONTINUE: Opt = Opt { long: "continue", help: "Kept bytes are continued", set: nothing, ..OPTION };

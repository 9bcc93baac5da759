//! Deeds with handles: too many, and wrong ways to drop them.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use wasip2::cli::stderr::get_stderr;
use wasip2::clocks::monotonic_clock::subscribe_duration;
use wasip2::filesystem::types::DescriptorFlags;
use wasip2::http::types::Fields;
use wasip2::io::poll::{Pollable, poll};

use super::files;

pub fn done(deed: &str) -> String {
    match deed {
        "pollables" => without_end(|| subscribe_duration(u64::MAX)),
        "fields" => without_end(Fields::new),
        "poll-many" => {
            let ready = subscribe_duration(0);
            poll(&alloc::vec![&ready; 2_000_000]).len().to_string()
        }
        "drop-twice" => {
            let pollable = subscribe_duration(0);
            let handle = pollable.handle();
            drop(pollable);
            // SAFETY: none is needed: the host must detect the handle.
            drop(unsafe { Pollable::from_handle(handle) });
            "dropped twice".into()
        }
        "drop-parent" => {
            let stream = get_stderr();
            let child = stream.subscribe();
            drop(stream);
            child.block();
            "outlived".into()
        }
        "forge" => {
            // SAFETY: none is needed: the host must detect the handle.
            let forged = unsafe { Pollable::from_handle(77_777) };
            forged.block();
            "forged".into()
        }
        "confuse" => {
            let file = files::open(files::grants()[0].1.as_str(), DescriptorFlags::READ).expect("its directory");
            // SAFETY: none is needed: the host must detect the handle.
            let confused = unsafe { Pollable::from_handle(file.take_handle()) };
            confused.block();
            "confused".into()
        }
        other => panic!("an unknown deed: {other}"),
    }
}

fn without_end<T>(make: impl Fn() -> T) -> String {
    let mut all = Vec::new();
    loop {
        all.push(make());
    }
}

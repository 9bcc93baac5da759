//! The deeds that a test can order from the component.

mod files;
mod handles;
mod requests;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use wasip2::cli::stderr::get_stderr;
use wasip2::clocks::monotonic_clock::{now, subscribe_duration};
use wasip2::random::random::get_random_bytes;

/// Does the deed; returns its result if the deed ends.
pub fn done(deed: &str, with: &str) -> String {
    match deed {
        "trap" => panic!("told to"),
        "spin" => loop {
            core::hint::spin_loop();
        },
        "call" => loop {
            now();
        },
        "wait" => {
            subscribe_duration(u64::MAX).block();
            "waited".into()
        }
        "allocate" => {
            let mut all = Vec::new();
            loop {
                all.push(alloc::vec![1_u8; 1 << 20]);
            }
        }
        "print" => loop {
            let _ = get_stderr().blocking_write_and_flush(b"and another thing: ");
        },
        "random" => get_random_bytes(u64::MAX).len().to_string(),
        deed if deed.starts_with("file-") => files::done(deed, with),
        deed if deed.starts_with("http-") => requests::done(deed, with),
        deed => handles::done(deed),
    }
}

//! The system's reader of manual pages.

use std::io::Write;
use std::process::{Command, Stdio};

/// Opens `page` in `man`, which formats and pages it; returns whether that program could be started.
pub fn show(page: &[u8]) -> bool {
    let Ok(mut man) = Command::new("man").args(["-l", "-"]).stdin(Stdio::piped()).spawn() else { return false };
    if let Some(mut input) = man.stdin.take() {
        // A reader that quits early closes its input; that is not an error.
        let _ = input.write_all(page);
    }
    man.wait().is_ok_and(|status| status.success())
}

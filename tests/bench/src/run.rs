//! One run of one program.

use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use haul_lab::process::wait_with_usage;
use serde::{Deserialize, Serialize};

use crate::errand::Errand;
use crate::script::Script;
use crate::source::{self, Source};

/// The time limit of a program.
const LIMIT: Duration = Duration::from_secs(120);

/// The error of a program that exceeds the limit.
pub const HANGS: &str = "it was killed after 120 s";

/// The file in the scratch folder for a program's standard error.
const SAID: &str = "said";

/// The usage of a program with all its child processes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Sample {
    /// In seconds.
    pub wall: f64,
    /// In seconds.
    pub cpu: f64,
    /// The peak of the largest process, in MiB.
    pub memory: f64,
}

/// The conditions that all programs of a row share.
pub struct Conditions<'a> {
    pub errand: &'a Errand,
    pub source: &'a Source,
    /// The cache of the stock runtime, with the compiled component.
    pub cache: &'a Path,
}

/// Runs the program in an empty folder, then compares its files byte for byte.
pub fn run(script: &Script, conditions: &Conditions) -> Result<Sample, String> {
    let errand = conditions.errand;
    source::empty(&errand.folder).map_err(|error| format!("what an earlier run wrote cannot be removed: {error}"))?;
    settle(&errand.folder);
    let mut command = command(script, conditions).map_err(|error| error.to_string())?;
    let started = Instant::now();
    let mut child = command.spawn().map_err(|error| format!("it cannot run: {error}"))?;
    let (status, usage) = within(LIMIT, &mut child, wait_with_usage).map_err(|error| error.to_string())?;
    let wall = started.elapsed().as_secs_f64();
    if wall >= LIMIT.as_secs_f64() {
        return Err(HANGS.to_owned());
    }
    if !status.success() {
        return Err(format!("it ended with {status} after {wall:.1} s and said: {}", last_line(&errand.scratch)));
    }
    compare(script, conditions)?;
    Ok(Sample { wall, cpu: usage.cpu_seconds, memory: usage.memory as f64 / f64::from(1 << 20) })
}

/// The command, without the user's settings. Its standard error goes to a file.
fn command(script: &Script, conditions: &Conditions) -> io::Result<Command> {
    let errand = conditions.errand;
    let mut command = script.command();
    command.env("HOME", &errand.scratch).env("XDG_CACHE_HOME", conditions.cache);
    command.envs(errand.certificate.iter().map(|path| ("SSL_CERT_FILE", path)));
    command.current_dir(&errand.scratch).process_group(0).stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(File::create(errand.scratch.join(SAID))?);
    Ok(command)
}

fn last_line(scratch: &Path) -> String {
    let said = fs::read(scratch.join(SAID)).unwrap_or_default();
    String::from_utf8_lossy(&said).trim().lines().next_back().unwrap_or_default().to_owned()
}

/// Waits until the file system has written the data of earlier runs.
fn settle(folder: &Path) {
    let _ = Command::new("sync").arg("-f").arg(folder).status();
}

/// Waits for the process; kills its process group at the time limit.
fn within<T>(limit: Duration, child: &mut Child, wait: impl FnOnce(&mut Child) -> io::Result<T>) -> io::Result<T> {
    let group = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;
    let (ended, end) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            if end.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout) {
                // SAFETY: sends a signal to a group whose leader has not been waited for.
                #[allow(unsafe_code)]
                unsafe {
                    libc::kill(-group, libc::SIGKILL);
                }
            }
        });
        let result = wait(child);
        drop(ended);
        result
    })
}

fn compare(script: &Script, conditions: &Conditions) -> Result<(), String> {
    let (errand, source) = (conditions.errand, conditions.source);
    let whole = (0..errand.files).map(|file| (errand.path(file), source.whole(file)));
    let parts = if script.parts.is_empty() { whole.collect() } else { script.parts.clone() };
    for (path, part) in parts {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match source.is_at(&path, &part) {
            Ok(true) => {}
            Ok(false) => return Err(format!("{name} is WRONG")),
            Err(error) => return Err(format!("{name} is WRONG: {error}")),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_too_long_is_killed_with_all_below_it() {
        let mut child = Command::new("sh").args(["-c", "sleep 600 & wait"]).process_group(0).spawn().unwrap();
        let status = within(Duration::ZERO, &mut child, Child::wait).unwrap();
        assert!(!status.success());
    }
}

//! Child processes: the paths of programs, and the resources that they used.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

/// The path of a program that was built beside this test.
///
/// # Panics
///
/// If it is not built.
pub fn built(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the path of this program");
    let folder = test.ancestors().find(|folder| folder.join(name).is_file());
    folder.unwrap_or_else(|| panic!("{name} is not built: run `cargo build --release`, or `make test`")).join(name)
}

/// Returns as soon as `holds` returns true.
///
/// # Panics
///
/// If that takes longer than a minute.
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        std::thread::yield_now();
    }
}

/// The resources that a process used.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// The peak of its memory, in bytes.
    pub memory: u64,
    /// Processor time, in user and kernel mode.
    pub cpu_seconds: f64,
}

/// Waits for `child`; returns its exit status and its usage.
pub fn wait_with_usage(child: &mut Child) -> io::Result<(ExitStatus, Usage)> {
    let pid = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;
    let mut status = 0;
    // SAFETY: `rusage` is plain numbers, and both pointers are to live locals.
    #[allow(unsafe_code)]
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        if libc::wait4(pid, &mut status, 0, &mut usage) < 0 {
            return Err(io::Error::last_os_error());
        }
        usage
    };
    let kibibytes = u64::try_from(usage.ru_maxrss).map_err(io::Error::other)?;
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    let cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    Ok((ExitStatus::from_raw(status), Usage { memory: kibibytes * 1024, cpu_seconds }))
}

/// The processor time of this process so far, in user and kernel mode.
pub fn own_cpu() -> Duration {
    // SAFETY: `rusage` is plain numbers, and the pointer is to a live local.
    #[allow(unsafe_code)]
    let used = unsafe {
        let mut used: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut used);
        used
    };
    let time = |value: libc::timeval| {
        Duration::new(value.tv_sec.unsigned_abs(), u32::try_from(value.tv_usec).unwrap_or(0) * 1000)
    };
    time(used.ru_utime) + time(used.ru_stime)
}

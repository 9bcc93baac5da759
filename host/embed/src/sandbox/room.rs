//! Whether a file of a known length fits, checked before its first byte is fetched: the largest file that the process may write and the file
//! system can hold, and free space.

use std::fs::File;

use wasmtime_wasi::p2::bindings::filesystem::types::ErrorCode;

/// `length`: bytes that the file will have.
///
/// # Errors
///
/// FileTooLarge or InsufficientSpace if it does not fit. If the system cannot tell, it fits.
#[cfg(target_os = "linux")]
pub fn check(file: &File, length: u64) -> Result<(), ErrorCode> {
    use rustix::fs::fstatvfs;
    use rustix::process::{Resource, getrlimit};

    let is_limited = getrlimit(Resource::Fsize).current.is_some_and(|most| length > most);
    if is_limited || exceeds_file_system(file, length) {
        return Err(ErrorCode::FileTooLarge);
    }
    let Ok(system) = fstatvfs(file) else { return Ok(()) };
    // Only a superuser may use the blocks that are kept for one. A file system without a size reports no blocks.
    let free = if rustix::process::geteuid().is_root() { system.f_bfree } else { system.f_bavail };
    let has_size = system.f_blocks > 0;
    let present = file.metadata().map_or(0, |found| std::os::unix::fs::MetadataExt::blocks(&found).saturating_mul(512));
    let missing = length.saturating_sub(present);
    if has_size && missing > free.saturating_mul(system.f_frsize) { Err(ErrorCode::InsufficientSpace) } else { Ok(()) }
}

/// The system compares the offsets of any fallocate(2) with the limit of the file system before it does anything else. A hole behind the end
/// of the file changes nothing.
#[cfg(target_os = "linux")]
fn exceeds_file_system(file: &File, length: u64) -> bool {
    use rustix::fs::{FallocateFlags, fallocate};

    let Some(last) = length.checked_sub(1) else { return false };
    let hole = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
    let is_behind_end = file.metadata().is_ok_and(|found| found.len() <= last);
    is_behind_end && fallocate(file, hole, last, 1) == Err(rustix::io::Errno::FBIG)
}

#[cfg(not(target_os = "linux"))]
pub const fn check(_: &File, _: u64) -> Result<(), ErrorCode> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn only_a_length_that_does_not_fit_is_refused() {
        let file = tempfile::tempfile().expect("a file");
        for length in [0, 1, 1 << 20] {
            assert!(check(&file, length).is_ok(), "{length}");
        }
        assert!(matches!(check(&file, 1 << 62), Err(ErrorCode::FileTooLarge | ErrorCode::InsufficientSpace)));
        assert!(matches!(check(&file, u64::MAX), Err(ErrorCode::FileTooLarge | ErrorCode::InsufficientSpace)));
        let found = file.metadata().expect("its facts");
        assert_eq!((found.len(), std::os::unix::fs::MetadataExt::blocks(&found)), (0, 0));
    }
}

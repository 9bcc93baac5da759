//! Compiled code that runs where it lies in this program. A copy of it would cost a third of the time of a start.

use wasmtime::{CustomCodeMemory, Result, format_err};

/// The size of a page of this architecture, because protection applies to whole pages.
const PAGE: usize = 4096;

pub struct CodeInPlace;

impl CustomCodeMemory for CodeInPlace {
    fn required_alignment(&self) -> usize {
        PAGE
    }

    #[allow(unsafe_code, reason = "there is no safe function for it")]
    fn publish_executable(&self, start: *const u8, length: usize) -> Result<()> {
        let length = length.next_multiple_of(PAGE);
        // SAFETY: wasmtime passes whole pages of code that stay as they are: read-only data of the program, or a mapping of wasmtime.
        let changed = unsafe { libc::mprotect(start.cast_mut().cast(), length, libc::PROT_READ | libc::PROT_EXEC) };
        if changed == 0 { Ok(()) } else { Err(format_err!("code cannot be run: {}", std::io::Error::last_os_error())) }
    }

    /// Other engines may be running the same code, so it stays as it is. wasmtime unmaps its own mappings.
    fn unpublish_executable(&self, _: *const u8, _: usize) -> Result<()> {
        Ok(())
    }
}

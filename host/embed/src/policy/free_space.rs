//! The space that has to stay free on the disks of an engine.

use std::path::PathBuf;

use super::refusal::Refusal;
use crate::error::Rule;

#[derive(Debug)]
pub struct FreeSpace {
    pub bytes: u64,
    pub directories: Vec<PathBuf>,
}

impl FreeSpace {
    /// Whether `bytes` more leave enough, wherever they go.
    ///
    /// # Errors
    ///
    /// If they do not, or if the system cannot tell.
    pub fn check(&self, bytes: u64) -> Result<(), Refusal> {
        let needed = self.bytes.saturating_add(bytes);
        let has_room = |directory: &PathBuf| match fs4::available_space(directory) {
            Ok(free) => free >= needed,
            Err(error) => {
                tracing::warn!(%error, "free space cannot be told");
                false
            }
        };
        if self.directories.iter().all(has_room) { Ok(()) } else { Err(Rule::FreeSpace.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_not_leave_enough_is_refused() {
        let here = |bytes| FreeSpace { bytes, directories: vec![".".into()] };
        assert_eq!(here(1).check(1), Ok(()));
        assert_eq!(here(u64::MAX).check(0), Err(Rule::FreeSpace.into()));
        assert_eq!(here(1).check(u64::MAX), Err(Rule::FreeSpace.into()));
        let nowhere = FreeSpace { bytes: 0, directories: vec!["/nowhere".into()] };
        assert_eq!(nowhere.check(0), Err(Rule::FreeSpace.into()));
    }
}

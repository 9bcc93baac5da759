//! The file systems that downloads are written to.

use std::fs;
use std::path::{Path, PathBuf};

use haul_tests::docs::root;
use tempfile::TempDir;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Disk,
    Memory,
}

impl Place {
    /// The word in the names of rows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Disk => "disk",
            Self::Memory => "tmpfs",
        }
    }

    /// A temporary folder there; dropping it removes it.
    ///
    /// # Panics
    ///
    /// If it cannot be created.
    pub fn folder(self) -> TempDir {
        let parent = match self {
            Self::Disk => output(),
            Self::Memory => PathBuf::from("/dev/shm"),
        };
        tempfile::Builder::new().prefix("bench-").tempdir_in(parent).expect("a temporary folder")
    }

    /// The type of its file system, such as `ext4`.
    pub fn file_system(self) -> String {
        let folder = self.folder();
        let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
        file_system(&mounts, &folder.path().canonicalize().unwrap_or_default()).unwrap_or("unknown").to_owned()
    }
}

/// The folder for reports that were not accepted, on the disk that is measured.
pub fn output() -> PathBuf {
    let path = root().join("target/bench");
    fs::create_dir_all(&path).expect("a folder for reports");
    path
}

/// The file system type of the longest mount point above `path`; of several at the same place the last.
fn file_system<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let words = mounts.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let above = words.filter(|words| words.len() > 2 && path.starts_with(words[1]));
    above.max_by_key(|words| words[1].len()).map(|words| words[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mount_says_the_file_system() {
        let mounts = "/dev/vda / ext4 rw 0 0\ntmpfs /dev tmpfs rw 0 0\nshm /dev/shm tmpfs2 rw 0 0\n";
        assert_eq!(file_system(mounts, Path::new("/dev/shm/a")), Some("tmpfs2"));
        assert_eq!(file_system(mounts, Path::new("/devices")), Some("ext4"));
        assert_eq!(file_system("", Path::new("/")), None);
    }
}

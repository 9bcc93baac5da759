//! A disk with little room.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A file system in memory, mounted on a folder until it is dropped.
pub struct SmallDisk {
    path: PathBuf,
}

impl SmallDisk {
    /// Mounts a disk of 4 MiB; `None` where that is not allowed.
    pub fn mount(path: &Path) -> Option<Self> {
        run("mount", &["-t", "tmpfs", "-o", "size=4m", "tmpfs"], path).then(|| Self { path: path.to_owned() })
    }

    /// Makes it one of 64 MiB.
    pub fn grow(&self) {
        assert!(run("mount", &["-o", "remount,size=64m"], &self.path), "the disk does not grow");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Where it fails, the folder cannot be removed, which is not worth more.
        run("umount", &[], &self.path);
    }
}

/// Whether the program ended with success.
fn run(program: &str, arguments: &[&str], path: &Path) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).arg(path).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

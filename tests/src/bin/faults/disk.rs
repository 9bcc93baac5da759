//! A disk with little space.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A file system in memory, mounted on a folder until it is dropped.
pub struct SmallDisk {
    path: PathBuf,
}

impl SmallDisk {
    /// Mounts a disk of 4 MiB; `None` if this process may not mount.
    pub fn mount(path: &Path) -> Option<Self> {
        run("mount", &["-t", "tmpfs", "-o", "size=4m", "tmpfs"], path).then(|| Self { path: path.to_owned() })
    }

    /// Grows the disk to 64 MiB.
    pub fn grow(&self) {
        assert!(run("mount", &["-o", "remount,size=64m"], &self.path), "the disk does not grow");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // If this fails, the folder cannot be removed; that is harmless.
        run("umount", &[], &self.path);
    }
}

/// Runs the program and returns whether it succeeded.
fn run(program: &str, arguments: &[&str], path: &Path) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).arg(path).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

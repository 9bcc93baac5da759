//! The working directory of a contender, two levels deep, so that a file written outside it is detected.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use haul_tests::origin::Content;
use tempfile::TempDir;

use crate::disk::SmallDisk;
use crate::errand::FILE;

/// The offset and the number of the damaged bytes.
const DAMAGE: (u64, u64) = (1 << 20, 4096);

/// A working directory; dropping it removes it.
pub struct Folder {
    /// Unmounted before the folder is removed.
    disk: Option<SmallDisk>,
    root: TempDir,
}

impl Folder {
    /// # Panics
    ///
    /// If there is no room for temporary files.
    pub fn new() -> Self {
        let folder = Self { disk: None, root: tempfile::tempdir().expect("a temporary folder") };
        fs::create_dir_all(folder.path()).expect("a folder");
        fs::create_dir(folder.home()).expect("a folder");
        folder
    }

    /// A folder on its own small disk; `None` if this process may not mount.
    pub fn on_a_small_disk() -> Option<Self> {
        let folder = Self::new();
        let disk = SmallDisk::mount(&folder.path())?;
        Some(Self { disk: Some(disk), ..folder })
    }

    /// The working directory.
    pub fn path(&self) -> PathBuf {
        self.root.path().join("outer/inner")
    }

    /// The home directory of the process.
    pub fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    /// Grows a small disk to a sufficient size.
    pub fn make_room(&self) {
        self.disk.iter().for_each(SmallDisk::grow);
    }

    /// Puts a file at the target of the download.
    pub fn put(&self, content: &Content) {
        fs::write(self.path().join(FILE), content.bytes(0..content.length())).expect("room for a file");
    }

    /// Overwrites some of the first downloaded bytes, in the largest file, whatever its name.
    pub fn damage(&self) {
        let length = |path: &PathBuf| fs::metadata(path).map_or(0, |file| file.len());
        let largest = entries(&self.path()).into_iter().max_by_key(length);
        let (at, count) = DAMAGE;
        if let Some(path) = largest.filter(|path| length(path) >= at + count) {
            let file = OpenOptions::new().write(true).open(path).expect("a file");
            file.write_all_at(&Content::new(99, count).bytes(0..count), at).expect("room for a file");
        }
    }

    /// Whether the download is present and equals one of `versions`. If the origin may name the file, it is the only file.
    pub fn holds(&self, versions: &[Content], named_by_origin: bool) -> bool {
        let path = match (named_by_origin, &entries(&self.path())[..]) {
            (true, [only]) => only.clone(),
            _ => self.path().join(FILE),
        };
        let is_there = |bytes: Vec<u8>| versions.iter().any(|version| bytes == version.bytes(0..version.length()));
        fs::read(path).is_ok_and(is_there)
    }

    /// Whether a file lies outside the working directory.
    pub fn is_left(&self) -> bool {
        let outer = self.root.path().join("outer");
        entries(self.root.path()) != [self.home(), outer.clone()] || entries(&outer) != [self.path()]
    }
}

/// The entries of a folder, sorted.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

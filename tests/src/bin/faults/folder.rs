//! Where a contender works: a folder two levels deep, so that a file which leaves it is seen.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use haul_tests::origin::Content;
use tempfile::TempDir;

use crate::disk::SmallDisk;
use crate::errand::FILE;

/// Where bytes are damaged, and how many.
const DAMAGE: (u64, u64) = (1 << 20, 4096);

/// A folder to work in. It is removed when it is dropped.
pub struct Folder {
    /// Unmounted before the folder is removed.
    disk: Option<SmallDisk>,
    root: TempDir,
}

impl Folder {
    /// # Panics
    ///
    /// Where there is no room for temporary files.
    pub fn new() -> Self {
        let folder = Self { disk: None, root: tempfile::tempdir().expect("a temporary folder") };
        fs::create_dir_all(folder.path()).expect("a folder");
        fs::create_dir(folder.home()).expect("a folder");
        folder
    }

    /// One on a disk of its own with little room; `None` where nothing may be mounted.
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

    /// Gives a small disk room enough.
    pub fn make_room(&self) {
        self.disk.iter().for_each(SmallDisk::grow);
    }

    /// Puts a file where the download is to go.
    pub fn put(&self, content: &Content) {
        fs::write(self.path().join(FILE), content.bytes(0..content.length())).expect("room for a file");
    }

    /// Writes other bytes over some of the first ones that were downloaded, whatever the file with them is called.
    pub fn damage(&self) {
        let length = |path: &PathBuf| fs::metadata(path).map_or(0, |file| file.len());
        let largest = entries(&self.path()).into_iter().max_by_key(length);
        let (at, count) = DAMAGE;
        if let Some(path) = largest.filter(|path| length(path) >= at + count) {
            let file = OpenOptions::new().write(true).open(path).expect("a file");
            file.write_all_at(&Content::new(99, count).bytes(0..count), at).expect("room for a file");
        }
    }

    /// Whether the download is there and is one of `versions`. Where the origin may have given the name, it is the only
    /// file.
    pub fn holds(&self, versions: &[Content], named_by_origin: bool) -> bool {
        let path = match (named_by_origin, &entries(&self.path())[..]) {
            (true, [only]) => only.clone(),
            _ => self.path().join(FILE),
        };
        let is_there = |bytes: Vec<u8>| versions.iter().any(|version| bytes == version.bytes(0..version.length()));
        fs::read(path).is_ok_and(is_there)
    }

    /// Whether there is a file outside of the working directory.
    pub fn is_left(&self) -> bool {
        let outer = self.root.path().join("outer");
        entries(self.root.path()) != [self.home(), outer.clone()] || entries(&outer) != [self.path()]
    }
}

/// What is in a folder, in order.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

//! The directories that downloads may be written to, as handles: a path from a client is followed below them only.

use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::Dir;

/// The granted directories.
pub struct Folders {
    granted: Vec<(PathBuf, Dir)>,
}

impl Folders {
    /// # Errors
    ///
    /// In words: there is no directory, or one cannot be opened.
    pub fn open(directories: &[PathBuf]) -> Result<Self, String> {
        let mut granted = Vec::with_capacity(directories.len());
        for directory in directories {
            let refused = |error| format!("the directory {}: {error}", directory.display());
            granted.push((directory.clone(), Dir::open_ambient_dir(directory, ambient_authority()).map_err(refused)?));
        }
        if granted.is_empty() {
            return Err("no directory may be written to; give --dir DIR".into());
        }
        Ok(Self { granted })
    }

    /// The directory of downloads that name none.
    pub fn default(&self) -> &Path {
        &self.granted[0].0
    }

    /// The directory that a client named, as an absolute path: relative ones are below the default. `None` if it is in no granted one.
    pub fn directory(&self, text: &str) -> Option<PathBuf> {
        let path = self.default().join(text);
        let is_plain = path.components().all(|part| matches!(part, Component::RootDir | Component::Normal(_)));
        let is_plain = is_plain && !text.contains(['\0', '\n', '\r']);
        (is_plain && self.find(&path).is_some()).then_some(path)
    }

    /// Whether something has this path. A path in no granted directory counts as taken.
    pub fn is_taken(&self, path: &Path) -> bool {
        let Some((dir, below)) = self.find(path) else { return true };
        match dir.symlink_metadata(below) {
            Ok(_) => true,
            Err(error) => !matches!(error.kind(), ErrorKind::NotFound),
        }
    }

    /// Creates the directory of a file, and those above it.
    ///
    /// # Errors
    ///
    /// In words; also if a link leads out of the granted directory.
    pub fn create_parent(&self, path: &Path) -> Result<(), String> {
        let parent = path.parent().unwrap_or(path);
        let refused = |reason: String| format!("the directory {} cannot be created: {reason}", parent.display());
        let (dir, below) =
            self.find(parent).ok_or_else(|| refused("it is in no directory that haul may write to".into()))?;
        if below.as_os_str().is_empty() {
            return Ok(());
        }
        dir.create_dir_all(below).map_err(|error| refused(error.to_string()))
    }

    /// Reads a file, if it has at most `most` bytes.
    pub fn read(&self, path: &Path, most: u64) -> Option<Vec<u8>> {
        let (dir, below) = self.find(path)?;
        let length = dir.metadata(below).ok()?.len();
        if length <= most { dir.read(below).ok() } else { None }
    }

    /// Writes a file, for its owner only, and then gives it its name.
    ///
    /// # Errors
    ///
    /// In words.
    pub fn write(&self, path: &Path, text: &str) -> Result<(), String> {
        use cap_std::fs::{OpenOptions, OpenOptionsExt as _};
        use std::io::Write as _;

        let (dir, below) = self.find(path).ok_or("it is in no directory that haul may write to")?;
        let mut name = below.as_os_str().to_owned();
        name.push(".new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let write = || {
            let mut file = dir.open_with(&name, &options)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            dir.rename(&name, dir, below)
        };
        write().map_err(|error: std::io::Error| error.to_string())
    }

    /// Removes a file.
    ///
    /// # Errors
    ///
    /// In words.
    pub fn remove(&self, path: &Path) -> Result<(), String> {
        let (dir, below) = self.find(path).ok_or("it is in no directory that haul may write to")?;
        match dir.remove_file(below) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.to_string()),
            _ => Ok(()),
        }
    }

    fn find<'a>(&self, path: &'a Path) -> Option<(&Dir, &'a Path)> {
        self.granted.iter().find_map(|(root, dir)| path.strip_prefix(root).ok().map(|below| (dir, below)))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_client_names_directories_below_granted_ones_only() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::open(&[folder.path().to_owned()]).unwrap();
        let inside = folder.path().join("a/b");
        assert_eq!(folders.directory(""), Some(folder.path().to_owned()));
        assert_eq!(folders.directory("a/b"), Some(inside.clone()));
        assert_eq!(folders.directory(inside.to_str().unwrap()), Some(inside.clone()));
        let beside = format!("{}x", folder.path().display());
        let above = format!("{}/../x", folder.path().display());
        for bad in ["/", "/etc", "..", "a/../../b", "a\0b", &beside, &above] {
            assert_eq!(folders.directory(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_link_that_leads_out_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        let folders = Folders::open(&[folder.path().to_owned()]).unwrap();
        symlink(outside.path(), folder.path().join("link")).unwrap();
        let through = folder.path().join("link/sub/file");
        assert!(folders.create_parent(&through).is_err());
        assert!(folders.is_taken(&folder.path().join("link/file")));
        assert!(folders.write(&folder.path().join("link/file"), "x").is_err());
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
        folders.create_parent(&folder.path().join("x/y/file")).unwrap();
        assert!(folder.path().join("x/y").is_dir());
    }
}

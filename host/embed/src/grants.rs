//! The directories that an engine may touch.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Granted directories by their real, absolute paths; the component knows them under the same names.
#[derive(Clone, Debug, Default)]
pub struct Grants {
    directories: Vec<PathBuf>,
}

impl Grants {
    pub fn add(&mut self, path: &Path) -> Result<(), Error> {
        let refuse = |reason: String| Error::Grant { path: path.into(), reason };
        let real = path.canonicalize().map_err(|error| refuse(error.to_string()))?;
        if !real.is_dir() {
            return Err(refuse("it is not a directory".into()));
        }
        if real.to_str().is_none() {
            return Err(refuse("its name is not valid Unicode".into()));
        }
        if !self.directories.contains(&real) {
            self.directories.push(real);
        }
        Ok(())
    }

    pub fn directories(&self) -> &[PathBuf] {
        &self.directories
    }

    /// `path` as the component knows it: absolute, with the real name of its directory as far as that exists.
    pub fn name(&self, path: &Path) -> io::Result<PathBuf> {
        let absolute = std::path::absolute(path)?;
        let parent = absolute.ancestors().skip(1).find_map(|parent| Some((parent, parent.canonicalize().ok()?)));
        Ok(match parent {
            Some((parent, real)) => real.join(absolute.strip_prefix(parent).unwrap_or(&absolute)),
            None => absolute,
        })
    }

    /// `path` as a text that the component is given; it refuses an empty one by itself.
    ///
    /// # Errors
    ///
    /// [`Error::Grant`] for a path that cannot be said in Unicode.
    pub fn text(&self, path: &Path) -> Result<String, Error> {
        if path.as_os_str().is_empty() {
            return Ok(String::new());
        }
        let refuse = |reason: String| Error::Grant { path: path.into(), reason };
        let named = self.name(path).map_err(|error| refuse(error.to_string()))?;
        named.into_os_string().into_string().map_err(|_| refuse("the path is not valid Unicode".into()))
    }

    /// Opens a file that the component names, for reading; the component cannot lead out of the granted directories.
    pub fn open(&self, path: &Path) -> io::Result<File> {
        let parent = path.parent().ok_or(io::ErrorKind::InvalidInput)?.canonicalize()?;
        let inside = self.directories.iter().any(|granted| parent.starts_with(granted));
        if !inside {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        open_no_follow(&parent.join(name))
    }
}

#[cfg(unix)]
fn open_no_follow(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().read(true).custom_flags(libc::O_NOFOLLOW).open(path)
}

#[cfg(not(unix))]
fn open_no_follow(path: &Path) -> io::Result<File> {
    if path.is_symlink() { Err(io::ErrorKind::PermissionDenied.into()) } else { File::open(path) }
}

//! The directories that an engine may touch.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};
use wasmtime_wasi::FsPerms;

use crate::error::Error;
use crate::state_directory::{self, Identity};

/// Granted directories by their real, absolute paths; the component knows them under the same names.
#[derive(Clone, Debug, Default)]
pub struct Grants {
    directories: Vec<Granted>,
    /// The state directory.
    private: Option<Identity>,
}

#[derive(Clone, Debug)]
struct Granted {
    path: PathBuf,
    /// Paths are resolved below this handle: the name of the directory may come to mean another one.
    handle: Arc<Dir>,
    permissions: FsPerms,
}

impl Grants {
    /// Of two grants of one directory the one that lets it be written counts.
    pub fn add(&mut self, path: &Path, permissions: FsPerms) -> Result<(), Error> {
        let refuse = |reason: String| Error::Grant { path: path.into(), reason };
        let real = path.canonicalize().map_err(|error| refuse(error.to_string()))?;
        if !real.is_dir() {
            return Err(refuse("it is not a directory".into()));
        }
        if real.to_str().is_none() {
            return Err(refuse("its name is not valid Unicode".into()));
        }
        if let Some(granted) = self.directories.iter_mut().find(|granted| granted.path == real) {
            if permissions == FsPerms::ReadWrite {
                granted.permissions = permissions;
            }
            return Ok(());
        }
        let handle = Dir::open_ambient_dir(&real, ambient_authority()).map_err(|error| refuse(error.to_string()))?;
        self.directories.push(Granted { path: real, handle: Arc::new(handle), permissions });
        Ok(())
    }

    /// The state directory, in which the engine's files are for their owner alone.
    pub fn add_private(&mut self, path: &Path) -> Result<(), Error> {
        self.add(path, FsPerms::ReadWrite)?;
        self.private = path.metadata().ok().as_ref().and_then(state_directory::identity);
        Ok(())
    }

    pub const fn private(&self) -> Option<Identity> {
        self.private
    }

    /// Refuses a path if a link below a granted directory leads it out of that directory. An earlier component may have planted the
    /// link, to be granted its target by the next engine.
    pub fn confirm(&self, path: &Path) -> Result<(), Error> {
        let refuse = |reason: String| Error::Grant { path: path.into(), reason };
        let absolute = std::path::absolute(path).map_err(|error| refuse(error.to_string()))?;
        let real: Vec<_> = absolute.ancestors().filter_map(|ancestor| ancestor.canonicalize().ok()).collect();
        let Some((end, around)) = real.split_first() else { return Ok(()) };
        let writable = self.directories.iter().filter(|granted| granted.permissions == FsPerms::ReadWrite);
        let mut left = writable.filter(|granted| {
            around.iter().any(|ancestor| ancestor.starts_with(&granted.path)) && !end.starts_with(&granted.path)
        });
        match left.next() {
            Some(_) => Err(refuse(format!("a link in a granted directory leads to {}", end.display()))),
            None => Ok(()),
        }
    }

    pub fn directories(&self) -> impl Iterator<Item = (&Path, FsPerms)> {
        self.directories.iter().map(|granted| (granted.path.as_path(), granted.permissions))
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

    /// Opens a file that the component names, for reading. The path is resolved below the granted directory, and links that lead out of
    /// that are not followed, whenever they were made. Only regular files are opened: others may block, or do anything.
    pub fn open(&self, path: &Path) -> io::Result<File> {
        let holding = self.directories.iter().filter(|granted| path.starts_with(&granted.path));
        let granted = holding.max_by_key(|granted| granted.path.as_os_str().len());
        let granted = granted.ok_or(io::ErrorKind::PermissionDenied)?;
        let name = path.strip_prefix(&granted.path).map_err(|_| io::ErrorKind::PermissionDenied)?;
        let file = granted.handle.open_with(name, &reading())?;
        match file.metadata()?.is_file() {
            true => Ok(file.into_std()),
            false => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")),
        }
    }
}

/// Without waiting for the other end of a pipe.
fn reading() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    cap_std::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK | libc::O_NOCTTY);
    options
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;
    use std::process::Command;
    use std::{fs, io};

    use super::*;

    /// A folder in which `granted` is granted and `secret` is a file beside it.
    struct World {
        folder: PathBuf,
        grants: Grants,
    }

    impl World {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("haul-grants-{}-{name}", std::process::id()));
            fs::create_dir_all(folder.join("granted/inner")).expect("a folder");
            let folder = folder.canonicalize().expect("its name");
            fs::write(folder.join("secret"), "secret").expect("a file");
            fs::write(folder.join("granted/inner/file"), "bytes").expect("a file");
            let mut grants = Grants::default();
            grants.add(&folder.join("granted"), FsPerms::ReadWrite).expect("a grant");
            Self { folder, grants }
        }

        fn open(&self, path: &str) -> io::Result<File> {
            self.grants.open(&self.folder.join(path))
        }
    }

    impl Drop for World {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }

    #[test]
    fn files_below_are_opened() {
        let world = World::new("below");
        symlink("inner/file", world.folder.join("granted/link")).expect("a link");
        for path in ["granted/inner/file", "granted/link", "granted/inner/../inner/file"] {
            assert!(world.open(path).is_ok(), "{path}");
        }
    }

    #[test]
    fn nothing_leads_out() {
        let world = World::new("out");
        symlink("../secret", world.folder.join("granted/relative")).expect("a link");
        symlink(world.folder.join("secret"), world.folder.join("granted/absolute")).expect("a link");
        symlink("..", world.folder.join("granted/folder")).expect("a link");
        let long = format!("granted/{}", "a".repeat(100_000));
        let paths = [
            "secret",
            "granted/../secret",
            "granted/inner/../../secret",
            "granted/relative",
            "granted/absolute",
            "granted/folder/secret",
            "granted/inner/file\0",
            "granted",
            "/etc/passwd",
            "",
            &long,
        ];
        for path in paths {
            assert!(world.open(path).is_err(), "{path:.100}");
        }
        assert!(world.grants.open(Path::new("inner/file")).is_err());
    }

    #[test]
    fn a_folder_that_becomes_a_link_leads_nowhere() {
        let world = World::new("swapped");
        fs::rename(world.folder.join("granted/inner"), world.folder.join("granted/before")).expect("renamed");
        symlink("..", world.folder.join("granted/inner")).expect("a link");
        assert!(world.open("granted/inner/secret").is_err());
        fs::rename(world.folder.join("granted"), world.folder.join("moved")).expect("renamed");
        symlink(&world.folder, world.folder.join("granted")).expect("a link");
        assert!(world.open("granted/secret").is_err());
        assert!(world.open("granted/before/file").is_ok());
    }

    #[test]
    fn a_pipe_and_a_device_are_refused_at_once() {
        let world = World::new("pipe");
        let pipe = world.folder.join("granted/pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()));
        assert!(world.open("granted/pipe").is_err_and(|error| error.kind() == io::ErrorKind::InvalidInput));
        let mut devices = Grants::default();
        devices.add(Path::new("/dev"), FsPerms::ReadOnly).expect("a grant");
        assert!(devices.open(Path::new("/dev/zero")).is_err());
    }

    #[test]
    fn what_a_link_below_leads_to_is_not_granted() {
        let mut world = World::new("planted");
        symlink("..", world.folder.join("granted/state")).expect("a link");
        assert!(world.grants.confirm(&world.folder.join("granted/state")).is_err());
        assert!(world.grants.confirm(&world.folder.join("granted/state/new")).is_err());
        for path in ["granted", "granted/inner", "granted/new", "elsewhere"] {
            assert!(world.grants.confirm(&world.folder.join(path)).is_ok(), "{path}");
        }
        let outside = world.folder.join("elsewhere");
        fs::create_dir(&outside).expect("a folder");
        symlink(&outside, world.folder.join("link")).expect("a link");
        world.grants.add(&world.folder.join("link"), FsPerms::ReadWrite).expect("a grant");
        assert!(world.grants.confirm(&world.folder.join("link")).is_ok());
    }
}

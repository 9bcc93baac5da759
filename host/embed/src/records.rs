//! The records directory, made ready for the component: WASI can neither make a file that only its owner may read, nor tell the
//! owner of one.

use std::fs::{self, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::{ownership, state_directory};

const KEY: &str = "key";

/// Length of the key in bytes: the component asks for as many, because it is used with SHA-256.
const KEY_LENGTH: usize = 32;

/// Makes the directory ready, as [`state_directory::prepare`] does, with a key in it. Returns its real path.
///
/// # Errors
///
/// Why the directory cannot be used: the file system's reason, or other users can replace or read the key.
pub fn prepare(directory: &Path) -> Result<PathBuf, String> {
    let real = state_directory::prepare(directory)?;
    require_key(&real).map_err(|error| error.to_string())?;
    Ok(real)
}

fn require_key(directory: &Path) -> io::Result<()> {
    let key = directory.join(KEY);
    if let Err(error) = fs::symlink_metadata(&key) {
        match error.kind() {
            io::ErrorKind::NotFound => create_key(directory, &key)?,
            _ => return Err(error),
        }
    }
    require_secret(&fs::symlink_metadata(&key)?, &key)
}

/// The key gets its name when all of it is there, and the first of several processes wins.
fn create_key(directory: &Path, key: &Path) -> io::Result<()> {
    let mut secret = [0; KEY_LENGTH];
    let mut suffix = [0; 8];
    let random = rustls::crypto::ring::default_provider().secure_random;
    let filled = random.fill(&mut secret).and_then(|()| random.fill(&mut suffix));
    filled.map_err(|_| io::Error::other("the system gives no random numbers"))?;
    let new = directory.join(format!("new-{:016x}", u64::from_ne_bytes(suffix)));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    let written = file.write_all(&secret).and_then(|()| file.sync_all());
    let named = written.and_then(|()| match fs::hard_link(&new, key) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // The file system has no hard links.
        Err(_) => fs::rename(&new, key),
        Ok(()) => Ok(()),
    });
    let _ = fs::remove_file(&new);
    named
}

fn require_secret(found: &Metadata, key: &Path) -> io::Result<()> {
    let reason = match (found.is_file(), found.len()) {
        (true, length) if length == KEY_LENGTH as u64 && ownership::is_secret(found) => return Ok(()),
        (true, length) if length == KEY_LENGTH as u64 => "another user owns it, or can read it",
        _ => "it is no file of 32 bytes",
    };
    Err(io::Error::other(format!("{} is not this user's key: {reason}; remove it", key.display())))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let directory = folder.path().join("state/haul");
        std::thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(|| prepare(&directory).expect("a key")))));
        let key = fs::read(directory.join(KEY)).expect("the key");
        prepare(&directory).expect("the same key");
        assert_eq!((key.len(), fs::read(directory.join(KEY)).expect("the key")), (KEY_LENGTH, key));
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!((mode(&directory), mode(&directory.join(KEY))), (0o700, 0o600));
        assert_eq!(fs::read_dir(&directory).expect("the folder").count(), 1);
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        prepare(folder.path()).expect("a key");
        let key = folder.path().join(KEY);
        for mode in [0o604, 0o640, 0o620] {
            fs::set_permissions(&key, fs::Permissions::from_mode(mode)).expect("leave to change it");
            let refused = prepare(folder.path()).expect_err("it is not secret").to_string();
            let expected = "is not this user's key: another user owns it, or can read it; remove it";
            assert_eq!(refused, format!("{} {expected}", key.display()), "{mode:o}");
        }
    }

    #[test]
    fn a_key_of_another_length_or_a_link_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = folder.path().join(KEY);
        let refused = || prepare(folder.path()).expect_err("it is no key").to_string();
        fs::write(&key, "short").expect("a file");
        assert!(refused().ends_with("it is no file of 32 bytes; remove it"));
        fs::remove_file(&key).expect("it was there");
        std::os::unix::fs::symlink("/etc/passwd", &key).expect("a link");
        assert!(refused().ends_with("it is no file of 32 bytes; remove it"));
    }
}

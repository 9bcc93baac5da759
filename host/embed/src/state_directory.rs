//! The directory of the ledger, which holds secrets.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// Creates the directory for its owner alone if it is missing. One that exists keeps its mode: it may hold other things. Returns its real
/// path.
///
/// # Errors
///
/// Why the directory cannot be used: others may write to it, and could put another ledger in the place of the engine's.
pub fn prepare(directory: &Path) -> Result<PathBuf, String> {
    match fs::metadata(directory) {
        Ok(found) if may_be_changed_by_others(&found) => {
            let real = directory.display();
            Err(format!(
                "others may write to the directory, and could replace what is kept in it; run 'chmod go-w {real}'"
            ))
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => create_private(directory),
        Err(error) => Err(error.to_string()),
    }?;
    directory.canonicalize().map_err(|error| error.to_string())
}

/// Creates the directory with its missing parents. Each is synced into its parent, so that the ledger survives a loss of power.
fn create_private(directory: &Path) -> Result<(), String> {
    let absolute = std::path::absolute(directory).map_err(|error| error.to_string())?;
    let missing: Vec<_> = absolute.ancestors().take_while(|directory| !directory.exists()).collect();
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).map_err(|error| error.to_string())?;
    let sync = |directory: &Path| fs::File::open(directory)?.sync_all();
    let mut above = missing.iter().rev().filter_map(|directory| directory.parent());
    above.try_for_each(sync).map_err(|error| error.to_string())
}

/// The identity of a directory: its device and inode.
pub type Identity = (u64, u64);

#[cfg(unix)]
pub fn identity(found: &Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    Some((found.dev(), found.ino()))
}

#[cfg(not(unix))]
pub fn identity(_: &Metadata) -> Option<Identity> {
    None
}

/// Creates a file in the state directory that its owner alone can read, whatever the mode of the directory lets others do; one that
/// exists becomes so. Failures are found by the open that follows.
#[cfg(unix)]
pub fn create_file(directory: &fs::File, name: &str) {
    use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt, Permissions, PermissionsExt};
    let Ok(directory) = directory.try_clone().map(Dir::from_std_file) else { return };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    if directory.open_with(name, &options).is_err() {
        let _ = directory.set_permissions(name, Permissions::from_mode(0o600));
    }
}

#[cfg(not(unix))]
pub fn create_file(_: &fs::File, _: &str) {}

/// Leaves a new directory in the state directory to its owner alone.
#[cfg(unix)]
pub fn hide(directory: &fs::File, name: &str) {
    use cap_std::fs::{Dir, Permissions, PermissionsExt};
    if let Ok(directory) = directory.try_clone().map(Dir::from_std_file) {
        let _ = directory.set_permissions(name, Permissions::from_mode(0o700));
    }
}

#[cfg(not(unix))]
pub fn hide(_: &fs::File, _: &str) {}

#[cfg(unix)]
fn may_be_changed_by_others(found: &Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o022 != 0
}

#[cfg(not(unix))]
fn may_be_changed_by_others(_: &Metadata) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("it is there").permissions().mode() & 0o7777
    }

    #[test]
    fn a_directory_that_is_missing_is_its_owners_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let directory = folder.path().join("new/state");
        assert_eq!(prepare(&directory), Ok(directory.canonicalize().expect("its name")));
        assert_eq!((mode(&directory), mode(&folder.path().join("new"))), (0o700, 0o700));
    }

    #[test]
    fn a_directory_that_exists_keeps_its_mode_also_behind_a_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let (directory, link) = (folder.path().join("state"), folder.path().join("link"));
        fs::create_dir(&directory).expect("a folder");
        symlink(&directory, &link).expect("a link");
        for kept in [0o755, 0o700, 0o711, 0o750] {
            fs::set_permissions(&directory, Permissions::from_mode(kept)).expect("a mode");
            for path in [&directory, &link] {
                assert_eq!(prepare(path), Ok(directory.canonicalize().expect("its name")));
            }
            assert_eq!(mode(&directory), kept);
        }
    }

    #[test]
    fn a_directory_that_others_may_write_to_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        for refused in [0o777, 0o770, 0o1777, 0o702] {
            fs::set_permissions(folder.path(), Permissions::from_mode(refused)).expect("a mode");
            let reason = prepare(folder.path()).expect_err("it is refused");
            assert!(reason.contains(&format!("chmod go-w {}", folder.path().display())), "{reason}");
            assert_eq!(mode(folder.path()), refused);
        }
    }
}

//! Creation of directories for files.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::Path;

/// Creates a directory and its missing parents. If they must survive a power loss, each is synced into its parent, because syncing a file
/// does not sync the names of the directories above it.
pub fn create(path: &Path, survives_power_loss: bool) -> io::Result<()> {
    let sync = |directory: &Path| File::open(directory)?.sync_all();
    create_with(path, &|directory| if survives_power_loss { sync(directory) } else { Ok(()) })
}

fn create_with(path: &Path, sync: &impl Fn(&Path) -> io::Result<()>) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => return Ok(()),
        Ok(_) => return Err(ErrorKind::NotADirectory.into()),
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Err(_) => {}
    }
    let above = path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    create_with(above, sync)?;
    match fs::create_dir(path) {
        Ok(()) => sync(above),
        // Another process created it in the meantime.
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn every_new_directory_is_synced_into_the_one_above_it() {
        let folder = tempfile::tempdir().unwrap();
        let synced = RefCell::new(Vec::new());
        let sync = |directory: &Path| {
            synced.borrow_mut().push(directory.to_owned());
            Ok(())
        };
        create_with(&folder.path().join("a"), &sync).unwrap();
        create_with(&folder.path().join("a/b/c"), &sync).unwrap();
        create_with(&folder.path().join("a/b"), &sync).unwrap();
        assert!(folder.path().join("a/b/c").is_dir());
        assert_eq!(*synced.borrow(), ["", "a", "a/b"].map(|name| folder.path().join(name)));
    }

    #[test]
    fn a_file_in_the_way_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        for path in [file.clone(), file.join("below")] {
            assert_eq!(create(&path, true).unwrap_err().kind(), ErrorKind::NotADirectory, "{}", path.display());
        }
    }
}

//! Names of files in storage that several machines share.
//!
//! A stopped process can wake up after its lease and write. So each worker has a file of its own for each task, and the name is taken by
//! a hard link, which never replaces a file.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// The file of one worker until its task is done: hidden, and of a name that no other worker and no other task has.
pub fn staged(path: &Path, worker: &str, job: &str) -> PathBuf {
    let first = |text: &str| text.chars().take(8).collect::<String>();
    // The first digits of a UUIDv7 are its time; the last are random.
    let last = job.rsplit('-').next().unwrap_or_default();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}-{last}", first(worker)))
}

/// The end of a publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// Each file has its name.
    Named,
    /// Another file has one of the names. Its staged file is removed, because the file with the name counts.
    Taken,
}

/// Gives each staged file its name, in order, and removes the staged names.
///
/// # Errors
///
/// The file system has no hard links, or fails.
pub fn publish(files: &[(PathBuf, PathBuf)]) -> io::Result<Published> {
    for (staged, path) in files {
        match fs::hard_link(staged, path) {
            Ok(()) => {}
            // A worker that died after the link comes here again.
            Err(error) if error.kind() == ErrorKind::AlreadyExists && is_same(staged, path)? => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                fs::remove_file(staged)?;
                return Ok(Published::Taken);
            }
            Err(error) => return Err(error),
        }
        fs::remove_file(staged)?;
        if let Some(parent) = path.parent() {
            File::open(parent)?.sync_all()?;
        }
    }
    Ok(Published::Named)
}

/// The folder of records in the state directory: for each job whose files get their names, the staged files with these names.
const RECORDS: &str = "naming";

/// Records a publication before the local job ends, because afterwards nothing else knows the staged files.
///
/// # Errors
///
/// The state directory cannot be written.
pub fn record(state: &Path, job: &str, files: &[(PathBuf, PathBuf)]) -> io::Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let folder = state.join(RECORDS);
    fs::create_dir_all(&folder)?;
    let mut file = File::create(folder.join(job))?;
    file.write_all(&serde_json::to_vec(files)?)?;
    file.sync_all()
}

/// Removes the record of a publication that has ended.
pub fn forget(state: &Path, job: &str) {
    let _ = fs::remove_file(state.join(RECORDS).join(job));
}

/// Ends the publications during which the worker died. Their content is proved, and a link replaces no file, so this is right also if
/// another worker has the task now.
///
/// # Errors
///
/// The state directory cannot be read, or a file cannot get its name.
pub fn recover(state: &Path) -> io::Result<()> {
    let Ok(records) = fs::read_dir(state.join(RECORDS)) else { return Ok(()) };
    for record in records {
        let path = record?.path();
        // The worker may have died while it wrote the record; then the local job is still there.
        let files: Vec<(PathBuf, PathBuf)> = serde_json::from_slice(&fs::read(&path)?).unwrap_or_default();
        for pair in files.into_iter().filter(|(staged, _)| is_taken(staged)) {
            publish(&[pair])?;
        }
        fs::remove_file(path)?;
    }
    Ok(())
}

/// Whether a file, a link or a directory has the name.
pub fn is_taken(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

#[cfg(unix)]
fn is_same(one: &Path, other: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let (one, other) = (fs::symlink_metadata(one)?, fs::symlink_metadata(other)?);
    Ok((one.dev(), one.ino()) == (other.dev(), other.ino()))
}

#[cfg(not(unix))]
fn is_same(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_once_and_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.bin");
        let own = |worker| staged(&path, worker, "0194ab00-0000-7000-8000-00000000cafe");
        let (one, other) = (own("11111111-0"), own("22222222-0"));
        assert_eq!(one.file_name().unwrap(), ".x.bin.11111111-00000000cafe");
        fs::write(&one, "one").unwrap();
        fs::write(&other, "other").unwrap();
        // The worker died between the link and the removal.
        fs::hard_link(&one, &path).unwrap();
        assert_eq!(publish(&[(one.clone(), path.clone())]).unwrap(), Published::Named);
        assert!(!one.exists());
        assert_eq!(publish(&[(other.clone(), path.clone())]).unwrap(), Published::Taken);
        assert!(!other.exists());
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
    }

    #[test]
    fn a_publication_that_was_interrupted_is_ended_later() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("one.staged"), "one").unwrap();
        // The first file has its name already, and the third job still downloads.
        record(folder.path(), "a", &[(at("zero.staged"), at("zero")), (at("one.staged"), at("one"))]).unwrap();
        record(folder.path(), "b", &[(at("two.staged"), at("two"))]).unwrap();
        fs::write(at(RECORDS).join("torn"), "[[").unwrap();
        recover(folder.path()).unwrap();
        assert_eq!(fs::read_to_string(at("one")).unwrap(), "one");
        assert!(!at("one.staged").exists() && !at("two").exists());
        assert_eq!(fs::read_dir(at(RECORDS)).unwrap().count(), 0);
        recover(folder.path()).unwrap();
    }
}

//! Locks on paths. Two downloads or jobs must not write to one file, nor to each other's side files.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;

use crate::border::identity::{DownloadId, JobId};
use crate::job::JobFile;
use crate::parse::file_name::SIDE_FILES;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Download(DownloadId),
    File(JobId, u32),
}

#[derive(Debug, Default)]
pub(super) struct PathLocks {
    by_path: BTreeMap<Arc<str>, Owner>,
}

impl PathLocks {
    /// Whether an owner other than `by` has locked `path`, or a path whose side files would collide with `path`.
    pub fn is_taken(&self, path: &str, by: Option<Owner>) -> bool {
        let path = &*clean(path);
        let has = |path: &str| self.by_path.get(path).is_some_and(|owner| Some(*owner) != by);
        let ends = || SIDE_FILES.iter();
        has(path)
            || ends().any(|end| has(&format!("{path}{end}")))
            || ends().filter_map(|end| path.strip_suffix(end)).any(has)
    }

    pub fn lock(&mut self, path: &Arc<str>, owner: Owner) {
        let cleaned = clean(path);
        // The lock shares the text of the path with the job, which may have 200,000 files.
        let path = if *cleaned == **path { path.clone() } else { cleaned };
        self.by_path.insert(path, owner);
    }

    /// Locks the paths of a job's files from index `from` on: all of them, or none.
    ///
    /// # Errors
    ///
    /// The file whose path is taken.
    pub fn lock_all<'a>(&mut self, job: JobId, from: u32, files: &'a [JobFile]) -> Result<(), &'a JobFile> {
        for (index, file) in (from..).zip(files) {
            let Some(path) = &file.local_name else { continue };
            if self.is_taken(path, None) {
                self.unlock_all(job, from, files);
                return Err(file);
            }
            self.lock(path, Owner::File(job, index));
        }
        Ok(())
    }

    pub fn unlock_all(&mut self, job: JobId, from: u32, files: &[JobFile]) {
        for (index, file) in (from..).zip(files) {
            if let Some(path) = &file.local_name {
                self.unlock(path, Owner::File(job, index));
            }
        }
    }

    /// Removes the lock of `owner` on `path`, if there is one.
    pub fn unlock(&mut self, path: &str, owner: Owner) {
        let path = clean(path);
        if self.by_path.get(&path) == Some(&owner) {
            self.by_path.remove(&path);
        }
    }
}

/// The path without empty components and `.`.
fn clean(path: &str) -> Arc<str> {
    let meaningless = |part: &str| part.is_empty() || part == ".";
    let (root, rest) = path.strip_prefix('/').map_or(("", path), |rest| ("/", rest));
    if !rest.split('/').any(meaningless) {
        return path.into();
    }
    let mut cleaned = String::from(root);
    for part in rest.split('/').filter(|part| !meaningless(part)) {
        if cleaned.len() > root.len() {
            cleaned.push('/');
        }
        cleaned.push_str(part);
    }
    cleaned.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_would_meet_are_found() {
        let mut locks = PathLocks::default();
        let owner = Owner::File(JobId(1), 0);
        locks.lock(&"/d/a".into(), owner);
        for path in ["/d/a", "/d//a", "/d/./a", "/d/a.part", "/d/a.haul", "/d/a.haul.new"] {
            assert!(locks.is_taken(path, None), "{path}");
            assert!(!locks.is_taken(path, Some(owner)), "{path}");
        }
        for path in ["d/a", "/d/ab", "/d/a.par", "/a"] {
            assert!(!locks.is_taken(path, None), "{path}");
        }
        locks.lock(&"/d/b.part".into(), owner);
        assert!(locks.is_taken("/d/b", None));
        locks.unlock("/d//a", owner);
        assert!(!locks.is_taken("/d/a", None));
    }
}

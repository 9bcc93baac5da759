//! Which path belongs to whom: two of them must not write one file, nor what lies beside it on its way.

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
pub(super) struct Claims {
    by_path: BTreeMap<Arc<str>, Owner>,
}

impl Claims {
    /// Whether somebody else has `path`, or one whose files would meet its own.
    pub fn is_taken(&self, path: &str, by: Option<Owner>) -> bool {
        let path = &*clean(path);
        let has = |path: &str| self.by_path.get(path).is_some_and(|owner| Some(*owner) != by);
        let ends = || SIDE_FILES.iter();
        has(path)
            || ends().any(|end| has(&format!("{path}{end}")))
            || ends().filter_map(|end| path.strip_suffix(end)).any(has)
    }

    pub fn claim(&mut self, path: &Arc<str>, owner: Owner) {
        let cleaned = clean(path);
        // One text serves both, where it can.
        let path = if *cleaned == **path { path.clone() } else { cleaned };
        self.by_path.insert(path, owner);
    }

    /// All files of a job from number `from` on have their paths, or none has.
    ///
    /// # Errors
    ///
    /// Which of them has a path that is taken.
    pub fn claim_all<'a>(&mut self, job: JobId, from: u32, files: &'a [JobFile]) -> Result<(), &'a JobFile> {
        for (index, file) in (from..).zip(files) {
            let Some(path) = &file.local_name else { continue };
            if self.is_taken(path, None) {
                self.release_all(job, from, files);
                return Err(file);
            }
            self.claim(path, Owner::File(job, index));
        }
        Ok(())
    }

    pub fn release_all(&mut self, job: JobId, from: u32, files: &[JobFile]) {
        for (index, file) in (from..).zip(files) {
            if let Some(path) = &file.local_name {
                self.release(path, Owner::File(job, index));
            }
        }
    }

    /// `owner` has `path` no more.
    pub fn release(&mut self, path: &str, owner: Owner) {
        let path = clean(path);
        if self.by_path.get(&path) == Some(&owner) {
            self.by_path.remove(&path);
        }
    }
}

/// The path without components that mean nothing.
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
        let mut claims = Claims::default();
        let owner = Owner::File(JobId(1), 0);
        claims.claim(&"/d/a".into(), owner);
        for path in ["/d/a", "/d//a", "/d/./a", "/d/a.part", "/d/a.haul", "/d/a.haul.new"] {
            assert!(claims.is_taken(path, None), "{path}");
            assert!(!claims.is_taken(path, Some(owner)), "{path}");
        }
        for path in ["d/a", "/d/ab", "/d/a.par", "/a"] {
            assert!(!claims.is_taken(path, None), "{path}");
        }
        claims.claim(&"/d/b.part".into(), owner);
        assert!(claims.is_taken("/d/b", None));
        claims.release("/d//a", owner);
        assert!(!claims.is_taken("/d/a", None));
    }
}

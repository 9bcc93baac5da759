//! The digests of files that are being written, and the threads at work on them.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant, SystemTime};

use super::DigestHint;
use super::streaming_digest::StreamingDigest;
use crate::bindings::engine::{Checksum, DigestRequest};
use crate::values::DigestAlgorithm;

/// Files whose digests run at the same time, at most, so that their memory is bounded.
const MOST: usize = 64;

/// If there are that many, one without a hint for this long makes room for another, because its transfer has ended or stands still.
const IDLE: Duration = Duration::from_secs(60);

/// The streaming digests of an engine, by the identities of the files: a file that took the name of another has none.
#[derive(Default)]
pub struct StreamingDigests {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// Files that have a digest or a writer.
    files: HashMap<FileId, Weak<StreamingDigest>>,
    /// The number of files at which those without both are removed.
    prune_at: usize,
    /// Digests by the paths of their hints.
    running: HashMap<String, Running>,
    /// Paths that a thread is at work on.
    work: HashMap<String, Work>,
}

struct Running {
    digest: Arc<StreamingDigest>,
    hinted_at: Instant,
}

#[derive(Default)]
struct Work {
    /// The newest hint.
    next: Option<DigestHint>,
    /// The component wants no digest any more: work on older hints ends.
    cancelled: bool,
}

/// The identity of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct FileId {
    device: u64,
    number: u64,
    /// File systems reuse the numbers of deleted files.
    created: Option<SystemTime>,
}

impl FileId {
    #[cfg(unix)]
    fn of(file: &File) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let found = file.metadata().ok()?;
        Some(Self { device: found.dev(), number: found.ino(), created: found.created().ok() })
    }

    /// Files cannot be told apart: every digest is computed at the end.
    #[cfg(not(unix))]
    fn of(_: &File) -> Option<Self> {
        None
    }
}

/// Tells the digest of a file about writes to it.
#[derive(Clone, Default)]
pub struct Writer(Option<Arc<StreamingDigest>>);

impl Writer {
    /// Bytes from `offset` on were just written.
    pub fn wrote(&self, offset: u64) {
        if let Some(digest) = &self.0 {
            digest.guard.changed(offset);
        }
    }
}

impl StreamingDigests {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For the writer of `file`.
    pub fn writer(&self, file: &File) -> Writer {
        Writer(FileId::of(file).map(|id| self.known().digest(id)))
    }

    /// Bytes of `file` from `offset` on were just written or cut off.
    pub fn changed(&self, file: &File, offset: u64) {
        let digest = FileId::of(file).and_then(|id| self.known().find(id));
        if let Some(digest) = digest {
            digest.guard.changed(offset);
        }
    }

    /// Takes a hint; `true` if the caller has to start work on it with [`Self::work_on`].
    pub fn hint(&self, hint: DigestHint) -> bool {
        let mut known = self.known();
        let is_cancelled = hint.length == 0;
        if is_cancelled && let Some(running) = known.running.remove(&hint.path) {
            running.digest.guard.spoil();
        }
        let (at_work, path) = (known.work.len(), hint.path.clone());
        let next = (!is_cancelled).then_some(hint);
        if let Some(work) = known.work.get_mut(&path) {
            *work = Work { next, cancelled: is_cancelled };
            return false;
        }
        let is_taken = !is_cancelled && at_work < MOST;
        if is_taken {
            known.work.insert(path, Work { next, cancelled: false });
        }
        is_taken
    }

    /// Digests the file at `path` as far as its newest hint says, until there is no other hint.
    pub fn work_on(&self, path: &str, open: impl Fn() -> io::Result<File>, asked_for: &Weak<()>) {
        while let Some(DigestHint { algorithms, length, .. }) = self.next(path) {
            let algorithms: Vec<_> = algorithms.into_iter().map(DigestAlgorithm::from).collect();
            let outcome = open().and_then(|file| match self.begin(path, &file) {
                Some(digest) => digest.advance(&file, &algorithms, length, asked_for),
                None => Ok(0),
            });
            match outcome {
                Ok(digested) => tracing::trace!(path, digested, "a file that is being written was digested so far"),
                Err(error) => tracing::debug!(path, %error, "a file that is being written could not be digested"),
            }
        }
    }

    fn next(&self, path: &str) -> Option<DigestHint> {
        let mut known = self.known();
        let next = known.work.get_mut(path).and_then(|work| work.next.take());
        if next.is_none() {
            known.work.remove(path);
        }
        next
    }

    /// The digest to work on; `None` if the hint was cancelled, or there is no room.
    fn begin(&self, path: &str, file: &File) -> Option<Arc<StreamingDigest>> {
        let id = FileId::of(file)?;
        let mut known = self.known();
        if known.work.get(path).is_none_or(|work| work.cancelled) || !known.has_room(path) {
            return None;
        }
        let digest = known.digest(id);
        let running = Running { digest: digest.clone(), hinted_at: Instant::now() };
        known.running.insert(path.into(), running);
        Some(digest)
    }

    /// The requested checksum of `file`. It continues a streaming digest of the file.
    pub fn compute(&self, request: &DigestRequest, file: &File, asked_for: &Weak<()>) -> io::Result<Vec<u8>> {
        if let (Checksum::Digest(algorithm), None) = (request.checksum, request.range)
            && let Some(digest) = FileId::of(file).and_then(|id| self.known().find(id))
            && let Some((value, before)) = digest.finish(file, algorithm.into(), asked_for)?
        {
            tracing::debug!(path = request.path, before, "a digest was begun while its file was written");
            return Ok(value);
        }
        super::of(request.checksum, file, request.range, asked_for)
    }
}

impl Known {
    fn find(&self, id: FileId) -> Option<Arc<StreamingDigest>> {
        self.files.get(&id).and_then(Weak::upgrade)
    }

    fn digest(&mut self, id: FileId) -> Arc<StreamingDigest> {
        if let Some(digest) = self.find(id) {
            return digest;
        }
        if self.files.len() >= self.prune_at {
            self.files.retain(|_, digest| digest.strong_count() > 0);
            self.prune_at = MOST.max(2 * self.files.len());
        }
        let digest = Arc::default();
        self.files.insert(id, Arc::downgrade(&digest));
        digest
    }

    fn has_room(&mut self, path: &str) -> bool {
        if self.running.len() >= MOST && !self.running.contains_key(path) {
            self.running.retain(|_, running| {
                let stays = running.hinted_at.elapsed() < IDLE;
                if !stays {
                    running.digest.guard.spoil();
                }
                stays
            });
        }
        self.running.len() < MOST || self.running.contains_key(path)
    }
}

#[cfg(all(test, unix))]
mod tests;

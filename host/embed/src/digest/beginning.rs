//! The beginning of one file that is being written, digested behind the writer.
//!
//! Whoever writes looks, after each write, whether it was to bytes that a hasher has read or may be reading; whoever hashes says which
//! these are before it reads them. One of the two comes first: either the hasher reads what was written, or the writer finds out that
//! the hasher may not have, and the digest is spoiled.

use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, Weak};

use super::hasher::Hasher;
use super::read;
use crate::values::DigestAlgorithm;

#[derive(Default)]
pub struct Beginning {
    /// Bytes from the start that a hasher has read or may be reading; zero where there is none.
    claimed: AtomicU64,
    /// Some of them were written to, or are of no interest any more.
    spoiled: AtomicBool,
    /// Held by whoever hashes.
    run: Mutex<Option<Run>>,
}

/// Digests of the first bytes of a file.
struct Run {
    hashers: Vec<(DigestAlgorithm, Hasher)>,
    /// Bytes that they have.
    position: u64,
}

impl Beginning {
    /// Bytes from `offset` on were written, or cut off.
    pub fn changed(&self, offset: u64) {
        if offset < self.claimed.load(Ordering::SeqCst) {
            self.spoil();
        }
    }

    /// Whoever hashes stops, and what it has is of no use.
    pub fn spoil(&self) {
        self.spoiled.store(true, Ordering::SeqCst);
    }

    fn is_spoiled(&self) -> bool {
        self.spoiled.load(Ordering::SeqCst)
    }

    fn run(&self) -> MutexGuard<'_, Option<Run>> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Digests the first `length` bytes of `file`, which this is the beginning of, so far as it has not yet. Returns how many it has.
    pub fn advance(
        &self,
        file: &File,
        algorithms: &[DigestAlgorithm],
        length: u64,
        asked_for: &Weak<()>,
    ) -> io::Result<u64> {
        let mut run = self.run();
        let usable = |run: &Run| run.position <= length && algorithms.iter().all(|algorithm| run.has(*algorithm));
        if !run.as_ref().is_some_and(usable) || self.is_spoiled() {
            self.spoiled.store(false, Ordering::SeqCst);
            *run = Some(Run::new(algorithms));
        }
        self.claimed.store(length, Ordering::SeqCst);
        let Some(run) = run.as_mut() else { return Ok(0) };
        run.advance(file, length, || asked_for.strong_count() > 0 && !self.is_spoiled())?;
        Ok(run.position)
    }

    /// The digest of all of `file`, which this is the beginning of, and how many bytes of it were digested before; `None` where it has
    /// to be computed from the first byte on.
    pub fn finish(
        &self,
        file: &File,
        algorithm: DigestAlgorithm,
        asked_for: &Weak<()>,
    ) -> io::Result<Option<(Vec<u8>, u64)>> {
        let mut run = self.run();
        let Some(run) = run.as_mut().filter(|run| run.has(algorithm)) else { return Ok(None) };
        self.claimed.store(u64::MAX, Ordering::SeqCst);
        let before = run.position;
        if self.is_spoiled() || run.advance(file, u64::MAX, || asked_for.strong_count() > 0).is_err() {
            return Ok(None);
        }
        let is_all = file.metadata()?.len() == run.position && !self.is_spoiled();
        Ok(run.finish(algorithm).filter(|_| is_all).map(|value| (value, before)))
    }
}

impl Run {
    fn new(algorithms: &[DigestAlgorithm]) -> Self {
        let mut run = Self { hashers: Vec::new(), position: 0 };
        for algorithm in algorithms {
            if !run.has(*algorithm) {
                run.hashers.push((*algorithm, Hasher::of(*algorithm)));
            }
        }
        run
    }

    fn has(&self, algorithm: DigestAlgorithm) -> bool {
        self.hashers.iter().any(|(known, _)| *known == algorithm)
    }

    /// Digests what `file` has up to `end`, as long as that `is_wanted`.
    fn advance(&mut self, file: &File, end: u64, is_wanted: impl Fn() -> bool) -> io::Result<()> {
        let Self { hashers, position } = self;
        read(file, *position, end - *position, |bytes| {
            hashers.iter_mut().for_each(|(_, hasher)| hasher.update(bytes));
            *position += bytes.len() as u64;
            is_wanted()
        })
    }

    fn finish(&self, algorithm: DigestAlgorithm) -> Option<Vec<u8>> {
        let (_, hasher) = self.hashers.iter().find(|(known, _)| *known == algorithm)?;
        Some(hasher.clone().finish())
    }
}

//! The digest of one file that is being written, computed behind the writer.

use std::fs::File;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError, Weak};

use super::guard::Guard;
use super::hasher::Hasher;
use super::read;
use crate::values::DigestAlgorithm;

#[derive(Default)]
pub struct StreamingDigest {
    pub guard: Guard,
    /// Locked by the thread that hashes.
    run: Mutex<Option<Run>>,
}

/// Digests of the first bytes of a file.
struct Run {
    hashers: Vec<(DigestAlgorithm, Hasher)>,
    /// Bytes that they have.
    position: u64,
}

impl StreamingDigest {
    fn run(&self) -> MutexGuard<'_, Option<Run>> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Digests the first `length` bytes of `file`, as far as it has not yet, and returns the number of digested bytes.
    pub fn advance(
        &self,
        file: &File,
        algorithms: &[DigestAlgorithm],
        length: u64,
        asked_for: &Weak<()>,
    ) -> io::Result<u64> {
        let mut run = self.run();
        let usable = |run: &Run| run.position <= length && algorithms.iter().all(|algorithm| run.has(*algorithm));
        if !run.as_ref().is_some_and(usable) || self.guard.is_spoiled() {
            self.guard.reset();
            *run = Some(Run::new(algorithms));
        }
        self.guard.claim(length);
        let Some(run) = run.as_mut() else { return Ok(0) };
        run.advance(file, length, || asked_for.strong_count() > 0 && !self.guard.is_spoiled())?;
        Ok(run.position)
    }

    /// The digest of all of `file`, and the number of bytes that were digested before; `None` if it has to be computed from the first
    /// byte on.
    pub fn finish(
        &self,
        file: &File,
        algorithm: DigestAlgorithm,
        asked_for: &Weak<()>,
    ) -> io::Result<Option<(Vec<u8>, u64)>> {
        let mut run = self.run();
        let Some(run) = run.as_mut().filter(|run| run.has(algorithm)) else { return Ok(None) };
        self.guard.claim(u64::MAX);
        let before = run.position;
        if self.guard.is_spoiled() || run.advance(file, u64::MAX, || asked_for.strong_count() > 0).is_err() {
            return Ok(None);
        }
        let is_all = file.metadata()?.len() == run.position && !self.guard.is_spoiled();
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

    /// Digests `file` up to `end`, as long as that `is_wanted`.
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

//! Digests that the core waits for: computed by the driver, or here, slice by slice between other work.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use haul_core::border::identity::{DownloadId, OperationId};
use haul_core::border::input::{DiskDone, Input};
use haul_core::border::output::DigestSubject;
use haul_core::content::digest::Checksum;
use haul_core::content::range::ByteRange;
use haul_core::failure::{Cause, DiskCause};
use wasip2::filesystem::types::Descriptor;

use super::disk::{self, Files};
use super::hashing::Hasher;

/// Bytes digested before other work gets its turn, so that a turn takes a few milliseconds.
const SLICE: u64 = 4 << 20;

/// Bytes read at once, so that a buffer stays in the processor's cache.
const READ: u64 = 64 << 10;

/// A digest for the driver to compute.
#[derive(Debug)]
pub struct DigestRequest {
    pub number: u64,
    /// The path of the file under the host's name for its directory.
    pub path: String,
    pub checksum: Checksum,
    /// The bytes to digest; `None` for all of them.
    pub range: Option<ByteRange>,
}

pub struct Digests {
    by_driver: bool,
    next_number: u64,
    /// Requests that the driver has not answered.
    asked: BTreeMap<u64, Waiting>,
    /// Files that are digested here.
    own: BTreeMap<Waiting, Job>,
}

/// The operation that waits for a digest.
type Waiting = (DownloadId, OperationId);

struct Job {
    file: Descriptor,
    hasher: Hasher,
    at: u64,
    end: u64,
}

impl Digests {
    pub fn new(by_driver: bool) -> Self {
        Self { by_driver, next_number: 0, asked: BTreeMap::new(), own: BTreeMap::new() }
    }

    /// Starts a digest; `Some` is a request for the driver.
    pub fn begin(
        &mut self,
        waiting: Waiting,
        files: &Files,
        subject: DigestSubject,
        checksum: Checksum,
        range: Option<ByteRange>,
    ) -> Result<Option<DigestRequest>, DiskCause> {
        let (file, path) = files.for_digest(subject)?;
        if self.by_driver {
            self.next_number += 1;
            let number = self.next_number;
            self.asked.insert(number, waiting);
            return Ok(Some(DigestRequest { number, path, checksum, range }));
        }
        let ByteRange { start: at, end } = range.unwrap_or(ByteRange::open(0));
        self.own.insert(waiting, Job { file, hasher: Hasher::new(checksum), at, end });
        Ok(None)
    }

    /// Converts the driver's answer for the core; `None` if no operation waits for it.
    pub fn answered(&mut self, number: u64, value: Option<Vec<u8>>) -> Option<Input> {
        let waiting = self.asked.remove(&number)?;
        Some(answer(waiting, value.map_or(DiskDone::Failed(Cause::Disk(DiskCause::Io)), DiskDone::Digested)))
    }

    /// Drops the digests of `download`.
    pub fn cancel(&mut self, download: DownloadId) {
        self.asked.retain(|_, (waiting, _)| *waiting != download);
        self.own.retain(|(waiting, _), _| *waiting != download);
    }

    pub fn is_computing(&self) -> bool {
        !self.own.is_empty()
    }

    /// Digests one slice of each file and returns the finished operations, for the core.
    pub fn compute(&mut self) -> Vec<Input> {
        let mut done = Vec::new();
        for (waiting, mut job) in core::mem::take(&mut self.own) {
            match job.advance() {
                Ok(false) => {
                    self.own.insert(waiting, job);
                }
                Ok(true) => done.push(answer(waiting, DiskDone::Digested(job.hasher.finish()))),
                Err(cause) => done.push(answer(waiting, DiskDone::Failed(Cause::Disk(cause)))),
            }
        }
        done
    }
}

fn answer((download, id): Waiting, done: DiskDone) -> Input {
    Input::Disk { download, id, done }
}

impl Job {
    /// Digests one slice; `true` at the end of the range or of the file.
    fn advance(&mut self) -> Result<bool, DiskCause> {
        let until = self.at.saturating_add(SLICE).min(self.end);
        while self.at < until {
            let (bytes, end) = self.file.read(READ.min(until - self.at), self.at).map_err(disk::cause)?;
            self.hasher.update(&bytes);
            self.at += bytes.len() as u64;
            if end || bytes.is_empty() {
                return Ok(true);
            }
        }
        Ok(self.at >= self.end)
    }
}

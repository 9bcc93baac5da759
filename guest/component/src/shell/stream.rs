//! The output stream of a download, which takes each byte once and in order, in the place of files.
//!
//! To the core it is a partial file that only grows. Its journal is kept in memory, so a paused run continues at the stream's position if
//! the origin proves that it still serves the same version.

use alloc::vec::Vec;

use haul_core::content::digest::{Algorithm, Checksum};

use haul_core::border::identity::OperationId;
use haul_core::border::input::{DiskDone, End, Opened, PartialFacts};
use haul_core::border::output::{DiskOperation, Passing};
use haul_core::failure::{Cause, DiskCause};
use wasip2::io::poll::Pollable;
use wasip2::io::streams::{InputStream, OutputStream, StreamError};

use super::decryption::Decryptor;
use super::exchange::{Moved, end};
use super::hashing::Hasher;

/// Bytes read into memory at once if they are hashed or decrypted as they pass, so that they stay in the processor's cache.
const READ: u64 = 64 << 10;

pub struct Stream {
    /// A child of `output`: dropped before it.
    pollable: Pollable,
    output: OutputStream,
    /// Bytes of the content taken so far.
    taken: u64,
    /// Bytes to write next.
    pending: Vec<u8>,
    journal: Vec<u8>,
    hashers: Vec<(Algorithm, Hasher)>,
    /// Finished digests.
    digests: Vec<(Algorithm, Vec<u8>)>,
    decryptor: Option<Decryptor>,
    /// Plain bytes that were passed on so far.
    written: u64,
    begun: bool,
    /// An operation that is done when all bytes are flushed.
    awaited: Option<(OperationId, DiskDone)>,
    flushing: bool,
    /// A write failed.
    broken: bool,
    /// The reader has closed the stream.
    is_closed: bool,
}

impl Stream {
    pub fn new(output: OutputStream) -> Self {
        Self {
            pollable: output.subscribe(),
            output,
            taken: 0,
            pending: Vec::new(),
            journal: Vec::new(),
            hashers: Vec::new(),
            digests: Vec::new(),
            decryptor: None,
            written: 0,
            begun: false,
            awaited: None,
            flushing: false,
            broken: false,
            is_closed: false,
        }
    }

    /// `None` if [`Self::advance`] answers later.
    pub fn do_operation(&mut self, id: OperationId, operation: DiskOperation) -> Option<DiskDone> {
        match operation {
            DiskOperation::Open { .. } => {
                let partial = self.begun.then_some(PartialFacts { length: self.taken, modified: None });
                Some(DiskDone::Opened(Opened { target: None, partial, journal: self.journal.clone(), foreign: false }))
            }
            DiskOperation::Begin { fresh: true, .. } if self.taken > 0 => {
                Some(DiskDone::Failed(Cause::StreamNotRepeatable))
            }
            DiskOperation::Begin { passing, .. } => {
                self.begin(&passing);
                Some(DiskDone::Begun { now: None })
            }
            DiskOperation::Sync => {
                self.awaited = Some((id, DiskDone::Synced { modified: None }));
                None
            }
            DiskOperation::ReplaceJournal { bytes } => {
                self.journal = bytes;
                Some(DiskDone::JournalWritten)
            }
            DiskOperation::AppendJournal { offset, bytes } => {
                self.journal.truncate(usize::try_from(offset).unwrap_or(usize::MAX));
                self.journal.extend(bytes);
                Some(DiskDone::JournalWritten)
            }
            DiskOperation::Digest { checksum: Checksum::Digest(algorithm), range: None, .. } => {
                Some(self.digest(algorithm).map_or(DiskDone::Failed(Cause::Engine), DiskDone::Digested))
            }
            DiskOperation::Decrypt { .. } => self.finish_decryption(id),
            DiskOperation::Discard if self.taken > 0 => Some(DiskDone::Failed(Cause::StreamNotRepeatable)),
            DiskOperation::Discard => Some(DiskDone::Discarded),
            DiskOperation::Publish(_) => Some(DiskDone::Published),
            DiskOperation::Close => {
                self.awaited = None;
                self.flushing = false;
                Some(DiskDone::Closed)
            }
            DiskOperation::Name { .. } => Some(DiskDone::Named(None)),
            DiskOperation::Digest { .. } | DiskOperation::Checksums { .. } | DiskOperation::Cut { .. } => {
                Some(DiskDone::Failed(Cause::Disk(DiskCause::Io)))
            }
        }
    }

    /// Starts the run. Digests and decryption cover the content from its first byte, so they are set up only before it.
    fn begin(&mut self, passing: &Passing) {
        self.begun = true;
        if self.taken == 0 {
            let hasher = |algorithm: &Algorithm| (*algorithm, Hasher::new(Checksum::Digest(*algorithm)));
            self.hashers = passing.digests.iter().map(hasher).collect();
            self.decryptor = passing.decryption.as_ref().map(Decryptor::new);
        }
    }

    fn digest(&mut self, algorithm: Algorithm) -> Option<Vec<u8>> {
        if let Some(place) = self.hashers.iter().position(|(known, _)| *known == algorithm) {
            self.digests.push((algorithm, self.hashers.remove(place).1.finish()));
        }
        self.digests.iter().find(|(known, _)| *known == algorithm).map(|(_, value)| value.clone())
    }

    fn finish_decryption(&mut self, id: OperationId) -> Option<DiskDone> {
        let mut plain = Vec::new();
        let finished = self.decryptor.take().map_or(Ok(()), |decryptor| decryptor.finish(&mut plain));
        if let Err(cause) = finished {
            return Some(DiskDone::Failed(cause));
        }
        self.let_out(plain);
        self.awaited = Some((id, DiskDone::Decrypted { length: self.written }));
        None
    }

    fn let_out(&mut self, bytes: Vec<u8>) {
        self.hashers.iter_mut().for_each(|(_, hasher)| hasher.update(&bytes));
        self.written += bytes.len() as u64;
        self.pending.extend(bytes);
    }

    pub const fn pollable(&self) -> &Pollable {
        &self.pollable
    }

    /// Whether the stream can make progress as soon as there is room.
    pub const fn is_waiting(&self) -> bool {
        self.awaited.is_some() || !self.broken && !self.pending.is_empty()
    }

    pub const fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Whether the stream can take bytes, or report its failure, now. If not, wait for its pollable.
    pub fn has_room(&self) -> bool {
        self.broken || self.pending.is_empty() && !matches!(self.output.check_write(), Ok(0))
    }

    /// Writes pending bytes and continues the awaited operation; returns it once it is done.
    pub fn advance(&mut self) -> Option<(OperationId, DiskDone)> {
        // A failure is reported by the awaited operation or by the next bytes.
        let _ = self.write_pending();
        let id = self.awaited.as_ref()?.0;
        match self.flush() {
            Ok(false) => None,
            Ok(true) => self.awaited.take(),
            Err(cause) => {
                self.awaited = None;
                Some((id, DiskDone::Failed(cause)))
            }
        }
    }

    /// Flushes; `true` once all bytes are written.
    fn flush(&mut self) -> Result<bool, Cause> {
        if self.broken {
            return Err(Cause::StreamFailed);
        }
        self.write_pending()?;
        if !self.pending.is_empty() {
            return Ok(false);
        }
        if !self.flushing {
            let flushed = self.output.flush();
            flushed.map_err(|error| self.failed(&error))?;
            self.flushing = true;
        }
        let room = self.output.check_write();
        let done = room.map_err(|error| self.failed(&error))? > 0;
        self.flushing = !done;
        Ok(done)
    }

    fn write_pending(&mut self) -> Result<(), Cause> {
        while !self.pending.is_empty() {
            let room = self.output.check_write();
            let room = room.map_err(|error| self.failed(&error))?;
            let length = self.pending.len().min(usize::try_from(room).unwrap_or(usize::MAX));
            if length == 0 {
                return Ok(());
            }
            let written = self.output.write(&self.pending[..length]);
            written.map_err(|error| self.failed(&error))?;
            self.pending.drain(..length);
        }
        Ok(())
    }

    /// Takes at most `limit` bytes of a body, which start at `offset` of the content.
    pub fn take(&mut self, body: &InputStream, offset: u64, limit: u64) -> Moved {
        let failed = |cause| Moved::Ended(End::Failed(cause));
        if offset != self.taken {
            return failed(Cause::StreamNotRepeatable);
        }
        if self.broken {
            return failed(Cause::StreamFailed);
        }
        let room = match self.output.check_write() {
            Ok(room) if self.pending.is_empty() => room,
            Ok(_) => 0,
            Err(error) => return failed(self.failed(&error)),
        };
        if room == 0 {
            return Moved::Bytes(0);
        }
        let looked_at = self.decryptor.is_some() || !self.hashers.is_empty();
        let moved =
            if looked_at { self.read(body, limit.min(READ).min(room)) } else { self.splice(body, limit.min(room)) };
        match moved {
            Ok(bytes) => {
                self.taken += bytes;
                Moved::Bytes(bytes)
            }
            Err(moved) => moved,
        }
    }

    /// Moves bytes without reading them. The error of a splice does not say which side failed. If the body can still be read, the output
    /// failed; if the output still takes bytes and the body cannot be read, the body ended. Some streams report an error only when they are
    /// written to.
    fn splice(&mut self, body: &InputStream, limit: u64) -> Result<u64, Moved> {
        let moved =
            self.output.splice(body, limit).map_err(|error| match (self.output.check_write(), body.read(1)) {
                (Ok(_), Err(_)) => Moved::Ended(end(error)),
                (Err(later), _) => Moved::Ended(End::Failed(self.failed(&later))),
                (Ok(_), Ok(_)) => Moved::Ended(End::Failed(self.failed(&error))),
            })?;
        self.written += moved;
        Ok(moved)
    }

    fn failed(&mut self, error: &StreamError) -> Cause {
        self.is_closed |= matches!(error, StreamError::Closed);
        self.broken = true;
        self.pending.clear();
        Cause::StreamFailed
    }

    fn read(&mut self, body: &InputStream, limit: u64) -> Result<u64, Moved> {
        let bytes = body.read(limit).map_err(|error| Moved::Ended(end(error)))?;
        let taken = bytes.len() as u64;
        let failed = |cause| Moved::Ended(End::Failed(cause));
        let out = match &mut self.decryptor {
            Some(decryptor) => {
                let mut plain = Vec::new();
                decryptor.push(&bytes, &mut plain).map_err(failed)?;
                plain
            }
            None => bytes,
        };
        self.let_out(out);
        self.write_pending().map_err(failed)?;
        Ok(taken)
    }
}

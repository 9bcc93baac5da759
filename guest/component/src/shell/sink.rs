//! Where the bytes of a download go: into files, or into a stream.

use haul_core::failure::{Cause, DiskCause};
use haul_core::identity::OperationId;
use haul_core::input::{DiskDone, End};
use haul_core::output::{DigestSubject, DiskOperation};
use wasip2::filesystem::types::Descriptor;

use super::disk::Files;
use super::exchange::{Body, Moved};
use super::stream::Stream;

pub enum Sink {
    Files(Files),
    Stream(Stream),
}

impl Sink {
    /// `None` is answered later: by a digest, by decryption, or by the stream.
    pub fn do_operation(&mut self, id: OperationId, operation: DiskOperation) -> Option<DiskDone> {
        match self {
            Self::Files(files) => Some(files.do_operation(operation)),
            Self::Stream(stream) => stream.do_operation(id, operation),
        }
    }

    pub const fn stream(&self) -> Option<&Stream> {
        match self {
            Self::Files(_) => None,
            Self::Stream(stream) => Some(stream),
        }
    }

    pub const fn stream_mut(&mut self) -> Option<&mut Stream> {
        match self {
            Self::Files(_) => None,
            Self::Stream(stream) => Some(stream),
        }
    }

    pub const fn files_mut(&mut self) -> Option<&mut Files> {
        match self {
            Self::Files(files) => Some(files),
            Self::Stream(_) => None,
        }
    }

    /// The file to be digested and its path under the host's name.
    pub fn for_digest(&self, subject: DigestSubject) -> Result<(Descriptor, alloc::string::String), DiskCause> {
        match self {
            Self::Files(files) => files.for_digest(subject),
            Self::Stream(_) => Err(DiskCause::Io),
        }
    }

    /// Moves bytes that are at hand to `offset` of the local file; `now` is the monotonic clock in nanoseconds.
    pub fn write(&mut self, body: &mut Body, now: u64, offset: u64, limit: u64) -> Moved {
        match self {
            Self::Files(files) => match files.require_own(now) {
                Ok(()) => body.write(offset, limit, |offset| files.write_at(offset)),
                Err(cause) => Moved::Ended(End::Failed(Cause::Disk(cause))),
            },
            Self::Stream(stream) => stream.take(body.stream(), offset, limit),
        }
    }
}

//! A stream that takes each byte of a download once and in order.

use haul_core::border::input::{DiskDone, Opened, PartialFacts};
use haul_core::border::output::DiskOperation;
use haul_core::content::digest::{Algorithm, Checksum};
use haul_core::content::range::ByteRange;
use haul_core::failure::{Cause, DiskCause};
use haul_core::store::key::Key;

#[derive(Clone, Debug, Default)]
pub struct Stream {
    /// Bytes written to the stream.
    pub taken: u64,
    begun: bool,
    /// Digests requested before the first byte.
    digests: Vec<Algorithm>,
    decrypts: bool,
    /// The journal does not record all bytes that were written.
    pub is_torn: bool,
}

impl Stream {
    /// Computations on bytes that cannot be read again are requested before the bytes pass.
    pub fn check(&self, operation: &DiskOperation) {
        match operation {
            DiskOperation::Digest { checksum: Checksum::Digest(algorithm), range: None, .. } => {
                assert!(self.digests.contains(algorithm), "{algorithm:?} was not computed while bytes passed");
            }
            DiskOperation::Digest { .. } => panic!("{operation:?} of a stream"),
            DiskOperation::Decrypt { .. } => assert!(self.decrypts, "nothing was decrypted while bytes passed"),
            _ => {}
        }
    }

    /// The result of an operation that differs from that of a file; `None` if it is the same.
    pub fn perform(&mut self, operation: &DiskOperation, journal: &[u8]) -> Option<DiskDone> {
        match operation {
            DiskOperation::Open { .. } => {
                let kept = haul_core::store::journal::read(journal, &Key::default())
                    .map(|recovered| recovered.kept)
                    .unwrap_or_default();
                self.is_torn = !kept.covers(ByteRange::new(0, self.taken));
                let partial = self.begun.then_some(PartialFacts { length: self.taken, modified: None });
                Some(DiskDone::Opened(Opened { target: None, partial, journal: journal.into(), foreign: false }))
            }
            DiskOperation::Begin { fresh: true, .. } | DiskOperation::Discard if self.taken > 0 => {
                Some(DiskDone::Failed(Cause::StreamNotRepeatable))
            }
            DiskOperation::Begin { passing, .. } => {
                self.begun = true;
                if self.taken == 0 {
                    self.digests = passing.digests.clone();
                    self.decrypts = passing.decryption.is_some();
                }
                None
            }
            DiskOperation::Name { .. } => Some(DiskDone::Named(None)),
            DiskOperation::Cut { .. } => Some(DiskDone::Failed(Cause::Disk(DiskCause::Io))),
            _ => None,
        }
    }
}

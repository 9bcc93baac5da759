//! Decryption of partial files, slice by slice between other work.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;

use haul_core::border::identity::{DownloadId, OperationId};
use haul_core::border::input::{DiskDone, Input};
use haul_core::failure::{Cause, DiskCause};
use haul_core::parse::decryption_info::DecryptionInfo;
use wasip2::filesystem::types::Descriptor;

use super::decryption::Decryptor;
use super::disk::{self, Files, write_all};

/// Bytes decrypted before other work gets its turn, so that a turn takes about a millisecond.
const SLICE: u64 = 1 << 20;

/// Bytes read at once, so that a buffer stays in the processor's cache.
const READ: u64 = 64 << 10;

#[derive(Default)]
pub struct Decrypting {
    jobs: BTreeMap<(DownloadId, OperationId), Job>,
}

struct Job {
    encrypted: Descriptor,
    plain: Rc<Descriptor>,
    decryptor: Option<Decryptor>,
    read: u64,
    written: u64,
}

impl Decrypting {
    pub fn begin(
        &mut self,
        waiting: (DownloadId, OperationId),
        files: &mut Files,
        info: &DecryptionInfo,
    ) -> Result<(), DiskCause> {
        let (encrypted, plain) = files.for_decryption()?;
        let decryptor = Some(Decryptor::new(info));
        self.jobs.insert(waiting, Job { encrypted, plain, decryptor, read: 0, written: 0 });
        Ok(())
    }

    /// Drops the decryption of `download`.
    pub fn cancel(&mut self, download: DownloadId) {
        self.jobs.retain(|(waiting, _), _| *waiting != download);
    }

    pub fn is_working(&self) -> bool {
        !self.jobs.is_empty()
    }

    /// Decrypts one slice of each file and returns the finished operations, for the core.
    pub fn advance(&mut self) -> Vec<Input> {
        let mut done = Vec::new();
        for ((download, id), mut job) in core::mem::take(&mut self.jobs) {
            let outcome = match job.advance() {
                Ok(false) => {
                    self.jobs.insert((download, id), job);
                    continue;
                }
                Ok(true) => DiskDone::Decrypted { length: job.written },
                Err(cause) => DiskDone::Failed(cause),
            };
            done.push(Input::Disk { download, id, done: outcome });
        }
        done
    }
}

impl Job {
    /// Decrypts one slice; `true` at the end of the file.
    fn advance(&mut self) -> Result<bool, Cause> {
        let until = self.read + SLICE;
        while self.read < until {
            let (bytes, end) = self.encrypted.read(READ, self.read).map_err(|code| Cause::Disk(disk::cause(code)))?;
            self.read += bytes.len() as u64;
            let mut plain = Vec::new();
            let Some(decryptor) = &mut self.decryptor else { return Ok(true) };
            decryptor.push(&bytes, &mut plain)?;
            let end = end || bytes.is_empty();
            if let Some(decryptor) = self.decryptor.take_if(|_| end) {
                decryptor.finish(&mut plain)?;
            }
            write_all(&self.plain, self.written, &plain).map_err(Cause::Disk)?;
            self.written += plain.len() as u64;
            if end {
                return self.sync();
            }
        }
        Ok(false)
    }

    fn sync(&self) -> Result<bool, Cause> {
        self.plain.sync_data().map_err(|code| Cause::Disk(disk::cause(code)))?;
        Ok(true)
    }
}

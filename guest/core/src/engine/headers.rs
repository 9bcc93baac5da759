//! The newest response heads of files of jobs, within a limit.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::Engine;
use crate::border::identity::{DownloadId, JobId};

/// Limit on all stored heads, in bytes, so that 10,000 downloads with heads of half a megabyte do not fill the memory.
const MOST_BYTES: usize = 4 << 20;

#[derive(Debug, Default)]
pub(super) struct Headers {
    by_file: BTreeMap<(JobId, u32), (u64, Box<str>)>,
    /// The file of each head, the oldest first.
    by_age: BTreeMap<u64, (JobId, u32)>,
    next: u64,
    bytes: usize,
}

impl Headers {
    fn keep(&mut self, file: (JobId, u32), text: Box<str>) {
        self.forget(file);
        self.next += 1;
        self.bytes += text.len();
        self.by_age.insert(self.next, file);
        self.by_file.insert(file, (self.next, text));
        while self.bytes > MOST_BYTES
            && let Some((_, oldest)) = self.by_age.first_key_value()
        {
            self.forget(*oldest);
        }
    }

    pub fn forget_job(&mut self, job: JobId) {
        let its: Vec<_> = self.by_file.range((job, 0)..=(job, u32::MAX)).map(|(file, _)| *file).collect();
        its.into_iter().for_each(|file| self.forget(file));
    }

    fn forget(&mut self, file: (JobId, u32)) {
        if let Some((age, text)) = self.by_file.remove(&file) {
            self.by_age.remove(&age);
            self.bytes -= text.len();
        }
    }
}

impl Engine {
    /// The head of the last response for a file of a job.
    pub fn headers_of_file(&self, job: JobId, index: u32) -> Option<String> {
        let turn = self.book.jobs.get(&job).and_then(|job| job.turns.get(&index));
        let live = turn.and_then(|turn| self.downloads.get(&turn.download)?.report().last_fields);
        live.or_else(|| self.book.headers.by_file.get(&(job, index)).map(|(_, text)| text.clone().into()))
    }

    /// Stores the last response head of a file whose turn ends.
    pub(super) fn keep_headers(&mut self, job: JobId, index: u32, download: DownloadId) {
        let last = self.downloads.get(&download).and_then(|known| known.report().last_fields);
        if let Some(text) = last {
            self.book.headers.keep((job, index), text.into());
        }
    }
}

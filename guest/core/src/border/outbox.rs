//! The queue of outputs for the shell, and the source of their ids.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::string::String;
use alloc::vec::Vec;

use super::identity::{AttemptId, DownloadId, OperationId};
use super::output::{DiskOperation, Event, Happening, LedgerChange, Output, Request, Subject};
use crate::content::digest::Algorithm;

#[derive(Debug)]
pub(crate) struct Outbox {
    outputs: VecDeque<Output>,
    /// The owner of each exchange that has not ended.
    owners: BTreeMap<AttemptId, DownloadId>,
    last_download: DownloadId,
    last_attempt: AttemptId,
    last_operation: OperationId,
    /// Jitter, so that engines do not retry in step.
    pub random: fastrand::Rng,
}

impl Outbox {
    /// Download ids continue after `last_download`.
    pub fn new(seed: u64, last_download: DownloadId) -> Self {
        Self {
            outputs: VecDeque::new(),
            owners: BTreeMap::new(),
            last_download,
            last_attempt: AttemptId(0),
            last_operation: OperationId(0),
            random: fastrand::Rng::with_seed(seed),
        }
    }

    pub fn pop(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    pub const fn last_download(&self) -> DownloadId {
        self.last_download
    }

    pub const fn last_operation(&self) -> OperationId {
        self.last_operation
    }

    pub const fn new_download(&mut self) -> DownloadId {
        self.last_download.0 += 1;
        self.last_download
    }

    pub const fn new_attempt(&mut self) -> AttemptId {
        self.last_attempt.0 += 1;
        self.last_attempt
    }

    const fn new_operation(&mut self) -> OperationId {
        self.last_operation.0 += 1;
        self.last_operation
    }

    pub fn disk(&mut self, download: DownloadId, operation: DiskOperation) -> OperationId {
        let id = self.new_operation();
        self.outputs.push_back(Output::Disk { download, id, operation });
        id
    }

    pub fn want_content(&mut self, download: DownloadId, content_id: String) -> OperationId {
        let id = self.new_operation();
        self.outputs.push_back(Output::WantContent { download, id, content_id });
        id
    }

    pub fn request(&mut self, download: DownloadId, attempt: AttemptId, request: Request) {
        self.owners.insert(attempt, download);
        self.outputs.push_back(Output::Request { download, attempt, request });
    }

    pub fn cancel(&mut self, attempt: AttemptId) {
        self.owners.remove(&attempt);
        self.outputs.push_back(Output::Cancel { attempt });
    }

    pub fn digest_ahead(&mut self, download: DownloadId, algorithms: Vec<Algorithm>, length: u64) {
        self.outputs.push_back(Output::DigestAhead { download, algorithms, length });
    }

    pub fn ledger(&mut self, change: LedgerChange) {
        self.outputs.push_back(Output::Ledger(change));
    }

    pub fn released(&mut self, download: DownloadId) {
        self.outputs.push_back(Output::Released { download });
    }

    pub fn event(&mut self, subject: Subject, what: Happening) {
        self.outputs.push_back(Output::Event(Event { subject, what }));
    }

    /// Removes the owner of an exchange that has ended or whose download is forgotten, so that later inputs for it have no effect.
    pub fn end(&mut self, attempt: AttemptId) {
        self.owners.remove(&attempt);
    }

    /// The download that owns `attempt`.
    pub fn owner(&self, attempt: AttemptId) -> Option<DownloadId> {
        self.owners.get(&attempt).copied()
    }

    pub fn has_exchanges(&self) -> bool {
        !self.owners.is_empty()
    }

    /// Number of exchanges of each download that has any.
    pub fn exchanges(&self) -> BTreeMap<DownloadId, u64> {
        let mut exchanges = BTreeMap::new();
        self.owners.values().for_each(|owner| *exchanges.entry(*owner).or_default() += 1);
        exchanges
    }

    pub fn exchanges_of(&self, download: DownloadId) -> Vec<AttemptId> {
        self.owners.iter().filter(|(_, owner)| **owner == download).map(|(attempt, _)| *attempt).collect()
    }
}

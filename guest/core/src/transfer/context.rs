//! What one step of a transfer may use of the engine around it.

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;

use crate::border::identity::{AttemptId, DownloadId, OperationId};
use crate::border::output::{DiskOperation, Event, Happening, Output, Request, Subject};
use crate::border::time::Instant;
use crate::content::digest::Algorithm;
use crate::pacing::origins::Origins;
use crate::store::key::Key;

pub(crate) struct Context<'a> {
    pub now: Instant,
    pub key: Key,
    pub download: DownloadId,
    /// What events are about.
    pub subject: Subject,
    pub outputs: &'a mut VecDeque<Output>,
    pub random: &'a mut fastrand::Rng,
    pub next_attempt: &'a mut u64,
    pub next_operation: &'a mut u64,
    pub origins: &'a mut Origins,
}

impl Context<'_> {
    pub fn disk(&mut self, operation: DiskOperation) -> OperationId {
        *self.next_operation += 1;
        let id = OperationId(*self.next_operation);
        self.outputs.push_back(Output::Disk { download: self.download, id, operation });
        id
    }

    pub fn send(&mut self, attempt: AttemptId, request: Request) {
        self.origins.opened(self.download, attempt, &request.authority);
        self.outputs.push_back(Output::Request { download: self.download, attempt, request });
    }

    pub fn drop_exchange(&mut self, attempt: AttemptId) {
        self.origins.closed(attempt);
        self.outputs.push_back(Output::Cancel { attempt });
    }

    pub fn notify(&mut self, what: Happening) {
        self.outputs.push_back(Output::Event(Event { subject: self.subject, what }));
    }

    pub fn digest_ahead(&mut self, algorithms: Vec<Algorithm>, length: u64) {
        self.outputs.push_back(Output::DigestAhead { download: self.download, algorithms, length });
    }

    pub fn want_content(&mut self, content_id: String) -> OperationId {
        *self.next_operation += 1;
        let id = OperationId(*self.next_operation);
        self.outputs.push_back(Output::WantContent { download: self.download, id, content_id });
        id
    }

    pub fn new_attempt(&mut self) -> AttemptId {
        *self.next_attempt += 1;
        AttemptId(*self.next_attempt)
    }
}

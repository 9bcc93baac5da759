//! The parts of the engine that a transfer may use during one input.

use alloc::string::String;
use alloc::vec::Vec;

use crate::border::identity::{AttemptId, DownloadId, OperationId};
use crate::border::outbox::Outbox;
use crate::border::output::{DiskOperation, Happening, Request, Subject};
use crate::border::time::Instant;
use crate::content::digest::Algorithm;
use crate::pacing::origins::Origins;
use crate::store::key::Key;

pub(crate) struct Context<'a> {
    pub now: Instant,
    pub key: Key,
    pub download: DownloadId,
    /// The subject of its events.
    pub subject: Subject,
    pub outbox: &'a mut Outbox,
    pub origins: &'a mut Origins,
}

impl Context<'_> {
    pub fn disk(&mut self, operation: DiskOperation) -> OperationId {
        self.outbox.disk(self.download, operation)
    }

    pub fn send(&mut self, attempt: AttemptId, request: Request) {
        self.origins.opened(self.download, attempt, &request.authority);
        self.outbox.request(self.download, attempt, request);
    }

    pub fn drop_exchange(&mut self, attempt: AttemptId) {
        self.origins.closed(attempt);
        self.outbox.cancel(attempt);
    }

    pub fn notify(&mut self, what: Happening) {
        self.outbox.event(self.subject, what);
    }

    pub fn digest_ahead(&mut self, algorithms: Vec<Algorithm>, length: u64) {
        self.outbox.digest_ahead(self.download, algorithms, length);
    }

    pub fn want_content(&mut self, content_id: String) -> OperationId {
        self.outbox.want_content(self.download, content_id)
    }

    pub fn new_attempt(&mut self) -> AttemptId {
        self.outbox.new_attempt()
    }
}

//! Dispatch of facts to a download's preparation or its transfer.

use super::Download;
use crate::border::identity::{AttemptId, OperationId};
use crate::border::input::{Content, DiskDone, End};
use crate::border::time::Instant;
use crate::http::head::Head;
use crate::transfer::{Context, Step, Transfer};

impl Download {
    pub(crate) fn handle_head(&mut self, cx: &mut Context<'_>, attempt: AttemptId, head: &Head) {
        match (&mut self.preparation, &mut self.transfer) {
            (Some(preparation), _) => {
                let progress = preparation.handle_head(cx, attempt, head);
                self.prepared(cx, progress);
            }
            (None, Some(transfer)) => transfer.handle_head(cx, attempt, head),
            (None, None) => {}
        }
    }

    pub(crate) fn collected(&mut self, cx: &mut Context<'_>, attempt: AttemptId, bytes: &[u8]) {
        if let Some(preparation) = &mut self.preparation {
            let progress = preparation.collected(cx, attempt, bytes);
            self.prepared(cx, progress);
        }
    }

    pub(crate) fn moved(&mut self, cx: &mut Context<'_>, attempt: AttemptId, bytes: u64) {
        if let Some(transfer) = &mut self.transfer {
            transfer.moved(cx, attempt, bytes);
        }
    }

    pub(crate) fn ended(&mut self, cx: &mut Context<'_>, attempt: AttemptId, end: End) {
        match (&mut self.preparation, &mut self.transfer) {
            (Some(preparation), _) => {
                let progress = preparation.ended(cx, attempt, end);
                self.prepared(cx, progress);
            }
            (None, Some(transfer)) => transfer.ended(cx, attempt, end),
            (None, None) => {}
        }
    }

    pub(crate) fn resolved(&mut self, cx: &mut Context<'_>, id: OperationId, content: Option<Content>) {
        if let Some(preparation) = &mut self.preparation {
            let progress = preparation.resolved(cx, id, content);
            self.prepared(cx, progress);
        }
    }

    pub(crate) fn handle_disk(&mut self, cx: &mut Context<'_>, id: OperationId, done: DiskDone) {
        if let Some(transfer) = &mut self.transfer {
            transfer.handle_disk(cx, id, done);
        }
    }

    pub(crate) fn handle_time(&mut self, cx: &mut Context<'_>) {
        match (&mut self.preparation, &mut self.transfer) {
            (Some(preparation), _) => {
                let progress = preparation.handle_time(cx);
                self.prepared(cx, progress);
            }
            (None, Some(transfer)) => transfer.handle_time(cx),
            (None, None) => {}
        }
    }

    /// The rate limits delay `attempt`, which could otherwise continue.
    pub(crate) fn held(&mut self, now: Instant, attempt: AttemptId) {
        match (&mut self.preparation, &mut self.transfer) {
            (Some(preparation), _) => preparation.held(now),
            (None, Some(transfer)) => transfer.held(now, attempt),
            (None, None) => {}
        }
    }

    pub(crate) fn step(&self, attempt: AttemptId) -> Step {
        match (&self.preparation, &self.transfer) {
            (Some(preparation), _) => preparation.step(attempt),
            (None, Some(transfer)) => transfer.step(attempt),
            (None, None) => Step::Wait,
        }
    }

    /// The next time that [`Self::handle_time`] has work; `None` if the download only waits for inputs, or is queued.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        if self.queued {
            return None;
        }
        match &self.preparation {
            Some(preparation) => preparation.deadline(),
            None => self.transfer.as_deref().and_then(Transfer::deadline),
        }
    }
}

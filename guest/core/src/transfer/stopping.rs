//! Ending a run early, by request or by failure, without losing what can be used again.

use crate::failure::Cause;
use crate::output::DiskOperation;

use super::{Context, Phase, Purpose, Transfer};

impl Transfer {
    /// Stops moving bytes and saves what is written; with a cause, the run has failed.
    pub(crate) fn stop(&mut self, cx: &mut Context<'_>, cause: Option<Cause>) {
        match self.phase {
            Phase::Opening | Phase::CheckingTarget | Phase::Fetching | Phase::Finishing => {}
            _ => return,
        }
        self.cancel_all_but(cx, None);
        self.phase = Phase::Stopping(cause);
        if !self.sidecar.is_saving() {
            self.save_or_close(cx);
        }
    }

    pub(super) fn save_or_close(&mut self, cx: &mut Context<'_>) {
        if self.has_unsaved() {
            self.save(cx);
        } else if self.begun && !self.sidecar.exists() {
            self.ask_disk(cx, Purpose::Close, DiskOperation::Discard);
        } else {
            self.ask_disk(cx, Purpose::Close, DiskOperation::Close);
        }
    }

    pub(super) fn closed(&mut self) {
        if let Phase::Stopping(cause) = self.phase {
            self.phase = Phase::Idle;
            self.failure = cause;
        }
    }

    pub(super) fn disk_failed(&mut self, cx: &mut Context<'_>, purpose: Purpose, cause: Cause) {
        match (purpose, self.phase) {
            (Purpose::DropPartial | Purpose::Close, _) => {}
            (Purpose::Publish, _) => {
                self.phase = Phase::Complete;
                self.failure = Some(cause);
            }
            (Purpose::CheckpointSync | Purpose::CheckpointRecord, Phase::Stopping(_)) => {
                self.sidecar.save_failed();
                self.ask_disk(cx, Purpose::Close, DiskOperation::Close);
            }
            (Purpose::CheckpointSync | Purpose::CheckpointRecord, _) => {
                self.sidecar.save_failed();
                self.stop(cx, Some(cause));
            }
            _ => self.stop(cx, Some(cause)),
        }
    }

    /// Ends the transfer for good and removes what it wrote.
    pub(crate) fn abort(&mut self, cx: &mut Context<'_>) {
        self.cancel_all_but(cx, None);
        self.phase = Phase::Aborted;
        self.ask_disk(cx, Purpose::DropPartial, DiskOperation::Discard);
    }
}

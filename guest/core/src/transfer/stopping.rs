//! Early end of a run, by request or failure, with reusable bytes saved.

use crate::border::output::DiskOperation;
use crate::content::range::ByteRange;
use crate::failure::{Cause, DiskCause};

use super::{Context, Partial, Phase, Purpose, Transfer};

/// Bytes to truncate from the partial file if the disk has no space for the journal, because a rewritten journal is at most that long.
const ROOM: u64 = 64 << 10;

impl Transfer {
    /// Stops moving bytes and saves the written ones; a cause marks the run as failed.
    pub(crate) fn stop(&mut self, cx: &mut Context<'_>, cause: Option<Cause>) {
        match self.phase {
            Phase::Opening | Phase::CheckingTarget | Phase::Fetching | Phase::Finishing => {}
            _ => return,
        }
        self.cancel_all_but(cx, None);
        self.end_ahead(cx);
        self.phase = Phase::Stopping(cause);
        if self.sealing.is_making() {
            self.give_up_sealing();
            self.seal_and_record(cx);
        } else if !self.sidecar.is_saving() {
            self.save_or_close(cx);
        }
    }

    pub(super) fn save_or_close(&mut self, cx: &mut Context<'_>) {
        if self.has_unsaved() {
            self.save(cx);
        } else if self.sidecar.needs_closing() && !self.sealing.has_unverified() {
            self.record_closed(cx);
        } else {
            self.close(cx);
        }
    }

    /// Closes the files; removes a partial file without a journal.
    pub(super) fn close(&mut self, cx: &mut Context<'_>) {
        let worthless = self.partial == Partial::Open && !self.sidecar.exists();
        let operation = if worthless { DiskOperation::Discard } else { DiskOperation::Close };
        self.ask_disk(cx, Purpose::Close, operation);
    }

    pub(super) fn closed(&mut self) {
        if let Phase::Stopping(cause) = self.phase {
            self.phase = Phase::Idle;
            self.failure = cause;
        }
    }

    pub(super) fn disk_failed(&mut self, cx: &mut Context<'_>, purpose: Purpose, cause: Cause) {
        match (purpose, self.phase) {
            (Purpose::Close, _) => {}
            (Purpose::Begin, _) => {
                self.partial = Partial::None;
                self.stop(cx, Some(cause));
            }
            (Purpose::Publish, _) => {
                self.phase = Phase::Complete;
                self.failure = Some(cause);
            }
            (Purpose::CheckpointSync | Purpose::CheckpointRecord, Phase::Stopping(_)) => {
                self.sidecar.save_failed();
                let full = matches!(cause, Cause::Disk(DiskCause::NoSpace | DiskCause::QuotaExceeded));
                if full && self.can_make_room() {
                    self.make_room(cx);
                } else {
                    self.ask_disk(cx, Purpose::Close, DiskOperation::Close);
                }
            }
            (Purpose::CheckpointSync | Purpose::CheckpointRecord, _) => {
                self.sidecar.save_failed();
                self.stop(cx, Some(cause));
            }
            (Purpose::CloseRecord | Purpose::MakeRoom, _) => self.ask_disk(cx, Purpose::Close, DiskOperation::Close),
            _ => self.stop(cx, Some(cause)),
        }
    }

    /// Whether unsaved bytes at the end of the partial file can be truncated to make room for a journal of the rest.
    fn can_make_room(&self) -> bool {
        !self.sidecar.made_room && self.plan.written().end() > self.sidecar.kept().end()
    }

    fn make_room(&mut self, cx: &mut Context<'_>) {
        self.sidecar.made_room = true;
        let end = self.plan.written().end();
        let length = end.saturating_sub(ROOM).max(self.sidecar.kept().end());
        self.plan.unwrite(ByteRange::new(length, end));
        self.ask_disk(cx, Purpose::MakeRoom, DiskOperation::Cut { length });
    }

    /// Ends the transfer for good and removes its files.
    pub(crate) fn abort(&mut self, cx: &mut Context<'_>) {
        self.cancel_all_but(cx, None);
        self.end_ahead(cx);
        self.phase = Phase::Aborted;
        self.ask_disk(cx, Purpose::DropPartial, DiskOperation::Discard);
    }
}

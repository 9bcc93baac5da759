//! From the last byte to the file's own name: sync, verify the very bytes that get the name, publish.

use crate::digest::ExpectedDigest;
use crate::failure::Cause;
use crate::layout::Wanted;
use crate::output::{DigestSubject, DiskOperation, Publish, RestartReason};

use super::{Context, Phase, Purpose, Style, Transfer};

impl Transfer {
    /// Every byte is here.
    pub(super) fn finish(&mut self, cx: &mut Context<'_>) {
        self.cancel_all_but(cx, None);
        self.phase = Phase::Finishing;
        self.ask_disk(cx, Purpose::FinalSync, DiskOperation::Sync);
    }

    pub(super) fn verify_from(&mut self, cx: &mut Context<'_>, index: usize) {
        if self.phase != Phase::Finishing {
            return;
        }
        match self.options.expected.get(index) {
            Some(ExpectedDigest { algorithm, .. }) => {
                let operation = DiskOperation::Digest { subject: DigestSubject::Partial, algorithm: *algorithm };
                self.ask_disk(cx, Purpose::Verify(index), operation);
            }
            None => self.record_verified(cx),
        }
    }

    pub(super) fn verified(&mut self, cx: &mut Context<'_>, index: usize, value: &[u8]) {
        let Some(expected) = self.options.expected.get(index).filter(|_| self.phase == Phase::Finishing) else {
            return;
        };
        if expected.value == value {
            return self.verify_from(cx, index + 1);
        }
        let algorithm = expected.algorithm;
        if self.report.resumed > 0 || self.relies_on_digest {
            self.phase = Phase::Fetching;
            self.progress_at = cx.now;
            if self.wanted == Wanted::Whole {
                self.style = Style::Plain;
            }
            self.restart(cx, RestartReason::DigestMismatch);
            self.fill(cx);
        } else {
            self.phase = Phase::Stopping(Some(Cause::DigestMismatch(algorithm)));
            self.ask_disk(cx, Purpose::Close, DiskOperation::Discard);
        }
    }

    pub(super) fn completed(&mut self) {
        if self.phase == Phase::Finishing {
            self.phase = Phase::Complete;
        }
    }

    /// Gives the complete file its name.
    pub(crate) fn publish(&mut self, cx: &mut Context<'_>) {
        self.failure = None;
        self.phase = Phase::Publishing;
        let modified = self.representation.as_ref().and_then(|known| known.last_modified.as_ref());
        let publish = Publish {
            overwrite: self.options.overwrite,
            present: self.report.present,
            modified: modified.map(|modified| modified.seconds),
            length: self.plan.total().unwrap_or_default(),
        };
        self.ask_disk(cx, Purpose::Publish, DiskOperation::Publish(publish));
    }
}

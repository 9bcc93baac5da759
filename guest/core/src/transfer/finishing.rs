//! From the last byte to the file's own name: sync, verify the very bytes that get the name, publish.

use crate::digest::{Checksum, ExpectedDigest};
use crate::failure::Cause;
use crate::layout::Wanted;
use crate::output::{DigestSubject, DiskOperation, Publish, RestartReason};
use crate::range::ByteRange;

use super::{Context, Phase, Purpose, Style, Transfer};

impl Transfer {
    /// Every byte is here.
    pub(super) fn finish(&mut self, cx: &mut Context<'_>) {
        self.cancel_all_but(cx, None);
        if self.sealing.is_making() {
            self.give_up_sealing();
            self.sidecar.save_failed();
        }
        self.phase = Phase::Finishing;
        self.ask_disk(cx, Purpose::FinalSync, DiskOperation::Sync);
    }

    /// The digest of that number that the file must have: the caller's, else the one that the origin states.
    fn due_digest(&self, index: usize) -> Option<&ExpectedDigest> {
        let stated = self.representation.as_ref().and_then(|known| known.digest.as_ref());
        let stated = stated.filter(|_| !self.is_described_by_digest() && self.wanted == Wanted::Whole);
        self.options.chosen.expected.iter().chain(stated).nth(index)
    }

    pub(super) fn verify_from(&mut self, cx: &mut Context<'_>, index: usize) {
        if self.phase != Phase::Finishing {
            return;
        }
        match self.due_digest(index) {
            Some(ExpectedDigest { algorithm, .. }) => {
                let (subject, checksum) = (DigestSubject::Partial, Checksum::Digest(*algorithm));
                let operation = DiskOperation::Digest { subject, checksum, range: None };
                self.ask_disk(cx, Purpose::Verify(index), operation);
            }
            None => self.record_verified(cx),
        }
    }

    pub(super) fn verified(&mut self, cx: &mut Context<'_>, index: usize, value: &[u8]) {
        let Some(expected) = self.due_digest(index).filter(|_| self.phase == Phase::Finishing) else {
            return;
        };
        if expected.value == value {
            return self.verify_from(cx, index + 1);
        }
        let cause = Cause::DigestMismatch(expected.algorithm);
        let whole = ByteRange::new(0, self.plan.total().unwrap_or_default());
        match self.sources.givers(whole)[..] {
            [giver] if !self.is_pieced_together() && self.sources.usable_given() > 1 => {
                self.fetch_again(cx);
                self.drop_source(cx, giver, cause);
                self.only = self.sources.first_usable();
                self.fill(cx);
            }
            _ if self.is_pieced_together() => {
                self.fetch_again(cx);
                self.only = self.sources.first_usable();
                self.fill(cx);
            }
            _ => {
                self.phase = Phase::Stopping(Some(cause));
                self.ask_disk(cx, Purpose::Close, DiskOperation::Discard);
            }
        }
    }

    /// Whether the file is more than one body that one source sent: then one of its parts may be the wrong one. Several bodies
    /// get one more chance.
    fn is_pieced_together(&self) -> bool {
        self.report.resumed > 0 || self.relies_on_digest || (self.bodies > 1 && !self.was_wrong)
    }

    /// The bytes are wrong, and it is not known which of them: all of them go.
    fn fetch_again(&mut self, cx: &mut Context<'_>) {
        self.was_wrong = true;
        self.phase = Phase::Fetching;
        self.progress.excuse_until(cx.now);
        if self.wanted == Wanted::Whole {
            self.style = Style::Plain;
        }
        self.restart(cx, RestartReason::DigestMismatch);
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
        // A later run takes this time for the proof that it is where the date is a strong validator of the whole.
        let modified = self.representation.as_ref().and_then(|known| known.last_modified.as_ref());
        let modified = modified.filter(|modified| modified.strong && self.wanted == Wanted::Whole);
        let publish = Publish {
            overwrite: self.options.chosen.overwrite && self.naming.name().is_none(),
            present: self.report.present,
            modified: modified.map(|modified| modified.seconds),
            length: self.plan.total().unwrap_or_default(),
        };
        self.ask_disk(cx, Purpose::Publish, DiskOperation::Publish(publish));
    }
}

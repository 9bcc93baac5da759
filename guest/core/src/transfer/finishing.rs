//! The end of a transfer: sync, verification of the bytes that are renamed, rename.

use crate::border::output::{DigestSubject, DiskOperation, Passing, Publish, RestartReason};
use crate::content::digest::{Checksum, ExpectedDigest};
use crate::content::range::ByteRange;
use crate::failure::Cause;
use crate::http::representation::Representation;
use crate::layout::Wanted;
use crate::store::finished::Finished;

use super::{Context, Partial, Phase, Purpose, Sidecar, Style, Transfer};

impl Transfer {
    /// All bytes are present.
    pub(super) fn finish(&mut self, cx: &mut Context<'_>) {
        self.cancel_all_but(cx, None);
        if self.sealing.is_making() {
            self.give_up_sealing();
            self.sidecar.save_failed();
        }
        self.phase = Phase::Finishing;
        self.hint_ahead(cx);
        self.ask_disk(cx, Purpose::FinalSync, DiskOperation::Sync);
    }

    /// The required digest with this index: the caller's digests, otherwise the origin's.
    pub(super) fn due_digest(&self, index: usize) -> Option<&ExpectedDigest> {
        let stated = self.representation.as_ref().and_then(|known| known.digest.as_ref());
        let stated = stated.filter(|_| !self.is_described_by_digest() && self.wanted == Wanted::Whole);
        let (expected, stated) = match (&self.options.decryption, self.decrypted) {
            (None, _) => (&self.options.chosen.expected[..], stated),
            // The origin's digest covers the encrypted content, the caller's digests cover the local file.
            (Some(_), None) => (&[][..], stated.filter(|_| !self.options.in_order)),
            (Some(_), Some(_)) => (&self.options.chosen.expected[..], None),
        };
        expected.iter().chain(stated).nth(index)
    }

    /// The computations on a stream as its bytes pass, so that all required digests are available at the end.
    pub(super) fn passing(&self) -> Passing {
        let decryption = self.options.decryption.clone();
        let expected = self.options.chosen.expected.iter();
        let stated = self.due_digest(0).filter(|_| decryption.is_none());
        let digests = expected.chain(stated).map(|digest| digest.algorithm).collect();
        Passing { digests, decryption }
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
            None => self.decrypt_or_record(cx),
        }
    }

    fn decrypt_or_record(&mut self, cx: &mut Context<'_>) {
        self.end_ahead(cx);
        match (self.options.decryption.clone(), self.decrypted) {
            (Some(info), None) => self.ask_disk(cx, Purpose::Decrypt, DiskOperation::Decrypt { info }),
            _ if self.seal_whole(cx) => {}
            _ => self.record_verified(cx),
        }
    }

    /// The decrypted file exists; the caller's digests apply to it.
    pub(super) fn decrypted(&mut self, cx: &mut Context<'_>, length: u64) {
        if self.phase == Phase::Finishing {
            self.decrypted = Some(length);
            self.verify_from(cx, 0);
        }
    }

    pub(super) fn verified(&mut self, cx: &mut Context<'_>, index: usize, value: &[u8]) {
        let Some(expected) = self.due_digest(index).filter(|_| self.phase == Phase::Finishing) else {
            return;
        };
        if expected.value == value {
            return self.verify_from(cx, index + 1);
        }
        self.content_is_wrong(cx, Cause::DigestMismatch(expected.algorithm));
    }

    /// The bytes failed verification. Fetches them again if some may be right or another source is left; otherwise the download fails.
    pub(super) fn content_is_wrong(&mut self, cx: &mut Context<'_>, cause: Cause) {
        if self.phase != Phase::Finishing {
            return;
        }
        if self.options.in_order {
            return self.stop(cx, Some(cause));
        }
        self.end_ahead(cx);
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
                self.partial = Partial::None;
                self.sidecar = Sidecar::default();
                self.ask_disk(cx, Purpose::Close, DiskOperation::Discard);
            }
        }
    }

    /// Whether the file consists of more than one body, so that only a part of it may be wrong. A file of several bodies from one run gets
    /// one more try.
    fn is_pieced_together(&self) -> bool {
        self.report.resumed > 0 || self.relies_on_digest || (self.bodies > 1 && !self.was_wrong)
    }

    /// Drops all bytes, because it is unknown which of them are wrong.
    fn fetch_again(&mut self, cx: &mut Context<'_>) {
        self.was_wrong = true;
        self.decrypted = None;
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

    /// Length in bytes of the file to rename.
    pub(crate) fn local_length(&self) -> u64 {
        self.decrypted.or_else(|| self.plan.total()).unwrap_or_default()
    }

    /// The file already has its name; removes side files that an earlier engine left.
    pub(super) fn clear_up(&mut self, cx: &mut Context<'_>) {
        self.report.present = true;
        self.phase = Phase::Publishing;
        self.ask_disk(cx, Purpose::Publish, DiskOperation::Publish(Publish::LEFTOVERS));
    }

    /// The record by which a later run recognises the file; `None` if it is not a whole version of the content.
    fn finished(&self) -> Option<Finished> {
        let is_content = self.wanted == Wanted::Whole && self.decrypted.is_none();
        let (source, representation) = self.known_version().filter(|_| is_content)?;
        Some(Finished { source, representation: Representation { media_type: None, ..representation } })
    }

    /// Renames the complete file.
    pub(crate) fn publish(&mut self, cx: &mut Context<'_>) {
        self.failure = None;
        self.phase = Phase::Publishing;
        let publish = Publish {
            overwrite: self.options.chosen.overwrite && self.naming.name().is_none(),
            present: self.report.present,
            modified: self.representation.as_ref().and_then(|known| known.strong_date_of(&self.wanted)),
            length: self.local_length(),
            record: self.finished().map(|finished| finished.encode()).unwrap_or_default(),
        };
        self.ask_disk(cx, Purpose::Publish, DiskOperation::Publish(publish));
    }
}

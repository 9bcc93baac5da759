//! From the last byte to the file's own name: sync, verify the very bytes that get the name, publish.

use crate::border::output::{DigestSubject, DiskOperation, Passing, Publish, RestartReason};
use crate::content::digest::{Checksum, ExpectedDigest};
use crate::content::range::ByteRange;
use crate::failure::Cause;
use crate::http::representation::Representation;
use crate::layout::Wanted;
use crate::store::finished::Finished;

use super::{Context, Partial, Phase, Purpose, Sidecar, Style, Transfer};

impl Transfer {
    /// Every byte is here.
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

    /// The digest of that number that the file must have: the caller's, else the one that the origin states.
    pub(super) fn due_digest(&self, index: usize) -> Option<&ExpectedDigest> {
        let stated = self.representation.as_ref().and_then(|known| known.digest.as_ref());
        let stated = stated.filter(|_| !self.is_described_by_digest() && self.wanted == Wanted::Whole);
        let (expected, stated) = match (&self.options.decryption, self.decrypted) {
            (None, _) => (&self.options.chosen.expected[..], stated),
            // The origin's digest is that of the encrypted content, the caller's that of the local file.
            (Some(_), None) => (&[][..], stated.filter(|_| !self.options.in_order)),
            (Some(_), Some(_)) => (&self.options.chosen.expected[..], None),
        };
        expected.iter().chain(stated).nth(index)
    }

    /// What a stream has to do while bytes pass, so that all digests that are due can be told at the end.
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

    /// The decrypted file is there; now the caller's digests count.
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

    /// The bytes are not what they should be: they are fetched again where some of them may be right, else the download fails.
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

    /// Whether the file is more than one body that one source sent: then one of its parts may be the wrong one. Several bodies
    /// get one more chance.
    fn is_pieced_together(&self) -> bool {
        self.report.resumed > 0 || self.relies_on_digest || (self.bodies > 1 && !self.was_wrong)
    }

    /// The bytes are wrong, and it is not known which of them: all of them go.
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

    /// Bytes of the file that gets the name.
    pub(crate) fn local_length(&self) -> u64 {
        self.decrypted.or_else(|| self.plan.total()).unwrap_or_default()
    }

    /// The file has its name: what an engine that died has left beside it goes.
    pub(super) fn clear_up(&mut self, cx: &mut Context<'_>) {
        self.report.present = true;
        self.phase = Phase::Publishing;
        self.ask_disk(cx, Purpose::Publish, DiskOperation::Publish(Publish::LEFTOVERS));
    }

    /// The record by which a later run recognises the file; `None` for a file that is not a whole version of the content.
    fn finished(&self) -> Option<Finished> {
        let is_content = self.wanted == Wanted::Whole && self.decrypted.is_none();
        let (source, representation) = self.known_version().filter(|_| is_content)?;
        Some(Finished { source, representation: Representation { media_type: None, ..representation } })
    }

    /// Gives the complete file its name.
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

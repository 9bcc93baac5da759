//! The start of a transfer: state of the disk, bytes kept by an earlier run, and a file that already exists at the target.

use crate::border::input::{Opened, PartialFacts, TargetFacts};
use crate::border::output::{DigestSubject, DiskOperation, Happening, RestartReason};
use crate::content::digest::{Checksum, ExpectedDigest};
use crate::content::range::ByteRange;
use crate::failure::Cause;
use crate::layout::{Layout, Wanted};
use crate::store::finished::Finished;
use crate::store::journal::{self, Recovered, Unusable};
use crate::store::key::Tag;

use super::{Context, Naming, Partial, Phase, Probe, Purpose, Sealing, Sidecar, Transfer};

impl Transfer {
    pub(super) fn opened(&mut self, cx: &mut Context<'_>, found: Opened) {
        if self.phase != Phase::Opening {
            return;
        }
        let published = self.options.may_be_published.filter(|_| found.partial.is_none());
        if published.is_some() && found.target.as_ref().map(|target| target.length) == published {
            return self.clear_up(cx);
        }
        if self.options.expects_partial && found.partial.is_none() && found.target.is_none() {
            return self.stop(cx, Some(Cause::PartialGone));
        }
        let recovered = self.recover(cx, &found);
        let touched = recovered.as_ref().is_some_and(|recovered| was_edited_in(recovered, &found));
        self.relies_on_digest = touched && self.has_pieces();
        let is_stale = found.partial.is_some() || !found.journal.is_empty() || found.foreign;
        self.partial = if is_stale { Partial::Stale } else { Partial::None };
        let published = found.partial.is_none();
        if self.options.chosen.origin_names {
            self.naming = Naming::new(found.target);
            return self.begin_fetching(cx, recovered.filter(|_| !published));
        }
        match found.target.filter(|_| !self.options.chosen.overwrite) {
            Some(target) => self.meet_target(cx, target, recovered.filter(|_| published)),
            None => self.begin_fetching(cx, recovered.filter(|_| !published)),
        }
    }

    /// The state in the journal if it is usable; otherwise notifies the caller.
    fn recover(&self, cx: &mut Context<'_>, found: &Opened) -> Option<Recovered> {
        if found.foreign && !self.options.chosen.fresh {
            cx.notify(Happening::Restarted(RestartReason::NotProven));
            return None;
        }
        let recovered = match journal::read(&found.journal, &self.key) {
            Ok(recovered) if !self.options.chosen.fresh => recovered,
            Err(Unusable::Damaged) if !self.options.chosen.fresh => {
                cx.notify(Happening::Restarted(RestartReason::PartialDamaged));
                return None;
            }
            _ => return None,
        };
        if recovered.kept.is_empty() && !recovered.verified {
            return None;
        }
        match self.why_not_resume(&recovered, found) {
            None => {
                Some(self.what_can_be_checked(recovered, found)).filter(|left| !left.kept.is_empty() || left.verified)
            }
            Some(reason) => {
                cx.notify(Happening::Restarted(reason));
                None
            }
        }
    }

    /// After an unclean end, a partial file that is newer than its record was either edited by another program or written after the record.
    /// Keeps only bytes with a seal, which can be verified.
    fn what_can_be_checked(&self, mut recovered: Recovered, found: &Opened) -> Recovered {
        let in_order = recovered.closed || recovered.verified;
        if !in_order && !self.has_pieces() && was_edited_in(&recovered, found) {
            recovered.kept = recovered.seals.covered();
        }
        recovered
    }

    /// The reason why kept bytes are unusable; `None` if they are usable.
    fn why_not_resume(&self, recovered: &Recovered, found: &Opened) -> Option<RestartReason> {
        let provable_by_digest = self.is_described_by_digest();
        if !(recovered.authentic || provable_by_digest) {
            return Some(RestartReason::NotProven);
        }
        if recovered.wanted != self.wanted || !(self.source_of(recovered).is_some() || provable_by_digest) {
            return Some(RestartReason::NotProven);
        }
        let kept = &recovered.representation;
        let stated = kept.has_telling_digest() && self.wanted == Wanted::Whole;
        let only_waits_for_its_name = recovered.verified && self.options.expects_partial;
        if !(kept.is_strong() || stated || provable_by_digest || only_waits_for_its_name) {
            return Some(RestartReason::NotProven);
        }
        let in_order = recovered.closed || recovered.verified;
        if in_order && !self.has_pieces() && was_edited_in(recovered, found) {
            return Some(RestartReason::PartialDamaged);
        }
        let complete = recovered.representation.complete;
        let layout = complete.and_then(|complete| Layout::resolve(&self.wanted, complete).ok());
        let intact = layout.is_some_and(|layout| match found.partial {
            Some(PartialFacts { length, .. }) => {
                length >= recovered.kept.end() && recovered.kept.end() <= layout.total()
            }
            // The file was renamed, but the journal was not removed.
            None => {
                let named = found.target.as_ref().filter(|target| target.length == layout.total());
                recovered.verified && named.is_some()
            }
        });
        (!intact).then_some(RestartReason::PartialDamaged)
    }

    /// The source that the journal's validators belong to: one of this run's URLs, or the first if the caller declares that it replaces the
    /// earlier URL.
    fn source_of(&self, recovered: &Recovered) -> Option<usize> {
        self.source_at(recovered.source).or(self.options.chosen.refreshed.then_some(0))
    }

    fn source_at(&self, source: Tag) -> Option<usize> {
        self.sources.urls().position(|url| self.key.fingerprint(url) == source)
    }

    /// The partial file is open again. Records this in the journal before the first write, so that the next run does not attribute the
    /// writes to another program.
    pub(super) fn reopened(&mut self, cx: &mut Context<'_>, now: Option<u64>) {
        if self.sidecar.exists() && !self.sidecar.is_saving() {
            self.reopen_journal(cx, now);
        }
    }

    /// A file exists at the target and may not be replaced. The transfer fails unless it is the wanted one.
    fn meet_target(&mut self, cx: &mut Context<'_>, target: TargetFacts, recovered: Option<Recovered>) {
        let journal = recovered.filter(|recovered| recovered.authentic && recovered.verified);
        let finished = journal.as_ref().and_then(Finished::recovered);
        match self.probe(target, finished) {
            Ok(probe) if !self.options.chosen.expected.is_empty() => {
                self.phase = Phase::CheckingTarget;
                self.probing = Some(probe);
                self.check_target(cx, 0);
            }
            Ok(probe) => {
                self.probing = Some(probe);
                self.begin_fetching(cx, None);
            }
            Err(cause) => self.stop(cx, Some(cause)),
        }
    }

    /// The means to decide whether a file at the target is the wanted one: the caller's digests, otherwise the version recorded at its
    /// rename, in `finished` or with the file.
    ///
    /// # Errors
    ///
    /// [`Cause::TargetDiffers`] if the file is another one, [`Cause::TargetUnproven`] if neither a digest nor a record decides.
    pub(super) fn probe(&self, target: TargetFacts, finished: Option<Finished>) -> Result<Probe, Cause> {
        let length = target.length;
        if !self.options.chosen.expected.is_empty() {
            return Ok(Probe { length, recorded: None });
        }
        if self.contradicts_description(length) {
            return Err(Cause::TargetDiffers);
        }
        let finished = finished.or_else(|| Finished::decode(&target.record?)).ok_or(Cause::TargetUnproven)?;
        if self.wanted != Wanted::Whole || self.has_pieces() || self.options.decryption.is_some() {
            return Err(Cause::TargetUnproven);
        }
        match self.source_at(finished.source).is_some() {
            true => Ok(Probe { length, recorded: Some(finished.representation) }),
            false => Err(Cause::TargetDiffers),
        }
    }

    pub(super) fn check_target(&mut self, cx: &mut Context<'_>, index: usize) {
        let Some(ExpectedDigest { algorithm, .. }) = self.options.chosen.expected.get(index) else {
            let length = self.probing.as_ref().map_or(0, |probe| probe.length);
            return self.target_is_wanted(length);
        };
        let (subject, checksum) = (DigestSubject::Target, Checksum::Digest(*algorithm));
        let operation = DiskOperation::Digest { subject, checksum, range: None };
        self.ask_disk(cx, Purpose::CheckTarget(index), operation);
    }

    pub(super) fn target_digested(&mut self, cx: &mut Context<'_>, index: usize, value: &[u8]) {
        if self.phase != Phase::CheckingTarget {
            return;
        }
        if self.options.chosen.expected.get(index).is_some_and(|expected| expected.value == value) {
            self.check_target(cx, index + 1);
        } else {
            self.stop(cx, Some(Cause::TargetDiffers));
        }
    }

    /// The file at the target is the wanted one, so nothing is fetched.
    pub(super) fn target_is_wanted(&mut self, length: u64) {
        self.report.present = true;
        if let Ok(layout) = Layout::resolve(&Wanted::Whole, length) {
            self.plan.reset();
            self.plan.set_layout(layout);
        }
        self.phase = Phase::Complete;
    }

    fn begin_fetching(&mut self, cx: &mut Context<'_>, recovered: Option<Recovered>) {
        self.phase = Phase::Fetching;
        if let Some(recovered) = recovered {
            self.resume(cx, recovered);
        }
        self.fill(cx);
    }

    fn resume(&mut self, cx: &mut Context<'_>, recovered: Recovered) {
        let complete = recovered.representation.complete.unwrap_or_default();
        let Ok(layout) = Layout::resolve(&self.wanted, complete) else { return };
        self.plan.set_layout(layout);
        self.plan.resume(recovered.kept.clone());
        self.report.resumed = recovered.kept.total();
        let source = self.source_of(&recovered);
        let is_proven = recovered.authentic && source.is_some() && recovered.representation.is_strong();
        self.relies_on_digest |= !is_proven;
        self.representation = source.map(|_| recovered.representation);
        self.is_no_page = self.representation.as_ref().is_some_and(|known| !known.is_page());
        self.leader = source.unwrap_or_default();
        self.sources.get_mut(self.leader).seen = self.representation.clone();
        self.sealing = Sealing::recovered(recovered.seals);
        self.sidecar = Sidecar::recovered(recovered.kept, cx.now);
        self.partial = Partial::Open;
        self.begin_partial(cx, false);
        self.verify_seals(cx);
        self.resume_name(cx, recovered.name);
        self.look_for_whole_pieces(cx, ByteRange::new(0, complete));
        self.hint_ahead(cx);
    }
}

fn was_edited_in(recovered: &Recovered, found: &Opened) -> bool {
    recovered.was_edited(found.partial.and_then(|partial| partial.modified))
}

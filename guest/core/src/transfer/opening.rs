//! From the files found on disk to the first request: what an earlier run kept, and a file that is at the target already.

use crate::digest::ExpectedDigest;
use crate::failure::Cause;
use crate::input::{Opened, TargetFacts};
use crate::journal::{self, Recovered, Unusable};
use crate::layout::{Layout, Wanted};
use crate::output::{DigestSubject, DiskOperation, Happening, RestartReason};

use super::{Context, Phase, Probe, Purpose, Sidecar, Transfer};

impl Transfer {
    pub(super) fn opened(&mut self, cx: &mut Context<'_>, found: Opened) {
        if self.phase != Phase::Opening {
            return;
        }
        let recovered = self.recover(cx, &found);
        self.stale_files = found.partial.is_some() || !found.journal.is_empty();
        let published = found.partial.is_none();
        match found.target.filter(|_| !self.options.overwrite) {
            Some(target) => self.meet_target(cx, target, recovered.filter(|_| published)),
            None => self.begin_fetching(cx, recovered.filter(|_| !published)),
        }
    }

    /// What the journal vouches for, where that can still be used; tells the caller where it cannot.
    fn recover(&self, cx: &mut Context<'_>, found: &Opened) -> Option<Recovered> {
        let recovered = match journal::read(&found.journal) {
            Ok(recovered) if !self.options.fresh => recovered,
            Err(Unusable::Damaged) if !self.options.fresh => {
                cx.tell(Happening::Restarted(RestartReason::PartialDamaged));
                return None;
            }
            _ => return None,
        };
        if recovered.kept.is_empty() && !recovered.verified {
            return None;
        }
        match self.why_not_resume(&recovered, found) {
            None => Some(recovered),
            Some(reason) => {
                cx.tell(Happening::Restarted(reason));
                None
            }
        }
    }

    /// Why what was kept has to go; `None` where it can be used.
    fn why_not_resume(&self, recovered: &Recovered, found: &Opened) -> Option<RestartReason> {
        let provable_by_digest = !self.options.expected.is_empty();
        let same_source = recovered.source == self.source.fingerprint();
        if recovered.wanted != self.wanted || !(same_source || provable_by_digest) {
            return Some(RestartReason::NotProven);
        }
        if !recovered.representation.is_strong() && !provable_by_digest {
            return Some(RestartReason::NotProven);
        }
        let complete = recovered.representation.complete;
        let layout = complete.and_then(|complete| Layout::resolve(&self.wanted, complete).ok());
        let intact = layout.is_some_and(|layout| match found.partial {
            Some(length) => length >= recovered.kept.end() && recovered.kept.end() <= layout.total(),
            // The file got its name, and the journal was not removed any more.
            None => recovered.verified && found.target.is_some_and(|target| target.length == layout.total()),
        });
        (!intact).then_some(RestartReason::PartialDamaged)
    }

    /// A file is at the target and may not be replaced: it is the wanted one, or the transfer fails.
    fn meet_target(&mut self, cx: &mut Context<'_>, target: TargetFacts, recovered: Option<Recovered>) {
        if !self.options.expected.is_empty() {
            self.phase = Phase::CheckingTarget;
            self.probing = Some(Probe { target, recorded: None });
            return self.check_target(cx, 0);
        }
        let recorded = recovered.filter(|recovered| recovered.verified).map(|recovered| recovered.representation);
        if self.wanted == Wanted::Whole && (target.modified.is_some() || recorded.is_some()) {
            self.probing = Some(Probe { target, recorded });
            self.begin_fetching(cx, None);
        } else {
            self.stop(cx, Some(Cause::TargetDiffers));
        }
    }

    fn check_target(&mut self, cx: &mut Context<'_>, index: usize) {
        let Some(ExpectedDigest { algorithm, .. }) = self.options.expected.get(index) else {
            let length = self.probing.as_ref().map_or(0, |probe| probe.target.length);
            return self.target_is_wanted(length);
        };
        let operation = DiskOperation::Digest { subject: DigestSubject::Target, algorithm: *algorithm };
        self.ask_disk(cx, Purpose::CheckTarget(index), operation);
    }

    pub(super) fn target_digested(&mut self, cx: &mut Context<'_>, index: usize, value: &[u8]) {
        if self.phase != Phase::CheckingTarget {
            return;
        }
        if self.options.expected.get(index).is_some_and(|expected| expected.value == value) {
            self.check_target(cx, index + 1);
        } else {
            self.stop(cx, Some(Cause::TargetDiffers));
        }
    }

    /// The file at the target is the wanted one: nothing is fetched.
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
        let same_source = recovered.source == self.source.fingerprint();
        self.relies_on_digest = !(same_source && recovered.representation.is_strong());
        self.representation = same_source.then_some(recovered.representation);
        self.sidecar = Sidecar::recovered(recovered.kept, recovered.length, cx.now);
        self.begun = true;
        self.stale_files = false;
        let durability = self.options.durability;
        self.ask_disk(cx, Purpose::Begin, DiskOperation::Begin { fresh: false, durability });
    }
}

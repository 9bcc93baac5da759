//! Invariants of the engine.

use std::collections::{BTreeMap, BTreeSet};

use haul_core::border::identity::{AttemptId, DownloadId};
use haul_core::border::output::{DiskOperation, Publish, Request};
use haul_core::content::range::ByteRange;
use haul_core::download::{State, Status};
use haul_core::failure::Cause;
use haul_core::layout::Layout;
use haul_core::store::journal::{self, Recovered, Unusable};
use haul_core::store::key::Key;
use haul_core::transfer::Step;

use super::World;
use super::body::{Body, Version};
use super::extents::{BodyId, Extents};
use super::subject::{Subject, state_of};

/// Limit on the bytes that one step moves.
const LARGEST_STEP: u64 = 1 << 20;

/// The authentication field.
pub const AUTH_FIELD: &str = "x-who";

impl World {
    pub(super) fn statuses(&self) -> Vec<Option<Status>> {
        let status = |subject: &Subject| self.engine.download(subject.id).map(|download| download.status());
        self.subjects.iter().map(status).collect()
    }

    /// Invariants that hold after every event.
    pub(super) fn check(&mut self) {
        self.observe();
        for index in 0..self.subjects.len() {
            self.check_waits_for_something(index);
            self.check_segments(index);
            self.check_status(index);
            self.check_network(index);
            self.check_aborted(index);
        }
        self.check_origins();
        self.check_callers();
        self.check_ledger();
    }

    /// An aborted download leaves no files.
    fn check_aborted(&self, index: usize) {
        let subject = &self.subjects[index];
        let disk = &subject.disk;
        let excused = disk.stuck || disk.planted.is_some() || disk.stream.is_some() || !subject.obedient;
        if subject.state == State::Aborted && subject.has_begun && subject.pending.is_empty() && !excused {
            assert!(disk.partial.is_none() && disk.journal.is_empty(), "an aborted download has left files");
        }
    }

    /// Only a paused download has an error, and only one of the two kinds. A partial file is only reported missing if it is.
    fn check_status(&self, index: usize) {
        let Some(download) = self.engine.download(self.subjects[index].id) else { return };
        let status = download.status();
        let is_paused = status.state == State::Paused;
        assert!(status.error.is_none() || is_paused, "{status:?}");
        assert!(status.extended_error.is_none() || is_paused, "{status:?}");
        assert!(status.error.is_none() || status.extended_error.is_none(), "{status:?}");
        let excused = self.subjects[index].robbed || !self.subjects[index].obedient;
        assert!(status.error != Some(Cause::PartialGone) || excused, "a partial file is missed that is not missing");
    }

    /// An origin has at most the allowed number of exchanges plus one for each download. Not checked with rates, because `step` consumes
    /// allowance. Exchanges that only drain and redirected ones do not count.
    fn check_origins(&mut self) {
        let Some(most) = self.settings.max_per_origin.filter(|_| !self.keeps_rates()) else { return };
        let asked = self.exchanges.iter().filter(|(_, exchange)| !exchange.is_redirected);
        let asked: Vec<_> = asked.map(|(attempt, exchange)| (*attempt, exchange.request.authority.clone())).collect();
        let mut open: BTreeMap<String, usize> = BTreeMap::new();
        for (attempt, authority) in asked {
            if self.engine.step(self.now, attempt) != Step::Drain {
                *open.entry(authority).or_default() += 1;
            }
        }
        let most = most as usize + self.subjects.len();
        assert!(open.values().all(|count| *count <= most), "{open:?} of {most}");
    }

    fn keeps_rates(&self) -> bool {
        self.settings.max_rate.is_some() || self.subjects.iter().any(|subject| subject.setup.options.rate.is_some())
    }

    /// Tracks the states of the downloads.
    pub(super) fn observe(&mut self) {
        for index in 0..self.subjects.len() {
            let (id, old) = (self.subjects[index].id, self.subjects[index].state);
            let new = state_of(&self.engine, id);
            if new != State::Transferring {
                assert!(!self.exchanges.values().any(|exchange| exchange.download == id), "exchanges of a {new:?} one");
            }
            if old == new {
                continue;
            }
            assert!(!matches!(old, State::Finalized | State::Aborted), "{new:?} after {old:?}");
            assert!(new != State::Finalized || self.subjects[index].published, "finalized without a name");
            self.subjects[index].state = new;
            if new == State::Transferred {
                self.check_complete(index);
            }
        }
    }

    /// All bytes are present, of one version or proven by expected digests, and the length is right.
    fn check_complete(&self, index: usize) {
        let subject = &self.subjects[index];
        let download = self.engine.download(subject.id).expect("a known download");
        let total = download.status().bytes_total;
        if download.report().present {
            return assert_eq!(subject.disk.at_its_path().map(|target| target.length), Some(total));
        }
        let partial = subject.disk.partial.as_ref().expect("a partial file");
        let whole = ByteRange::new(0, total);
        assert!(subject.disk.members().covers(whole), "{partial:?} lacks some of {total} bytes");
        assert!(subject.expected().is_subset(&subject.proven), "not verified");
        assert!(!subject.setup.wishes.encrypted || subject.disk.decrypted.is_some(), "not decrypted");
        assert!(!subject.has_pieces() || subject.proven_pieces.covers(whole), "not all pieces verified");
        let bodies: BTreeSet<BodyId> = partial.bodies().collect();
        if subject.proven.is_empty() && !subject.proven_encrypted && !subject.has_pieces() {
            self.check_alike(&bodies);
        }
        let bodies = bodies.iter().map(|id| &self.bodies[*id]);
        let lengths = bodies.filter_map(|body| body.complete);
        lengths.for_each(|complete| {
            let layout = Layout::resolve(&subject.wanted, complete);
            assert_eq!(layout.map(|layout| layout.total()), Ok(total), "of a body of {complete}");
        });
    }

    /// All bodies are proven to be of one version, directly or through others.
    fn check_alike(&self, bodies: &BTreeSet<BodyId>) {
        let Some(first) = bodies.first() else { return };
        let (mut alike, mut next) = (BTreeSet::from([*first]), vec![*first]);
        while let Some(id) = next.pop() {
            let body = &self.bodies[id];
            let more =
                (0..self.bodies.len()).filter(|other| body.is_like(&self.bodies[*other]) && alike.insert(*other));
            next.extend(more);
        }
        let versions = || bodies.iter().map(|id| &self.bodies[*id].version).collect::<Vec<_>>();
        assert!(bodies.is_subset(&alike), "bytes of several versions: {:?}", versions());
        assert!(self.bodies[*first].version != Version::Foreign, "bytes of somebody else: {:?}", versions());
    }

    /// A download that waits has a deadline.
    fn check_waits_for_something(&self, index: usize) {
        let subject = &self.subjects[index];
        let Some(download) = self.engine.download(subject.id) else { return };
        let waits =
            subject.is_transferring() && !download.is_queued() && subject.obedient && subject.pending.is_empty();
        assert!(!waits || self.engine.deadline(self.now).is_some(), "waits for nothing");
    }

    /// The next writes of a download's exchanges do not overlap. Not checked with rates, because `step` consumes allowance.
    fn check_segments(&mut self, index: usize) {
        if self.keeps_rates() {
            return;
        }
        let subject = &self.subjects[index];
        let of_subject = self.exchanges.iter().filter(|(_, exchange)| exchange.download == subject.id);
        let attempts: Vec<AttemptId> = of_subject.map(|(attempt, _)| *attempt).collect();
        let mut next: Vec<ByteRange> = Vec::new();
        for attempt in attempts {
            if let Step::Write { offset, limit } = self.engine.step(self.now, attempt) {
                let range = ByteRange::new(offset, offset.checked_add(limit).expect("within 64 bits"));
                assert!(!next.iter().any(|other| other.overlaps(&range)), "{range:?} is written twice: {next:?}");
                next.push(range);
            }
        }
    }

    pub(super) fn check_step(&self, index: usize, step: Step, body: &Body) {
        let subject = &self.subjects[index];
        let (Step::Write { limit, .. } | Step::Skip { limit }) = step else { return };
        assert!(limit > 0 && limit <= LARGEST_STEP, "{step:?}");
        let Step::Write { offset, .. } = step else { return };
        let range = ByteRange::new(offset, offset.checked_add(limit).expect("within 64 bits"));
        assert!(subject.disk.open, "{step:?} to a file that is not open");
        assert!(limit <= body.left(), "{step:?} of {body:?}");
        let kept = &subject.disk.kept;
        assert!(!kept.touches(range), "{step:?} while the journal vouches for {kept:?}");
        if let Some(place) = body.local(&subject.wanted) {
            assert_eq!(offset, place, "{body:?} in {:?}", subject.wanted);
        }
        let total = self.engine.download(subject.id).map_or(0, |download| download.status().bytes_total);
        assert!(total == 0 || range.end <= total, "{step:?} of {total} bytes");
    }

    pub(super) fn check_request(&self, download: DownloadId, request: &Request) {
        if let Some(index) = self.index_of(download) {
            self.check_may_ask(index, request);
        }
        let field = |name: &str| request.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        assert!(field("if-range").is_none_or(|validator| !validator.starts_with("W/")), "{request:?}");
        assert!(field("if-range").is_none() || field("range").is_some(), "{request:?}");
    }

    /// The network may be used, and only the origin that challenged gets the authentication field.
    fn check_may_ask(&self, index: usize, request: &Request) {
        let subject = &self.subjects[index];
        assert!(self.link.serves(subject.paying), "{:?} is used by {:?}", self.link, subject.paying);
        if request.fields.iter().any(|(name, _)| name == AUTH_FIELD) {
            assert!(subject.setup.wishes.auth && subject.challenged, "nobody asked for {request:?}");
            assert_eq!(request.authority, "origin");
        }
    }

    pub(super) fn check_operation(&mut self, index: usize, operation: &DiskOperation) {
        if let DiskOperation::Publish(publish) = operation {
            self.check_publish(index, publish);
        }
    }

    /// Each call to finalize causes at most one rename, and only of a complete file.
    fn check_publish(&mut self, index: usize, publish: &Publish) {
        let subject = &mut self.subjects[index];
        assert!(subject.finalizes > 0 && subject.state == State::Transferred, "{publish:?} in {:?}", subject.state);
        subject.finalizes -= 1;
        assert!(!publish.overwrite || !subject.disk.is_named, "an origin chooses what is replaced");
        if publish.present {
            return assert!(subject.disk.at_its_path().is_some());
        }
        assert!(subject.disk.decrypted.is_none_or(|length| length == publish.length), "{publish:?}");
        let whole = ByteRange::new(0, publish.length);
        assert!(subject.disk.synced.covers(whole), "{publish:?} of what is not synced");
        assert!(subject.disk.members().covers(whole), "{publish:?} of what is not written");
    }

    /// A journal records only synced bytes, and names their version only if it is proven. A stream needs no sync, because no other process
    /// reads its journal.
    pub(super) fn check_journal(&self, index: usize) {
        let subject = &self.subjects[index];
        let recovered = match journal::read(&subject.disk.journal, &Key::default()) {
            Ok(recovered) => recovered,
            Err(unusable) => return assert_eq!(unusable, Unusable::Absent, "what is written can be read"),
        };
        let partial = subject.disk.partial.as_ref().expect("no journal without a partial file");
        let runs = recovered.kept.runs().iter().filter(|_| subject.disk.stream.is_none());
        for run in runs {
            assert!(subject.disk.synced.covers(*run), "{run:?} is kept, and only {:?} synced", subject.disk.synced);
        }
        if recovered.representation.is_strong() {
            self.check_recorded(index, &recovered, partial);
        }
    }

    /// Kept bytes are of the version in the journal, except that bytes with an unverified checksum may differ.
    fn check_recorded(&self, index: usize, recovered: &Recovered, partial: &Extents) {
        let recorded = Body::recorded(recovered, usize::MAX);
        let sealed = recovered.seals.covered();
        for run in recovered.kept.runs() {
            for (extent, body) in partial.in_range(*run) {
                let version = &self.bodies[body].version;
                let foreign = *version == Version::Foreign || self.subjects[index].disk.stuck;
                let doubted = foreign && sealed.touches(extent);
                let like = doubted || self.bodies[body].is_like(&recorded);
                assert!(like, "{extent:?} is of {version:?}, not {recorded:?}");
            }
        }
    }
}

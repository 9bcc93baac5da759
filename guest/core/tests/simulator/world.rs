//! Runs an engine as the component does, with a virtual clock, kills, and a disk that fills up.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use haul_core::border::identity::{AttemptId, DownloadId};
use haul_core::border::input::{DiskDone, End, Input, Opened, PartialFacts, TargetFacts};
use haul_core::border::output::{DigestSubject, DiskOperation, Output};
use haul_core::border::time::Instant;
use haul_core::content::digest::{Algorithm, Checksum, ExpectedDigest};
use haul_core::content::pieces::Pieces;
use haul_core::content::range::ByteRange;
use haul_core::download::{Abilities, StartMode, State};
use haul_core::engine::{Engine, Restored, Settings};
use haul_core::failure::{Cause, DiskCause, Fault};
use haul_core::layout::RequestedRange;
use haul_core::parse::url::Url;
use haul_core::settings::durability::Durability;
use haul_core::settings::network::Network;
use haul_core::settings::property::Property;
use haul_core::settings::transfer_options::TransferOptions;
use haul_core::store::key::Key;
use haul_core::store::ledger::Reader;
use haul_core::transfer::Step;

use crate::disk::Disk;
use crate::file::{File, Origin as Bytes};
use crate::origin::{Answer, Origin, PORTAL, Script, digest_of};

/// Conditions of a run.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub seed: u64,
    pub connections: Option<u32>,
    pub power: bool,
    /// Capacity of the disk in bytes.
    pub capacity: Option<u64>,
    /// Number of disk operations that fail before the disk works again.
    pub disk_faults: u32,
    /// Turns before which the engine dies.
    pub kills: Vec<u32>,
    /// Turns before which a run ends and another program writes into the partial file.
    pub edits: Vec<u32>,
    /// Turns before which the machine is suspended for hours.
    pub sleeps: Vec<u32>,
    /// Turns before which the network is down for a while.
    pub outages: Vec<u32>,
    /// Requested ranges as offset and length; empty for the whole file.
    pub ranges: Vec<(u64, u64)>,
    /// The last version's digest is set in most runs.
    pub digest: bool,
    /// Length of pieces, if the digests of the last version's pieces are set in most runs.
    pub piece: Option<u64>,
    /// Longest time between two events, in microseconds.
    pub pace: u64,
    /// Some runs use other options and another URL.
    pub fickle: bool,
    /// The download is non-volatile: the next engine resumes it with its first settings.
    pub non_volatile: bool,
}

/// Turns after which a run counts as a livelock.
const MOST_TURNS: u32 = 20_000;

/// Outputs of one input after which it counts as a livelock.
const MOST_OUTPUTS: u32 = 10_000;

struct Exchange {
    answer: Answer,
    head_sent: bool,
}

pub struct World {
    plan: Plan,
    origin: Origin,
    disk: Disk,
    random: fastrand::Rng,
    now: Instant,
    engine: Engine,
    download: DownloadId,
    exchanges: BTreeMap<AttemptId, Exchange>,
    failures_while_stable: u32,
    /// A response in this run carried something other than an HTML page.
    knows_file: bool,
    /// Length of the prefix whose digests may have been started.
    ahead: u64,
    /// Number of engines that died.
    pub killed: u32,
    log: String,
}

impl World {
    pub fn new(script: Script, plan: Plan) -> Self {
        let random = fastrand::Rng::with_seed(plan.seed);
        let now = Instant::from_nanos(1_000_000);
        let engine = Engine::new(Settings::default(), plan.seed, now);
        let (origin, disk) = (Origin::new(script), Disk::default());
        let mut world = Self {
            plan,
            origin,
            disk,
            random,
            now,
            engine,
            download: DownloadId(0),
            exchanges: BTreeMap::new(),
            failures_while_stable: 0,
            knows_file: false,
            ahead: 0,
            killed: 0,
            log: String::new(),
        };
        world.open();
        world
    }

    pub fn transcript(&self) -> &str {
        &self.log
    }

    fn note(&mut self, line: impl std::fmt::Display) {
        let _ = writeln!(self.log, "{:>10.3} {line}", self.now.as_nanos() as f64 / 1e9);
    }

    /// Starts a new engine on the same disk.
    fn open(&mut self) {
        self.exchanges.clear();
        self.knows_file = false;
        self.ahead = 0;
        let abilities = Abilities { keeps_downloads: self.plan.non_volatile, ..Abilities::default() };
        self.engine = Engine::new(Settings { abilities, ..Settings::default() }, self.random.u64(..), self.now);
        if !self.take_up() {
            self.make();
        }
    }

    /// Continues an earlier engine's download; `false` if there is none.
    fn take_up(&mut self) -> bool {
        let ledger = self.disk.read_ledger();
        assert_eq!(self.engine.restore(self.now, ledger), Restored::All, "{}", self.log);
        let Ok(found) = self.engine.downloads_of("", None) else { return false };
        assert_eq!(found.len(), 1, "the download is there twice\n{}", self.log);
        self.download = found[0];
        self.note("taken up");
        self.engine.start(self.now, self.download, StartMode::Resume).unwrap();
        true
    }

    fn make(&mut self) {
        self.download = self.engine.create("id".into(), String::new()).unwrap();
        let rarely = |random: &mut fastrand::Rng| random.u8(..4) == 0;
        let fresh = self.plan.fickle && rarely(&mut self.random);
        let elsewhere = self.plan.fickle && rarely(&mut self.random);
        let digest = self.plan.digest && !(self.plan.fickle && rarely(&mut self.random));
        let value = digest_of(self.origin.last_version());
        let expected = digest.then_some(ExpectedDigest { algorithm: Algorithm::Sha256, value });
        let pieces = self.pieces().filter(|_| !(self.plan.fickle && rarely(&mut self.random)));
        let mirror = |number| Url::parse(&format!("http://mirror{number}/file")).expect("a URL");
        let options = TransferOptions {
            connections: self.plan.connections,
            durability: if self.plan.power { Durability::Power } else { Durability::Process },
            fresh,
            expected: expected.into_iter().collect(),
            mirrors: (0..self.origin.mirrors()).map(mirror).collect(),
            pieces,
            ..TransferOptions::default()
        };
        let url = if elsewhere { "http://origin/other" } else { "http://origin/file" };
        let described = (digest, options.pieces.is_some());
        self.note(format_args!("opened for {url}, fresh: {fresh}, digest and pieces: {described:?}"));
        self.engine.set_property(self.now, self.download, Property::Uri(url.into())).unwrap();
        self.engine.set_property(self.now, self.download, Property::LocalPath("file".into())).unwrap();
        self.engine.set_options(self.download, options).unwrap();
        self.engine.set_property(self.now, self.download, Property::NonVolatile(self.plan.non_volatile)).unwrap();
        self.engine.start(self.now, self.download, self.mode()).unwrap();
    }

    /// The digests of the last version's pieces.
    fn pieces(&self) -> Option<Pieces> {
        let (length, version) = (self.plan.piece?, self.origin.last_version());
        let count = self.origin.length(version).div_ceil(length).max(1);
        Pieces::new(Algorithm::Sha256, length, (0..count).map(|_| digest_of(version)).collect())
    }

    fn mode(&self) -> StartMode {
        let bounded = |&(offset, length): &(u64, u64)| RequestedRange::Bounded { offset, length };
        match self.plan.ranges.is_empty() {
            true => StartMode::WholeFile,
            false => StartMode::Ranges(self.plan.ranges.iter().map(bounded).collect()),
        }
    }

    /// Runs until the engine gives up.
    pub fn run_until_stopped(&mut self) {
        for _ in 0..MOST_TURNS {
            self.drain();
            if self.engine.download(self.download).is_some_and(|download| download.status().error.is_some()) {
                return;
            }
            self.turn().expect("time passes");
        }
    }

    /// Bytes that the journal records as kept.
    pub fn kept(&self) -> u64 {
        haul_core::store::journal::read(&self.disk.journal, &Key::default())
            .map_or(0, |recovered| recovered.kept.total())
    }

    pub fn enlarge_disk(&mut self) {
        self.plan.capacity = None;
    }

    /// Free bytes on the disk.
    fn room(&self) -> u64 {
        let used = self.disk.partial.as_ref().map_or(0, File::length) + self.disk.journal.len() as u64;
        self.plan.capacity.map_or(u64::MAX, |capacity| capacity.saturating_sub(used))
    }

    pub fn run(&mut self) -> Result<(), String> {
        for turn in 0..MOST_TURNS {
            self.disturb(turn);
            self.drain();
            let status = self.engine.download(self.download).unwrap().status();
            match status.state {
                State::Transferring | State::Paused if status.error.is_none() => self.turn()?,
                State::Paused if self.origin.is_stable() && self.cannot_succeed(status.error) => return Ok(()),
                State::Paused => self.start_again(status.error)?,
                State::Transferred => self.engine.finalize(self.now, self.download).unwrap(),
                State::Finalized => return self.check(),
                other => return Err(format!("ended as {other:?}")),
            }
        }
        Err("no end in sight".into())
    }

    fn check(&self) -> Result<(), String> {
        let target = self.disk.target.as_ref().ok_or("no file at the target")?;
        match self.version_of(target) {
            None => return Err(format!("not one version: {target:?}")),
            Some(PORTAL) if self.knows_file => return Err("a page for people was taken for the file".into()),
            Some(_) => {}
        }
        if self.left_in_ledger() {
            return Err("the ledger knows of a download that is over".into());
        }
        let clean = self.disk.partial.is_none() && self.disk.journal.is_empty();
        if clean { Ok(()) } else { Err("leftovers beside the target".into()) }
    }

    fn left_in_ledger(&self) -> bool {
        let mut engine = Engine::new(Settings::default(), 0, self.now);
        engine.restore(self.now, Reader::of(&self.disk.ledger));
        engine.downloads_of("", None).is_ok()
    }

    /// The version that `file` is the requested part of; the stable one if several match.
    fn version_of(&self, file: &File) -> Option<u64> {
        let parts = |version: u64| match self.plan.ranges.is_empty() {
            true => vec![(0, self.origin.length(version))],
            false => self.plan.ranges.clone(),
        };
        let versions = [self.origin.last_version()].into_iter().chain(self.origin.versions());
        versions.into_iter().find(|version| file.is(*version, &parts(*version)))
    }

    fn start_again(&mut self, error: Option<Cause>) -> Result<(), String> {
        self.note(format_args!("failed: {error:?}; started again"));
        let excusable = error.is_some_and(|cause| matches!(cause.fault(), Fault::Network | Fault::Disk));
        self.failures_while_stable += u32::from(self.origin.is_stable() && !excusable);
        // A failure may still result from the time before the origin was stable.
        if self.failures_while_stable > 2 {
            return Err(format!("gave up on a stable origin: {error:?}"));
        }
        if error == Some(Cause::TargetDiffers) {
            return Err("met its own target".into());
        }
        if error == Some(Cause::PartialGone) {
            return Err("missed a partial file that nobody removed".into());
        }
        self.knows_file = false;
        self.engine.start(self.now, self.download, StartMode::Resume).map_err(|cause| format!("{cause:?}"))
    }

    /// Whether the stable version lacks the ranges, or the other URL's content does not match the digest.
    fn cannot_succeed(&self, error: Option<Cause>) -> bool {
        let last = self.origin.length(self.origin.last_version());
        let out_of_file = self.plan.ranges.iter().any(|(offset, length)| offset + length > last);
        match error {
            Some(Cause::InvalidRange) => out_of_file,
            Some(Cause::DigestMismatch(_) | Cause::PieceMismatch | Cause::LengthDiffers) => {
                self.plan.fickle || out_of_file
            }
            _ => false,
        }
    }

    fn lose_network(&mut self) {
        self.note("the network is away");
        self.engine.set_network(self.now, Network { connected: false, ..Network::default() });
        self.drain();
        assert!(self.exchanges.is_empty(), "something is asked for without a network\n{}", self.log);
        self.now = self.now + Duration::from_secs(24 * 3600);
        self.engine.handle(self.now, Input::Time);
        self.drain();
        assert!(self.exchanges.is_empty(), "something is asked for without a network\n{}", self.log);
        self.engine.set_network(self.now, Network::default());
    }

    /// Disturbs the engine before this turn.
    fn disturb(&mut self, turn: u32) {
        if self.plan.kills.contains(&turn) {
            self.kill();
        }
        if self.plan.edits.contains(&turn) {
            self.end_and_edit();
        }
        if self.plan.outages.contains(&turn) {
            self.lose_network();
        }
        if self.plan.sleeps.contains(&turn) {
            self.note("the machine sleeps");
            self.now = self.now + Duration::from_secs(9 * 3600);
        }
    }

    /// Ends the run cleanly or not. Then another program writes into the partial file: at once if the engine can detect that, otherwise a
    /// minute later.
    fn end_and_edit(&mut self) {
        if self.random.bool() {
            self.note("ended in order");
            self.engine.pause(self.now, self.download).unwrap_or_default();
            self.drain();
        }
        if self.disk.target.is_some() {
            return;
        }
        self.now = self.now + if self.is_sealed() { Duration::from_millis(1) } else { Duration::from_secs(61) };
        self.note("edited");
        self.disk.edit(self.random.u64(..), self.now.as_nanos());
        self.open();
    }

    /// Whether the journal has checksums of all kept bytes.
    fn is_sealed(&self) -> bool {
        let recovered = haul_core::store::journal::read(&self.disk.journal, &Key::default());
        recovered.is_ok_and(|recovered| recovered.seals.covered() == recovered.kept)
    }

    fn kill(&mut self) {
        self.note("killed");
        self.killed += 1;
        let torn = self.random.usize(0..13);
        self.disk.tear_ledger(torn);
        if self.plan.power {
            let torn = if self.random.bool() { self.random.usize(0..12) } else { 0 };
            self.disk.lose_power(torn);
        }
        self.open();
    }

    /// Simulates one event: an exchange advances, or time passes.
    fn turn(&mut self) -> Result<(), String> {
        self.now = self.now + Duration::from_micros(self.random.u64(1..self.plan.pace));
        let deadline = self.engine.deadline(self.now);
        let idle = !self.exchanges.values().any(is_lively);
        if idle || deadline.is_some_and(|deadline| deadline <= self.now) {
            self.let_time_pass(deadline.ok_or("waits for nothing")?)?;
        }
        let lively: Vec<_> =
            self.exchanges.iter().filter(|(_, exchange)| is_lively(exchange)).map(|(id, _)| *id).collect();
        if !lively.is_empty() {
            let attempt = lively[self.random.usize(..lively.len())];
            self.advance(attempt);
        }
        Ok(())
    }

    fn let_time_pass(&mut self, deadline: Instant) -> Result<(), String> {
        self.now = self.now.max(deadline);
        self.engine.handle(self.now, Input::Time);
        self.drain();
        match self.engine.deadline(self.now) {
            Some(next) if next <= self.now => Err("the deadline stays in the past".into()),
            _ => Ok(()),
        }
    }

    fn advance(&mut self, attempt: AttemptId) {
        let Some(exchange) = self.exchanges.get_mut(&attempt) else { return };
        if !exchange.head_sent {
            exchange.head_sent = true;
            if let Some(head) = exchange.answer.head.clone() {
                self.note(format_args!("{attempt:?} gets {} {:?}", head.status, head.field("content-range")));
                let usable = head.status == 200 || (head.status == 206 && head.content_range().is_some());
                self.knows_file |= usable && head.field("content-type") == Some("application/octet-stream");
                return self.engine.handle(self.now, Input::Head { attempt, head });
            }
        }
        let left = exchange.answer.to - exchange.answer.from;
        let step = self.engine.step(self.now, attempt);
        if left == 0 || step == Step::Drain {
            let end = if left == 0 { exchange.answer.end } else { Some(End::Complete) };
            if let Some(end) = end {
                self.exchanges.remove(&attempt);
                self.note(format_args!("{attempt:?} ends: {end:?}"));
                self.engine.handle(self.now, Input::Ended { attempt, end });
            }
            return;
        }
        let (Step::Write { limit, .. } | Step::Skip { limit }) = step else { return };
        let mut bytes = left.min(limit).min(self.random.u64(1..2 << 20));
        let origin = Bytes { version: exchange.answer.version, source: exchange.answer.from };
        if let Step::Write { offset, .. } = step {
            bytes = bytes.min(self.room());
            if bytes == 0 {
                self.exchanges.remove(&attempt);
                let end = End::Failed(Cause::Disk(DiskCause::NoSpace));
                return self.engine.handle(self.now, Input::Ended { attempt, end });
            }
            assert!(offset >= self.ahead, "{offset} may be digested already, up to {}\n{}", self.ahead, self.log);
            let partial = self.disk.partial.as_mut().expect("bytes are written to an open file");
            partial.write(offset, bytes, origin);
            self.disk.modified = self.now.as_nanos();
        }
        if let Some(exchange) = self.exchanges.get_mut(&attempt) {
            exchange.answer.from += bytes;
        }
        self.engine.handle(self.now, Input::Moved { attempt, bytes });
    }

    fn drain(&mut self) {
        for count in 0.. {
            assert!(count < MOST_OUTPUTS, "outputs without end\n{}", self.log);
            let Some(output) = self.engine.poll_output() else { return };
            match output {
                Output::Disk { download, id, operation } => {
                    let done = self.do_disk(operation);
                    self.engine.handle(self.now, Input::Disk { download, id, done });
                }
                Output::Request { attempt, request, .. } => {
                    let answer = self.origin.answer(&request);
                    self.note(format_args!("{attempt:?} asks {} {:?}", request.authority, &request.fields[1..]));
                    self.exchanges.insert(attempt, Exchange { answer, head_sent: false });
                }
                Output::Cancel { attempt } => {
                    self.exchanges.remove(&attempt);
                }
                Output::DigestAhead { length, .. } => self.digest_ahead(length),
                Output::Released { .. } => {}
                Output::Event(event) => self.note(format_args!("{:?}", event.what)),
                Output::Ledger(change) => self.disk.change_ledger(change, &mut self.engine),
                Output::WantContent { .. } => panic!("nobody asked for {output:?}"),
            }
        }
    }

    /// Checks that the prefix of the hint is written without a gap.
    fn digest_ahead(&mut self, length: u64) {
        let written = self.disk.partial.as_ref().map_or(0, File::written_from_start);
        assert!(length <= written, "{length} bytes are not written, but {written}\n{}", self.log);
        self.ahead = length;
    }

    fn do_disk(&mut self, operation: DiskOperation) -> DiskDone {
        let goes = match operation {
            DiskOperation::Begin { fresh, .. } => fresh,
            DiskOperation::Cut { length } => length < self.ahead,
            DiskOperation::Discard | DiskOperation::Close | DiskOperation::Decrypt { .. } => true,
            _ => false,
        };
        assert!(!goes || self.ahead == 0, "{operation:?} with {} bytes being digested\n{}", self.ahead, self.log);
        let can_fail = operation != DiskOperation::Close;
        if can_fail && self.plan.disk_faults > 0 && self.random.u8(..4) == 0 {
            self.plan.disk_faults -= 1;
            self.note(format_args!("disk full at {operation:?}"));
            return DiskDone::Failed(Cause::Disk(DiskCause::NoSpace));
        }
        match operation {
            DiskOperation::Open { .. } => DiskDone::Opened(self.found()),
            DiskOperation::Begin { fresh, .. } => {
                if fresh || self.disk.partial.is_none() {
                    self.disk.partial = Some(File::default());
                    self.disk.modified = self.now.as_nanos();
                }
                DiskDone::Begun { now: Some(self.now.as_nanos()) }
            }
            DiskOperation::Sync => {
                self.disk.sync();
                DiskDone::Synced { modified: Some(self.disk.modified) }
            }
            DiskOperation::ReplaceJournal { bytes } if self.room() < bytes.len() as u64 => {
                DiskDone::Failed(Cause::Disk(DiskCause::NoSpace))
            }
            DiskOperation::ReplaceJournal { bytes } => {
                self.disk.journal = bytes;
                DiskDone::JournalWritten
            }
            DiskOperation::AppendJournal { offset, bytes } => {
                self.disk.journal.truncate(offset as usize);
                self.disk.journal.extend(bytes);
                DiskDone::JournalWritten
            }
            DiskOperation::Digest { range: Some(range), checksum: Checksum::Crc32, .. } => {
                let crc = self.disk.partial.as_ref().map_or(0, |partial| partial.crc(range.start, range.end));
                DiskDone::Digested(crc.to_be_bytes().to_vec())
            }
            DiskOperation::Checksums { ranges } => {
                let crc = |range: &ByteRange| {
                    self.disk.partial.as_ref().map_or(0, |partial| partial.crc(range.start, range.end))
                };
                DiskDone::Checksums(ranges.iter().map(crc).collect())
            }
            DiskOperation::Digest { range: Some(range), .. } => {
                let partial = self.disk.partial.clone().unwrap_or_default();
                let is_piece =
                    |version: u64| Some(range.len()) == self.plan.piece || range.end == self.origin.length(version);
                let held = |version: &u64| is_piece(*version) && partial.holds(*version, range.start, range.end);
                let versions = [self.origin.last_version()].into_iter().chain(self.origin.versions());
                DiskDone::Digested(digest_of(versions.into_iter().find(held).unwrap_or(u64::from(u8::MAX))))
            }
            DiskOperation::Name { .. } => DiskDone::Named(None),
            DiskOperation::Cut { length } => {
                if let Some(partial) = &mut self.disk.partial {
                    partial.cut(length);
                }
                DiskDone::Cut
            }
            DiskOperation::Digest { subject, .. } => {
                let file = match subject {
                    DigestSubject::Partial => self.disk.partial.as_ref(),
                    DigestSubject::Target => self.disk.target.as_ref(),
                };
                let version = file.and_then(|file| self.version_of(file)).unwrap_or(u64::from(u8::MAX));
                DiskDone::Digested(digest_of(version))
            }
            DiskOperation::Publish(publish) => {
                if !publish.present {
                    let mut whole = self.disk.partial.take().unwrap_or_default();
                    whole.cut(publish.length);
                    self.disk.target = Some(whole);
                }
                self.disk.discard();
                DiskDone::Published
            }
            DiskOperation::Discard => {
                self.disk.discard();
                DiskDone::Discarded
            }
            DiskOperation::Close => DiskDone::Closed,
            DiskOperation::Decrypt { .. } => panic!("nothing is encrypted"),
        }
    }

    fn found(&self) -> Opened {
        let target = self.disk.target.as_ref().map(|file| TargetFacts { length: file.length(), record: None });
        let facts = |file: &File| PartialFacts { length: file.length(), modified: Some(self.disk.modified) };
        let (partial, journal) = (self.disk.partial.as_ref().map(facts), self.disk.journal.clone());
        Opened { target, partial, journal, foreign: false }
    }
}

/// Whether more input follows without time passing.
fn is_lively(exchange: &Exchange) -> bool {
    let silent = exchange.answer.from == exchange.answer.to && exchange.answer.end.is_none();
    !(exchange.head_sent && silent)
}

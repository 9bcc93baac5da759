//! Model of one download.

use std::collections::{BTreeSet, VecDeque};

use haul_core::border::identity::{DownloadId, OperationId};
use haul_core::border::output::DiskOperation;
use haul_core::content::digest::Algorithm;
use haul_core::content::range_set::RangeSet;
use haul_core::download::{State, Status};
use haul_core::engine::Engine;
use haul_core::layout::Wanted;
use haul_core::parse::url::Url;

use super::callers;
use super::contents::Described;
use super::disk::Disk;
use super::origin::{place, url};
use super::script::Setup;
use super::wishes::Paying;

#[derive(Debug)]
pub struct Subject {
    pub id: DownloadId,
    pub setup: Setup,
    /// Length of the file according to callers.
    pub described: u64,
    /// The caller set pieces.
    pub pieces: bool,
    /// The URL that was set, and the one in use.
    pub url: u8,
    pub source: u8,
    /// The caller declares that the URL replaces the source of kept bytes.
    pub renewed: bool,
    pub wanted: Wanted,
    pub disk: Disk,
    pub pending: VecDeque<Pending>,
    /// The last observed state.
    pub state: State,
    /// Calls to finalize without a resulting operation so far.
    pub finalizes: u32,
    pub published: bool,
    /// Algorithms for which the digest of the partial file was right, and pieces with a right digest.
    pub proven: BTreeSet<Algorithm>,
    pub proven_pieces: RangeSet,
    /// A digest of the encrypted content was right.
    pub proven_encrypted: bool,
    /// Every operation got an answer of its kind.
    pub obedient: bool,
    /// The settings for network use.
    pub paying: Paying,
    /// It outlives the engine.
    pub non_volatile: bool,
    /// The resolution of its content id in this run.
    pub resolved: Option<Described>,
    /// Its piece-hash file was unavailable in this run.
    pub unchecked: bool,
    /// Its origin has challenged in this run.
    pub challenged: bool,
    /// Another program has removed its partial file.
    pub robbed: bool,
    /// It has created a partial file.
    pub has_begun: bool,
}

/// A pending operation, with the content of the partial file at the time of a sync request.
#[derive(Debug)]
pub struct Pending {
    pub id: OperationId,
    pub operation: DiskOperation,
    pub snapshot: RangeSet,
}

impl Pending {
    pub const fn is_digest(&self) -> bool {
        matches!(self.operation, DiskOperation::Digest { .. })
    }
}

impl Subject {
    pub fn new(id: DownloadId, setup: Setup, disk: Disk, described: u64) -> Self {
        Self {
            id,
            described,
            pieces: false,
            url: setup.url,
            source: setup.url,
            renewed: setup.options.content.refreshed,
            paying: setup.wishes.paying,
            non_volatile: false,
            setup,
            wanted: Wanted::Whole,
            disk,
            pending: VecDeque::new(),
            state: State::Created,
            finalizes: 0,
            published: false,
            proven: BTreeSet::new(),
            proven_pieces: RangeSet::new(),
            proven_encrypted: false,
            obedient: true,
            resolved: None,
            unchecked: false,
            challenged: false,
            robbed: false,
            has_begun: false,
        }
    }

    /// Resets the state of one run.
    pub fn begin_run(&mut self) {
        self.finalizes = 0;
        (self.resolved, self.unchecked, self.challenged) = (None, false, false);
    }

    /// Another engine has restored the download.
    pub fn taken_up(&mut self, id: DownloadId) {
        self.id = id;
        self.pending.clear();
        self.begin_run();
        self.doubt();
        self.proven_pieces = RangeSet::new();
    }

    /// Forgets the proofs of the whole file.
    pub fn doubt(&mut self) {
        self.proven.clear();
        self.proven_encrypted = false;
    }

    pub fn caller(&self) -> &'static str {
        callers::name(self.setup.wishes.other_caller)
    }

    pub fn is_transferring(&self) -> bool {
        self.state == State::Transferring
    }

    /// The place of the URL in use.
    pub fn place(&self) -> String {
        let url = Url::parse(url(self.source)).expect("a sound URL");
        place(&url.authority(), &url.path_and_query())
    }

    /// Whether the digests of all pieces are known.
    pub fn has_pieces(&self) -> bool {
        let described = self.resolved.is_some_and(|described| described.has_pieces(self.described));
        let checked = self.setup.wishes.integrity.is_some() && !self.unchecked;
        let known = self.pieces || (described && !self.setup.wishes.stream) || checked;
        known && self.wanted == Wanted::Whole
    }

    /// Algorithms of the digests that the whole file must have.
    pub fn expected(&self) -> BTreeSet<Algorithm> {
        let own = self.setup.options.digests;
        let digests = [Some(own), self.resolved.map(|described| described.digests)].into_iter().flatten();
        digests.flat_map(|digests| digests.expected()).map(|expected| expected.algorithm).collect()
    }

    /// Mirrors of the file.
    pub fn mirrors(&self) -> Vec<String> {
        let described = self.resolved.map(|described| described.mirrors.places()).unwrap_or_default();
        [self.setup.options.content.mirrors.places(), described].concat()
    }

    /// Whether the download must end once all faults end.
    pub fn can_end(&self) -> bool {
        self.obedient && self.setup.options.rate.is_none()
    }

    /// Whether an operation is pending that changes the file to which `step` writes.
    pub fn is_file_busy(&self) -> bool {
        self.pending.iter().any(|pending| !pending.is_digest())
    }
}

/// The state behind a status: a download that will continue by itself reports that it is paused.
pub fn state(status: Status) -> State {
    if status.extended_error.is_some() { State::Transferring } else { status.state }
}

/// The current state of `id`; aborted if it is forgotten.
pub fn state_of(engine: &Engine, id: DownloadId) -> State {
    engine.download(id).map_or(State::Aborted, |download| state(download.status()))
}

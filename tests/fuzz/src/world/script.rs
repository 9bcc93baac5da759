//! The script of a run: all acts of callers, origins, disks and clocks, from a small vocabulary.

use std::time::Duration;

use arbitrary::Arbitrary;
use haul_core::content::digest::{Algorithm, ExpectedDigest};
use haul_core::content::pieces::Pieces;
use haul_core::download::StartMode;
use haul_core::layout::RequestedRange;
use haul_core::parse::url::Url;
use haul_core::settings::durability::Durability;
use haul_core::settings::transfer_options::TransferOptions;

use super::contents::Described;
use super::network::Link;
use super::origin::{File, MIRRORS, Response, place};
use super::papers::Paper;
use super::wishes::{Paying, Wishes};

#[derive(Arbitrary, Clone, Debug)]
pub struct Script {
    /// Only one download runs at a time.
    pub one_at_a_time: bool,
    pub max_rate: Option<Rate>,
    pub max_per_origin: Option<u8>,
    pub file: File,
    pub downloads: (Setup, Option<Setup>),
    pub actions: Vec<Action>,
}

/// A download as its caller sets it up.
#[derive(Arbitrary, Clone, Debug)]
pub struct Setup {
    /// Number of one of a few URLs.
    pub url: u8,
    pub mode: Mode,
    pub options: Options,
    pub wishes: Wishes,
}

#[derive(Arbitrary, Clone, Debug)]
pub struct Options {
    pub connections: Option<u8>,
    pub overwrite: bool,
    pub fresh: bool,
    pub digests: Digests,
    pub retries: Option<u8>,
    pub rate: Option<Rate>,
    pub timeout: Timeout,
    pub power: bool,
    pub content: Content,
}

/// The caller's description of the content, and its mirrors.
#[derive(Arbitrary, Clone, Debug)]
pub struct Content {
    pub mirrors: Mirrors,
    /// Length of the pieces with known digests.
    pub piece: Option<Size>,
    /// The right length, or another one.
    pub length: Option<bool>,
    /// Minimum rate, in KiB per second.
    pub min_rate: Option<u8>,
    pub refreshed: bool,
    pub origin_names: bool,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Mirrors {
    None,
    One,
    Two,
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digests {
    None,
    One,
    Two,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Rate {
    Zero,
    Kib(u16),
    Most,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Timeout {
    Default,
    Zero,
    Millis(u16),
    Seconds(u16),
    Endless,
}

#[derive(Arbitrary, Clone, Debug)]
pub enum Mode {
    Whole,
    /// Gaps and lengths of disjoint ranges in ascending order.
    Steps(Vec<(u8, Size)>),
    Ranges(Vec<Range>),
    Resume,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Range {
    Bounded { offset: Size, length: Size },
    From { offset: Size },
    Suffix { length: Size },
}

/// A number of bytes.
#[derive(Arbitrary, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    Bytes(u8),
    Kib(u8),
    /// 256 KiB each.
    Chunks(u8),
    Any(u64),
    /// This number below the maximum.
    FromTop(u8),
}

#[derive(Arbitrary, Clone, Debug)]
pub enum Action {
    /// A head arrives for one of the exchanges.
    Respond {
        exchange: u8,
        response: Response,
    },
    /// The same head arrives for the next requests, this number of times.
    Insist {
        response: Response,
        times: u8,
    },
    /// The available bytes of a body arrive in this number of steps, after a head if there was none.
    Flow {
        exchange: u8,
        steps: u8,
    },
    /// One partial step.
    Trickle {
        exchange: u8,
        bytes: u16,
    },
    End {
        exchange: u8,
        end: Ending,
    },
    /// An input arrives for an exchange that is gone or never existed.
    Stale {
        exchange: u8,
        what: Stale,
    },
    /// Disk operations become slow, or no longer are.
    Slow(bool),
    /// The same for digests only.
    SlowDigests(bool),
    /// The oldest operation of a slow disk completes.
    Answer(Answer),
    /// The oldest digest completes.
    AnswerDigest(Answer),
    /// The answer to a later operation.
    Next(Answer),
    /// An answer that the engine does not wait for.
    StaleAnswer {
        operation: u8,
        wrong: Wrong,
    },
    Wait(u8),
    Deadline,
    Call {
        download: bool,
        call: Call,
    },
    /// The origin has another file.
    Change(File),
    /// Another program changes the files.
    Plant {
        download: bool,
        plant: Plant,
    },
    /// The engine dies, possibly with the loss of all unsynced data; some bytes may be overwritten and some cut from the ledger; another
    /// engine starts.
    Kill {
        power: bool,
        edit: Option<(Size, u8)>,
        cut: u8,
    },
    Network(Link),
    /// The origin's document at the piece-hash file's URL changes.
    Paper(Paper),
    /// The driver becomes slow to resolve content ids, or no longer is.
    SlowContents(bool),
    /// The driver resolves the oldest content id; `None` if it is unknown.
    Content(Option<Described>),
    StaleContent {
        operation: u8,
        described: Option<Described>,
    },
    /// The next change of the ledger cannot be written.
    LedgerFull,
    /// The sink of the bytes has no space for a moment.
    SinkFull {
        exchange: u8,
    },
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Ending {
    Complete,
    ConnectionLost,
    TimedOut,
    CertificateInvalid,
    Refused,
    Disk,
}

#[derive(Arbitrary, Clone, Debug)]
pub enum Stale {
    Head(Response),
    Moved(Size),
    Collected(u8),
    Ended(Ending),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Answer {
    Right,
    /// A digest other than the expected one; other answers are correct.
    OtherDigest,
    Failed(DiskFault),
    Wrong(Wrong),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum DiskFault {
    NoSpace,
    TargetExists,
    Busy,
    Io,
    /// Failure of a stream.
    Closed,
    /// Failure of decryption.
    NotEncrypted,
    Undecryptable,
}

/// An answer of another kind.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Wrong {
    Opened,
    Begun,
    Synced,
    JournalWritten,
    Digested,
    Named,
    Cut,
    Published,
    Discarded,
    Closed,
    Decrypted,
    Failed,
}

#[derive(Arbitrary, Clone, Debug)]
pub enum Call {
    Start(Mode),
    Pause,
    Abort,
    Finalize,
    /// Sets another URL.
    Url(u8),
    /// Sets the properties for network use.
    Pay(Paying),
    NonVolatile(bool),
    /// The download is forgotten, if that is allowed, and created again.
    Renew(Setup),
}

#[derive(Arbitrary, Clone, Debug)]
pub enum Plant {
    Target {
        length: Size,
        record: Option<u8>,
    },
    NoTarget,
    /// A file at the path with the origin's name.
    Named {
        length: Size,
        record: Option<u8>,
    },
    /// Some bytes of the partial file are overwritten, too late for the engine to attribute it to its own run.
    Edit {
        offset: Size,
        length: u8,
    },
    /// A journal that claims these ranges.
    Journal {
        partial: Size,
        complete: Option<Size>,
        foreign: bool,
        kept: Vec<(Size, Size)>,
        closed: bool,
        verified: bool,
        tag: u8,
    },
    Bytes(Vec<u8>),
    NoPartial,
}

impl Size {
    pub fn bytes(self) -> u64 {
        match self {
            Self::Bytes(count) => count.into(),
            Self::Kib(count) => u64::from(count) << 10,
            Self::Chunks(count) => u64::from(count % 32) << 18,
            Self::Any(bytes) => bytes,
            Self::FromTop(less) => u64::MAX - u64::from(less),
        }
    }
}

impl Rate {
    pub fn bytes(self) -> u64 {
        match self {
            Self::Zero => 0,
            Self::Kib(count) => u64::from(count) << 10,
            Self::Most => u64::MAX,
        }
    }
}

impl Timeout {
    fn duration(self) -> Option<Duration> {
        match self {
            Self::Default => None,
            Self::Zero => Some(Duration::ZERO),
            Self::Millis(count) => Some(Duration::from_millis(count.into())),
            Self::Seconds(count) => Some(Duration::from_secs(count.into())),
            Self::Endless => Some(Duration::MAX),
        }
    }
}

impl Digests {
    pub fn expected(self) -> Vec<ExpectedDigest> {
        let of = |algorithm: Algorithm| ExpectedDigest { algorithm, value: vec![RIGHT_DIGEST; algorithm.length()] };
        match self {
            Self::None => vec![],
            Self::One => vec![of(Algorithm::Sha256)],
            Self::Two => vec![of(Algorithm::Md5), of(Algorithm::Blake3)],
        }
    }
}

impl Options {
    /// The options for a file of `length` bytes.
    pub fn transfer_options(&self, length: u64) -> TransferOptions {
        let content = &self.content;
        TransferOptions {
            connections: self.connections.map(u32::from),
            overwrite: self.overwrite,
            fresh: self.fresh,
            expected: self.digests.expected(),
            retries: self.retries.map(u32::from),
            max_rate: self.rate.map(Rate::bytes),
            no_progress_timeout: self.timeout.duration(),
            durability: if self.power { Durability::Power } else { Durability::Process },
            mirrors: content.mirrors.urls(),
            pieces: pieces(content.piece, length),
            length: content.length.map(|right| if right { length } else { length / 2 + 1 }),
            max_length: None,
            min_rate: content.min_rate.map(|rate| u64::from(rate) << 10),
            refreshed: content.refreshed,
            origin_names: content.origin_names,
        }
    }
}

/// The digest of every piece of the right content.
pub const RIGHT_DIGEST: u8 = 1;

/// A few pieces with known digests of a file of `length` bytes.
pub fn pieces(piece: Option<Size>, length: u64) -> Option<Pieces> {
    let piece = piece.map(Size::bytes).filter(|piece| *piece > 0)?;
    let count = usize::try_from(length.div_ceil(piece).max(1)).ok().filter(|count| *count <= 100)?;
    Pieces::new(Algorithm::Sha256, piece, vec![vec![RIGHT_DIGEST; 32]; count])
}

impl Mirrors {
    pub fn places(self) -> Vec<String> {
        self.urls().iter().map(|url| place(&url.authority(), &url.path_and_query())).collect()
    }

    pub fn urls(self) -> Vec<Url> {
        let count = match self {
            Self::None => 0,
            Self::One => 1,
            Self::Two => 2,
        };
        MIRRORS[..count].iter().map(|url| Url::parse(url).expect("a sound URL")).collect()
    }
}

impl Mode {
    pub fn start_mode(&self) -> StartMode {
        match self {
            Self::Whole => StartMode::WholeFile,
            Self::Steps(steps) => StartMode::Ranges(in_steps(steps)),
            Self::Ranges(ranges) => StartMode::Ranges(ranges.iter().copied().map(Range::requested).collect()),
            Self::Resume => StartMode::Resume,
        }
    }
}

fn in_steps(steps: &[(u8, Size)]) -> Vec<RequestedRange> {
    let mut at = 0u64;
    let step = |&(gap, length): &(u8, Size)| {
        let offset = at.saturating_add(gap.into());
        let length = length.bytes();
        at = offset.saturating_add(length);
        RequestedRange::Bounded { offset, length }
    };
    steps.iter().map(step).collect()
}

impl Range {
    fn requested(self) -> RequestedRange {
        match self {
            Self::Bounded { offset, length } => {
                RequestedRange::Bounded { offset: offset.bytes(), length: length.bytes() }
            }
            Self::From { offset } => RequestedRange::From { offset: offset.bytes() },
            Self::Suffix { length } => RequestedRange::Suffix { length: length.bytes() },
        }
    }
}

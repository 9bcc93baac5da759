//! What happens in a run: everything that callers, origins, disks and clocks may do, from a small vocabulary.

use std::time::Duration;

use arbitrary::Arbitrary;
use haul_core::digest::{Algorithm, ExpectedDigest};
use haul_core::download::{StartMode, TransferOptions};
use haul_core::durability::Durability;
use haul_core::layout::RequestedRange;

use super::origin::{File, Response};

#[derive(Arbitrary, Clone, Debug)]
pub struct Script {
    /// Only one download runs at a time.
    pub one_at_a_time: bool,
    pub max_rate: Option<Rate>,
    pub file: File,
    pub downloads: (Setup, Option<Setup>),
    pub actions: Vec<Action>,
}

/// A download as its caller wants it.
#[derive(Arbitrary, Clone, Debug)]
pub struct Setup {
    /// Which of a few URLs.
    pub url: u8,
    pub mode: Mode,
    pub options: Options,
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
    /// Gaps and lengths: ranges that do not overlap, in order.
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
    /// So many less than the most.
    FromTop(u8),
}

#[derive(Arbitrary, Clone, Debug)]
pub enum Action {
    /// A head comes for one of the exchanges.
    Respond {
        exchange: u8,
        response: Response,
    },
    /// As much of a body as there is to be had in so many steps.
    Flow {
        exchange: u8,
        steps: u8,
    },
    /// One step, and not all of it.
    Trickle {
        exchange: u8,
        bytes: u16,
    },
    End {
        exchange: u8,
        end: Ending,
    },
    /// Something comes for an exchange that is gone or never was.
    Stale {
        exchange: u8,
        what: Stale,
    },
    /// The disk takes its time from now on, or not any more.
    Slow(bool),
    /// The oldest operation that waits on a slow disk is answered.
    Answer(Answer),
    /// So the next operations are answered, when their time comes.
    Next(Answer),
    /// An answer to an operation that was answered or never asked for.
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
    /// Somebody else changes the files.
    Plant {
        download: bool,
        plant: Plant,
    },
    /// The engine dies, perhaps with everything that was not synced, and another one starts.
    Kill {
        power: bool,
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
    Ended(Ending),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Answer {
    Right,
    /// A digest that is not the expected one; anything else is right.
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
}

/// An answer to another question.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Wrong {
    Opened,
    Begun,
    Synced,
    JournalWritten,
    Digested,
    Published,
    Discarded,
    Closed,
    Failed,
}

#[derive(Arbitrary, Clone, Debug)]
pub enum Call {
    Start(Mode),
    Pause,
    Abort,
    Finalize,
    /// Another URL.
    Url(u8),
    Foreground(bool),
    /// The download is forgotten where it may be, and created anew.
    Renew(Setup),
}

#[derive(Arbitrary, Clone, Debug)]
pub enum Plant {
    Target {
        length: Size,
        modified: Option<u8>,
    },
    NoTarget,
    /// A journal that claims these ranges.
    Journal {
        partial: Size,
        complete: Option<Size>,
        foreign: bool,
        kept: Vec<(Size, Size)>,
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
        let of = |algorithm: Algorithm| ExpectedDigest { algorithm, value: vec![1; algorithm.length()] };
        match self {
            Self::None => vec![],
            Self::One => vec![of(Algorithm::Sha256)],
            Self::Two => vec![of(Algorithm::Md5), of(Algorithm::Blake3)],
        }
    }
}

impl Options {
    pub fn transfer_options(&self) -> TransferOptions {
        TransferOptions {
            connections: self.connections.map(u32::from),
            overwrite: self.overwrite,
            fresh: self.fresh,
            expected: self.digests.expected(),
            retries: self.retries.map(u32::from),
            max_rate: self.rate.map(Rate::bytes),
            no_progress_timeout: self.timeout.duration(),
            durability: if self.power { Durability::Power } else { Durability::Process },
        }
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

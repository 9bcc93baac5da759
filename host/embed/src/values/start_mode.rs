//! The part of a file that a start asks for.

use crate::bindings::{do_download, types};

/// One range of a file, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
pub enum RequestedRange {
    /// `length` bytes, not zero, from `offset`.
    Bounded { offset: u64, length: u64 },
    /// Everything from `offset` to the end.
    ToEnd { offset: u64 },
    /// The last `length` bytes, not zero; all of a file that is shorter.
    Suffix { length: u64 },
}

impl From<RequestedRange> for types::RequestedRange {
    fn from(range: RequestedRange) -> Self {
        match range {
            RequestedRange::Bounded { offset, length } => Self::Bounded((offset, length)),
            RequestedRange::ToEnd { offset } => Self::ToEnd(offset),
            RequestedRange::Suffix { length } => Self::Suffix(length),
        }
    }
}

/// The part of the file that a start fetches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
pub enum StartMode {
    #[default]
    WholeFile,
    /// The local file receives the ranges in this order, back to back.
    Ranges(Vec<RequestedRange>),
    /// The part that the last start asked for.
    Resume,
}

impl From<StartMode> for do_download::StartMode {
    fn from(mode: StartMode) -> Self {
        match mode {
            StartMode::WholeFile => Self::WholeFile,
            StartMode::Ranges(ranges) => Self::Ranges(ranges.into_iter().map(Into::into).collect()),
            StartMode::Resume => Self::Resume,
        }
    }
}

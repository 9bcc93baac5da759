//! The values that go in and out, as plain Rust.

use std::time::Duration;

use crate::bindings::{do_download as download, engine, types};
use crate::error::Failure;

/// What the engine's states mean is in `wit/types.wit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DownloadState {
    Created,
    Transferring,
    /// All bytes are here; the file has its name only after finalize.
    Transferred,
    Finalized,
    Aborted,
    Paused,
}

/// A snapshot of a download.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadStatus {
    /// Bytes of the local file when it is complete; zero while that is not known.
    pub bytes_total: u64,
    /// Bytes of the local file that are written.
    pub bytes_transferred: u64,
    pub state: DownloadState,
    /// With `Paused`: the error that stopped the download for good.
    pub error: Option<Failure>,
    /// With `Paused`: the error after which the engine goes on by itself.
    pub extended_error: Option<Failure>,
}

/// One range of a file, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestedRange {
    /// `length` bytes, not zero, from `offset`.
    Bounded { offset: u64, length: u64 },
    /// Everything from `offset` to the end.
    ToEnd { offset: u64 },
    /// The last `length` bytes, not zero; all of a file that is shorter.
    Suffix { length: u64 },
}

/// What a start is to fetch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StartMode {
    #[default]
    WholeFile,
    /// The local file receives the ranges in this order, back to back.
    Ranges(Vec<RequestedRange>),
    /// What the last start asked for.
    Resume,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DigestAlgorithm {
    Sha256,
    Sha512,
    Sha1,
    Md5,
    Blake3,
}

/// A digest that the local file must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedDigest {
    pub algorithm: DigestAlgorithm,
    /// The raw bytes.
    pub value: Vec<u8>,
}

/// Digests of a file's pieces: stretches of equal length from its first byte on, the last one perhaps shorter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pieces {
    pub algorithm: DigestAlgorithm,
    /// Bytes of every piece but the last, not zero.
    pub length: u64,
    /// The raw digests, in order.
    pub digests: Vec<Vec<u8>>,
}

/// A file that a Metalink document describes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DescribedFile {
    /// A relative path of harmless components, joined by `/`.
    pub name: String,
    /// In bytes.
    pub length: Option<u64>,
    pub digests: Vec<ExpectedDigest>,
    pub pieces: Option<Pieces>,
    /// Absolute http and https URLs, the best first; at least one.
    pub urls: Vec<String>,
}

/// What a piece-hash file of Delivery Optimization says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PieceHashFile {
    /// Bytes of the file that it describes.
    pub length: u64,
    pub pieces: Pieces,
}

/// What an HRESULT means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub code: u32,
    /// The symbolic name in the headers.
    pub name: String,
    pub meaning: String,
    /// What to do about it, where haul reports it.
    pub advice: Option<String>,
}

impl From<engine::Explanation> for Explanation {
    fn from(explanation: engine::Explanation) -> Self {
        let engine::Explanation { code, name, meaning, advice } = explanation;
        Self { code, name, meaning, advice }
    }
}

/// What *kept* survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// Loss of power.
    #[default]
    Power,
    /// The death of the process only.
    Process,
}

/// What haul offers beside the properties of Delivery Optimization; `wit/engine.wit` has the details.
#[derive(Clone, Debug, Default)]
pub struct TransferOptions {
    /// Segments in flight at most; `None` lets the engine choose.
    pub connections: Option<u32>,
    /// A file at the local path may be replaced.
    pub overwrite: bool,
    /// What an earlier run kept is not used.
    pub fresh: bool,
    pub expected: Vec<ExpectedDigest>,
    /// Failures in a row before the download fails; `None` leaves it to the no-progress timeout.
    pub retries: Option<u32>,
    /// Bytes per second.
    pub max_rate: Option<u64>,
    /// In place of the property of that name, without its lower limit.
    pub no_progress_timeout: Option<Duration>,
    pub durability: Durability,
    /// Other URLs for the same content. With digests or pieces several are asked at the same time.
    pub mirrors: Vec<String>,
    /// Digests of the pieces of the whole file: a bad piece alone is fetched again.
    pub pieces: Option<Pieces>,
    /// Bytes that the content must have.
    pub length: Option<u64>,
    /// Most bytes that the local file may have; a larger one fails with ERROR_FILE_TOO_LARGE.
    pub max_length: Option<u64>,
    /// Bytes per second below which arriving counts as no progress.
    pub min_rate: Option<u64>,
    /// The URL is a new one for what an earlier run kept.
    pub refreshed: bool,
    /// The origin may name the file.
    pub origin_names: bool,
}

/// Counts of one download since its last start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    pub requests: u64,
    /// Bytes received and written.
    pub bytes_fetched: u64,
    /// Bytes that an earlier run had kept.
    pub bytes_resumed: u64,
    /// Times that everything was dropped and fetched again.
    pub restarts: u32,
    /// Exchanges in flight.
    pub connections: u32,
    /// The file was at the local path before, and is the wanted one.
    pub present: bool,
    /// A run that is interrupted now can be resumed.
    pub resumable: bool,
}

impl From<types::DownloadStatus> for DownloadStatus {
    fn from(status: types::DownloadStatus) -> Self {
        Self {
            bytes_total: status.bytes_total,
            bytes_transferred: status.bytes_transferred,
            state: match status.state {
                types::DownloadState::Created => DownloadState::Created,
                types::DownloadState::Transferring => DownloadState::Transferring,
                types::DownloadState::Transferred => DownloadState::Transferred,
                types::DownloadState::Finalized => DownloadState::Finalized,
                types::DownloadState::Aborted => DownloadState::Aborted,
                types::DownloadState::Paused => DownloadState::Paused,
            },
            error: status.error.map(Failure::from),
            extended_error: status.extended_error.map(Failure::from),
        }
    }
}

impl From<engine::Report> for Report {
    fn from(report: engine::Report) -> Self {
        Self {
            requests: report.requests,
            bytes_fetched: report.bytes_fetched,
            bytes_resumed: report.bytes_resumed,
            restarts: report.restarts,
            connections: report.connections,
            present: report.present,
            resumable: report.resumable,
        }
    }
}

impl From<StartMode> for download::StartMode {
    fn from(mode: StartMode) -> Self {
        match mode {
            StartMode::WholeFile => Self::WholeFile,
            StartMode::Ranges(ranges) => Self::Ranges(ranges.into_iter().map(Into::into).collect()),
            StartMode::Resume => Self::Resume,
        }
    }
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

impl From<DigestAlgorithm> for types::DigestAlgorithm {
    fn from(algorithm: DigestAlgorithm) -> Self {
        match algorithm {
            DigestAlgorithm::Sha256 => Self::Sha256,
            DigestAlgorithm::Sha512 => Self::Sha512,
            DigestAlgorithm::Sha1 => Self::Sha1,
            DigestAlgorithm::Md5 => Self::Md5,
            DigestAlgorithm::Blake3 => Self::Blake3,
        }
    }
}

impl From<types::DigestAlgorithm> for DigestAlgorithm {
    fn from(algorithm: types::DigestAlgorithm) -> Self {
        match algorithm {
            types::DigestAlgorithm::Sha256 => Self::Sha256,
            types::DigestAlgorithm::Sha512 => Self::Sha512,
            types::DigestAlgorithm::Sha1 => Self::Sha1,
            types::DigestAlgorithm::Md5 => Self::Md5,
            types::DigestAlgorithm::Blake3 => Self::Blake3,
        }
    }
}

impl From<ExpectedDigest> for types::Digest {
    fn from(expected: ExpectedDigest) -> Self {
        Self { algorithm: expected.algorithm.into(), value: expected.value }
    }
}

impl From<types::Digest> for ExpectedDigest {
    fn from(digest: types::Digest) -> Self {
        Self { algorithm: digest.algorithm.into(), value: digest.value }
    }
}

impl From<Pieces> for types::Pieces {
    fn from(pieces: Pieces) -> Self {
        Self { algorithm: pieces.algorithm.into(), length: pieces.length, digests: pieces.digests }
    }
}

impl From<types::Pieces> for Pieces {
    fn from(pieces: types::Pieces) -> Self {
        Self { algorithm: pieces.algorithm.into(), length: pieces.length, digests: pieces.digests }
    }
}

impl From<engine::DescribedFile> for DescribedFile {
    fn from(file: engine::DescribedFile) -> Self {
        Self {
            name: file.name,
            length: file.length,
            digests: file.digests.into_iter().map(Into::into).collect(),
            pieces: file.pieces.map(Into::into),
            urls: file.urls,
        }
    }
}

impl From<engine::PieceHashFile> for PieceHashFile {
    fn from(file: engine::PieceHashFile) -> Self {
        Self { length: file.length, pieces: file.pieces.into() }
    }
}

impl From<TransferOptions> for engine::TransferOptions {
    fn from(options: TransferOptions) -> Self {
        Self {
            connections: options.connections,
            overwrite: options.overwrite,
            fresh: options.fresh,
            expected: options.expected.into_iter().map(Into::into).collect(),
            retries: options.retries,
            max_rate: options.max_rate,
            no_progress_timeout: options
                .no_progress_timeout
                .map(|timeout| u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX)),
            durability: match options.durability {
                Durability::Power => engine::Durability::Power,
                Durability::Process => engine::Durability::Process,
            },
            mirrors: options.mirrors,
            pieces: options.pieces.map(Into::into),
            length: options.length,
            max_length: options.max_length,
            min_rate: options.min_rate,
            refreshed: options.refreshed,
            origin_names: options.origin_names,
        }
    }
}

//! Why something did not work: one closed enum of causes, each with who is at fault.
//!
//! The numbers that DO gives to the causes are in `hresult.rs`; what a person is told is in `failure/wording.rs`.

mod wording;

use crate::digest::Algorithm;
use crate::{metalink, piece_hash_file};

/// Who has to act for a failure to go away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Caller,
    Origin,
    Network,
    Disk,
    /// The bytes are not those that the caller described.
    Content,
    /// The host refused the request or the path.
    Policy,
    /// The engine, or the host that runs it.
    Engine,
}

/// What went wrong with a file or directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskCause {
    NoSpace,
    QuotaExceeded,
    ReadOnly,
    Denied,
    /// A directory on the path, or the temporary file, is not there.
    NotFound,
    /// The target is there already and may not be replaced.
    TargetExists,
    /// The path names a directory or another thing that is not a regular file.
    NotAFile,
    InvalidName,
    /// Another process is at work on the same target.
    Busy,
    Io,
}

/// What went wrong between the engine and the origin before or beside HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkCause {
    NameNotResolved,
    ConnectFailed,
    /// The connection ended before the body did.
    ConnectionLost,
    TimedOut,
    CertificateInvalid,
    TlsFailed,
    /// What came back is not HTTP, or breaks its rules.
    ProtocolViolated,
    HeadersTooLarge,
}

/// Why a call, an attempt or a download failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    InvalidArgument,
    InvalidState,
    ReadOnlyProperty,
    NotSet,
    InvalidUrl,
    NoUri,
    NoLocalPath,
    RangesExpected,
    InvalidRange,
    OverlappingRanges,
    /// An answer that refuses: the status is final for this source.
    HttpStatus(u16),
    /// A 2xx answer that carries no representation of the file.
    UnexpectedSuccess(u16),
    RangesNotSupported,
    /// Several ranges were asked for, and no strong validator says that they are of one version.
    VersionNotProven,
    /// The body is shorter or longer than the origin declared.
    BodyLengthMismatch,
    /// The content was replaced again and again while it was fetched.
    ContentKeepsChanging,
    TooManyRedirects,
    RedirectInvalid,
    RedirectInsecure,
    Network(NetworkCause),
    /// The origin answers with another version than before, of the same length.
    AnotherVersion,
    /// An HTML page came in the place of the file: a sign-in or an error page.
    PageInstead,
    /// The content has another length than the caller described.
    LengthDiffers,
    /// A piece does not have its digest, however often it is fetched.
    PieceMismatch,
    /// No byte arrived within the no-progress timeout.
    NoProgress,
    Disk(DiskCause),
    DigestMismatch(Algorithm),
    /// A file is at the target and is not the one that was asked for.
    TargetDiffers,
    /// A Metalink document cannot be used.
    Metalink(metalink::Unusable),
    /// A piece-hash file cannot be used.
    PieceHashFile(piece_hash_file::Unusable),
    PolicyRefused,
    /// The engine is not open.
    NoService,
    Engine,
}

impl Cause {
    pub const fn fault(self) -> Fault {
        match self {
            Self::InvalidArgument
            | Self::InvalidState
            | Self::ReadOnlyProperty
            | Self::NotSet
            | Self::InvalidUrl
            | Self::NoUri
            | Self::NoLocalPath
            | Self::RangesExpected
            | Self::InvalidRange
            | Self::OverlappingRanges
            | Self::Metalink(_)
            | Self::PieceHashFile(_)
            | Self::NoService => Fault::Caller,
            Self::HttpStatus(_)
            | Self::UnexpectedSuccess(_)
            | Self::RangesNotSupported
            | Self::VersionNotProven
            | Self::BodyLengthMismatch
            | Self::ContentKeepsChanging
            | Self::AnotherVersion
            | Self::PageInstead
            | Self::TooManyRedirects
            | Self::RedirectInvalid
            | Self::RedirectInsecure
            | Self::Network(NetworkCause::ProtocolViolated | NetworkCause::HeadersTooLarge) => Fault::Origin,
            Self::Network(_) | Self::NoProgress => Fault::Network,
            Self::Disk(_) | Self::TargetDiffers => Fault::Disk,
            Self::DigestMismatch(_) | Self::LengthDiffers | Self::PieceMismatch => Fault::Content,
            Self::PolicyRefused => Fault::Policy,
            Self::Engine => Fault::Engine,
        }
    }

    /// Whether the same request may work later without anybody changing anything.
    pub const fn is_transient(self) -> bool {
        match self {
            Self::HttpStatus(status) => matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504 | 511),
            Self::UnexpectedSuccess(_) | Self::BodyLengthMismatch | Self::AnotherVersion | Self::PageInstead => true,
            Self::Network(cause) => !matches!(cause, NetworkCause::CertificateInvalid),
            _ => false,
        }
    }
}

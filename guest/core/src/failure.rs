//! Causes of failure: one closed enum, each variant with the party at fault.
//!
//! `failure/hresult.rs` maps each cause to its HRESULT, `failure/codes.rs` names the HRESULTs, and `failure/wording.rs` holds the text for
//! users.

pub mod codes;
mod document;
mod each;
mod hresult;
mod rule;
mod wording;

use core::time::Duration;

use serde::{Deserialize, Serialize};

pub use self::document::{MetalinkCause, PieceHashFileCause};
pub use self::hresult::Hresult;
pub use self::rule::Rule;
use crate::content::digest::Algorithm;

/// The party that has to act before a retry can succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Caller,
    Origin,
    Network,
    Disk,
    /// The bytes do not match the caller's description.
    Content,
    /// The host refused the request or the path.
    Policy,
    /// The engine, or the host that runs it.
    Engine,
}

/// A failure of a file or directory operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DiskCause {
    NoSpace,
    QuotaExceeded,
    ReadOnly,
    Denied,
    /// A directory on the path, or the temporary file, does not exist.
    NotFound,
    /// The target exists and may not be replaced.
    TargetExists,
    /// The path leads to a directory or another object that is not a regular file.
    NotAFile,
    InvalidName,
    /// Another process owns the target.
    Busy,
    Io,
}

/// A failure between the engine and the origin, below or beside HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NetworkCause {
    NameNotResolved,
    ConnectFailed,
    /// The connection ended before the body did.
    ConnectionLost,
    TimedOut,
    CertificateInvalid,
    TlsFailed,
    /// The response is not HTTP or violates the protocol.
    ProtocolViolated,
    HeadersTooLarge,
    /// The origin supports none of the host's TLS versions.
    TlsVersion,
    /// The origin and the host have no cipher suite or key exchange in common.
    TlsParameters,
    /// The origin rejects the client certificate, or requires one.
    ClientCertificateRefused,
    /// The body ends in violation of its framing, RFC 9112 section 6.
    FramingBroken,
    /// The body has a transfer coding other than `chunked`.
    TransferCodingUnsupported,
}

/// The reason for rejecting an origin's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CertificateCause {
    Expired,
    NotYetValid,
    WrongName,
    UnknownIssuer,
    Revoked,
    /// No current revocation list covers it.
    RevocationUnknown,
    WrongUsage,
    /// The origin did not prove that it has the certificate's private key.
    BadSignature,
    /// Its key is not among the host's pinned keys.
    NotPinned,
}

/// The reason why a call, an attempt or a download failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    InvalidArgument,
    /// The caller set a request header that the engine sets itself.
    ReservedField,
    InvalidState,
    ReadOnlyProperty,
    WriteOnlyProperty,
    UnknownProperty,
    NotSet,
    /// The host does not implement a feature that this needs.
    NotSupported,
    /// There is no matching download.
    NoDownloads,
    TooManyDownloads,
    JobNotFound,
    /// The job has no files.
    JobEmpty,
    /// The engine cancelled the job because it was neither completed nor changed for too long.
    JobTooOld,
    TooManyJobs,
    TooManyJobsOfAll,
    TooManyFiles,
    TooManyRanges,
    /// Another caller owns it, or only another caller may do this.
    NotOwner,
    TextTooLong,
    /// The URL of a job's file is invalid or too long.
    RemoteNameInvalid,
    LocalNameInvalid,
    /// Another download or job of this engine writes this file.
    LocalNameTaken,
    FileIdInvalid,
    /// Another file of the job has the same id.
    FileIdTaken,
    /// A file was to be written to a memory stream.
    MemoryStream,
    /// The job has no error.
    NoErrorInformation,
    /// The error does not belong to one file.
    NoErrorFile,
    NoErrorProtocol,
    /// The text is not available in that language.
    LanguageMissing,
    InvalidUrl,
    NoUri,
    NoLocalPath,
    /// The caller set both a local path and a stream.
    SinkAlreadySet,
    InvalidContentId,
    RangesExpected,
    /// The caller asked for ranges of something that is only available whole.
    RangesUnexpected,
    InvalidRange,
    OverlappingRanges,
    /// The integrity check is mandatory, but no expected digest is set.
    IntegrityInfoUnspecified,
    /// The integrity check is mandatory, but the piece-hash file is unavailable.
    IntegrityInfoUnavailable,
    ClientCertificateInvalid,
    ProxyListTooLarge,
    ProxyBypassListTooLarge,
    /// The host cannot parse the proxy list or the bypass list.
    InvalidProxyInfo,
    /// An error status; it is final for this source unless [`Self::is_transient`] says otherwise.
    HttpStatus(u16),
    /// A 2xx response without a representation of the file.
    UnexpectedSuccess(u16),
    RangesNotSupported,
    /// The download needs several ranges, but no strong validator proves that they belong to one version.
    VersionNotProven,
    /// The body is shorter or longer than the origin declared.
    BodyLengthMismatch,
    /// The content changed on every attempt.
    ContentKeepsChanging,
    TooManyRedirects,
    RedirectInvalid,
    RedirectInsecure,
    Network(NetworkCause),
    /// The origin now serves another version with the same length.
    AnotherVersion,
    /// The origin sent an HTML page instead of the file, such as a sign-in or an error page.
    PageInstead,
    /// The length of the content differs from the caller's description.
    LengthDiffers,
    /// The file is larger than the caller's limit.
    FileTooLarge,
    /// A piece does not match its digest after every retry.
    PieceMismatch,
    /// The caller gave a key, but the content is not encrypted with it.
    EncryptionExpected,
    /// An encrypted buffer after the first one was modified, or the end is missing.
    Undecryptable,
    /// No byte arrived within the no-progress timeout.
    NoProgress,
    /// The host has no network connection.
    NoNetwork,
    Disk(DiskCause),
    /// The partial file of the download to resume no longer exists.
    PartialGone,
    /// The ledger in the state directory is damaged or has an unsupported version.
    StateUnusable,
    /// The output stream reported a failure.
    StreamFailed,
    /// The engine would have to fetch again bytes that it already passed to a stream.
    StreamNotRepeatable,
    DigestMismatch(Algorithm),
    /// The target exists and is a different file.
    TargetDiffers,
    /// The target exists, and neither a digest nor a record proves that it is the requested file.
    TargetUnproven,
    /// The Metalink document is unusable.
    Metalink(MetalinkCause),
    /// The piece-hash file is unusable.
    PieceHashFile(PieceHashFileCause),
    /// The host's policy forbids it.
    Refused(Rule),
    /// The download's cost policy forbids transfers on the current network.
    BlockedByCost,
    /// The current network is cellular and the download may not use cellular networks.
    BlockedByCellular,
    /// The engine is not open.
    NoService,
    Engine,
    Certificate(CertificateCause),
}

impl Cause {
    pub const fn fault(self) -> Fault {
        use PieceHashFileCause::{DigestDiffers, HashOfHashesDiffers};
        match self {
            Self::PieceHashFile(DigestDiffers | HashOfHashesDiffers) => Fault::Content,
            Self::InvalidArgument
            | Self::ReservedField
            | Self::InvalidState
            | Self::ReadOnlyProperty
            | Self::WriteOnlyProperty
            | Self::UnknownProperty
            | Self::NotSet
            | Self::NoDownloads
            | Self::TooManyDownloads
            | Self::JobNotFound
            | Self::JobEmpty
            | Self::JobTooOld
            | Self::TooManyJobs
            | Self::TooManyJobsOfAll
            | Self::TooManyFiles
            | Self::TooManyRanges
            | Self::NotOwner
            | Self::TextTooLong
            | Self::RemoteNameInvalid
            | Self::LocalNameInvalid
            | Self::LocalNameTaken
            | Self::FileIdInvalid
            | Self::FileIdTaken
            | Self::MemoryStream
            | Self::NoErrorInformation
            | Self::NoErrorFile
            | Self::NoErrorProtocol
            | Self::LanguageMissing
            | Self::InvalidUrl
            | Self::NoUri
            | Self::NoLocalPath
            | Self::SinkAlreadySet
            | Self::InvalidContentId
            | Self::RangesExpected
            | Self::RangesUnexpected
            | Self::InvalidRange
            | Self::OverlappingRanges
            | Self::IntegrityInfoUnspecified
            | Self::ClientCertificateInvalid
            | Self::ProxyListTooLarge
            | Self::ProxyBypassListTooLarge
            | Self::InvalidProxyInfo
            | Self::StreamFailed
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
            | Self::IntegrityInfoUnavailable
            | Self::StreamNotRepeatable
            | Self::Network(
                NetworkCause::ProtocolViolated
                | NetworkCause::HeadersTooLarge
                | NetworkCause::FramingBroken
                | NetworkCause::TransferCodingUnsupported,
            ) => Fault::Origin,
            Self::Network(_) | Self::Certificate(_) | Self::NoProgress | Self::NoNetwork => Fault::Network,
            Self::Disk(_) | Self::TargetDiffers | Self::TargetUnproven | Self::PartialGone | Self::StateUnusable => {
                Fault::Disk
            }
            Self::DigestMismatch(_)
            | Self::LengthDiffers
            | Self::PieceMismatch
            | Self::EncryptionExpected
            | Self::Undecryptable => Fault::Content,
            Self::Refused(_) | Self::BlockedByCost | Self::BlockedByCellular | Self::FileTooLarge => Fault::Policy,
            Self::NotSupported | Self::Engine => Fault::Engine,
        }
    }

    /// The delay before the same request can succeed, if the cause carries one.
    pub fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Refused(rule) => rule.retry_after(),
            _ => None,
        }
    }

    /// Whether the cause is a body that violates its framing.
    pub const fn is_broken_framing(self) -> bool {
        matches!(self, Self::Network(NetworkCause::FramingBroken))
    }

    /// Whether the same request may succeed later without a change by the caller, origin or host.
    pub const fn is_transient(self) -> bool {
        match self {
            Self::HttpStatus(status) => matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504 | 511),
            Self::UnexpectedSuccess(_) | Self::BodyLengthMismatch | Self::AnotherVersion | Self::PageInstead => true,
            Self::Network(
                NetworkCause::CertificateInvalid
                | NetworkCause::ClientCertificateRefused
                | NetworkCause::TlsVersion
                | NetworkCause::TlsParameters
                | NetworkCause::TransferCodingUnsupported,
            ) => false,
            Self::Network(_) => true,
            Self::Refused(rule) => matches!(rule, Rule::QuotaForNow(_)),
            _ => false,
        }
    }
}

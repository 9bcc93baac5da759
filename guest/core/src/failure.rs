//! Why something did not work: one closed enum of causes, each with who is at fault.
//!
//! The HRESULT of each cause is in `failure/hresult.rs`, the names of HRESULTs are in `failure/codes.rs`, and the wording for people is
//! in `failure/wording.rs`.

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The origin speaks another version of TLS.
    TlsVersion,
    /// The origin and the host have no cipher suite or key exchange in common.
    TlsParameters,
    /// The origin does not take the certificate that it was shown, or wants one.
    ClientCertificateRefused,
    /// The body does not end as its framing says, RFC 9112 section 6.
    FramingBroken,
    /// The transfer coding of the body is another one than `chunked`.
    TransferCodingUnsupported,
}

/// What is wrong with the certificate of an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CertificateCause {
    Expired,
    NotYetValid,
    WrongName,
    UnknownIssuer,
    Revoked,
    /// No list in force tells whether it is revoked.
    RevocationUnknown,
    WrongUsage,
    /// The origin does not have its key.
    BadSignature,
    /// Its key is not one that the host was told.
    NotPinned,
}

/// Why a call, an attempt or a download failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    InvalidArgument,
    /// A request header of the caller's is one that the engine sets itself.
    ReservedField,
    InvalidState,
    ReadOnlyProperty,
    WriteOnlyProperty,
    UnknownProperty,
    NotSet,
    /// What the host would have to do for this cannot be done here.
    NotSupported,
    /// There is no download to list.
    NoDownloads,
    TooManyDownloads,
    JobNotFound,
    /// The job has no file to fetch.
    JobEmpty,
    /// The job was cancelled because its owner had not changed it for 30 days.
    JobTooOld,
    TooManyJobs,
    TooManyJobsOfAll,
    TooManyFiles,
    TooManyRanges,
    /// Another caller has it, or may do it.
    NotOwner,
    TextTooLong,
    /// A job's URL is not one that can be fetched, or too long.
    RemoteNameInvalid,
    LocalNameInvalid,
    /// Another download or job of the engine has this file.
    LocalNameTaken,
    FileIdInvalid,
    /// Another file of the job has the same id.
    FileIdTaken,
    /// A memory stream was to take a file.
    MemoryStream,
    /// The job has no error.
    NoErrorInformation,
    /// The error is no matter of one file.
    NoErrorFile,
    NoErrorProtocol,
    /// The text is not there in that language.
    LanguageMissing,
    InvalidUrl,
    NoUri,
    NoLocalPath,
    /// Of a local path and a stream the other one was set before.
    SinkAlreadySet,
    InvalidContentId,
    RangesExpected,
    /// Ranges were asked for where only the whole file can be had.
    RangesUnexpected,
    InvalidRange,
    OverlappingRanges,
    /// The integrity check is mandatory, and nothing was given to check against.
    IntegrityInfoUnspecified,
    /// The integrity check is mandatory, and the piece-hash file cannot be had.
    IntegrityInfoUnavailable,
    ClientCertificateInvalid,
    ProxyListTooLarge,
    ProxyBypassListTooLarge,
    /// The host cannot read the list of proxies, or that of hosts without one.
    InvalidProxyInfo,
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
    /// The file has more bytes than the caller takes.
    FileTooLarge,
    /// A piece does not have its digest, however often it is fetched.
    PieceMismatch,
    /// A key is given, and the content is not encrypted with it.
    EncryptionExpected,
    /// An encrypted buffer after the first one was changed, or the end is missing.
    Undecryptable,
    /// No byte arrived within the no-progress timeout.
    NoProgress,
    /// The host has no network at the moment.
    NoNetwork,
    Disk(DiskCause),
    /// The partial file of the download that is to be resumed has gone.
    PartialGone,
    /// The state directory's file is damaged or of another version.
    StateUnusable,
    /// The stream that takes the bytes reported a failure.
    StreamFailed,
    /// Bytes would have to be fetched anew that a stream has taken already.
    StreamNotRepeatable,
    DigestMismatch(Algorithm),
    /// A file is at the target and is not the one that was asked for.
    TargetDiffers,
    /// A file is at the target, and no digest and no record tells whether it is the one that was asked for.
    TargetUnproven,
    /// A Metalink document cannot be used.
    Metalink(MetalinkCause),
    /// A piece-hash file cannot be used.
    PieceHashFile(PieceHashFileCause),
    /// The host's policy does not allow it.
    Refused(Rule),
    /// The cost policy forbids transfers on the present network.
    BlockedByCost,
    /// The present network is cellular, and the download may not use one.
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

    /// When the same request makes sense again, where the cause says so.
    pub fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Refused(rule) => rule.retry_after(),
            _ => None,
        }
    }

    /// Whether a body did not end as its framing says.
    pub const fn is_broken_framing(self) -> bool {
        matches!(self, Self::Network(NetworkCause::FramingBroken))
    }

    /// Whether the same request may work later without a change by the caller.
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

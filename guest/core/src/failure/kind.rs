//! The kind of each cause, for programs that handle failures. A kind is coarser than a code and finer than the party at fault.

use super::{Cause, DiskCause, NetworkCause, PieceHashFileCause};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    InvalidArgument,
    InvalidState,
    /// There is no such object, or the value was never set.
    Absent,
    /// The origin has no such file.
    NotFound,
    /// The origin, or a proxy on the way, refuses these credentials.
    Forbidden,
    /// Another status without the file.
    HttpStatus,
    Timeout,
    Dns,
    Connection,
    Tls,
    /// The origin's responses violate HTTP, or carry something other than the file.
    Protocol,
    /// The origin cannot serve the requested ranges.
    Ranges,
    /// The content changed during the transfer.
    Changed,
    Disk,
    /// The target exists and may not be replaced.
    Exists,
    /// Another download, job or process uses the path.
    InUse,
    /// The bytes do not match the caller's description.
    Verification,
    Policy,
    /// There is no network, or the cost policy forbids it.
    NoNetwork,
    /// A limit of the engine or of the caller.
    Limit,
    Unsupported,
    Engine,
}

impl Cause {
    pub const fn kind(self) -> FailureKind {
        match self {
            Self::PieceHashFile(PieceHashFileCause::DigestDiffers | PieceHashFileCause::HashOfHashesDiffers) => {
                FailureKind::Verification
            }
            Self::InvalidArgument
            | Self::ReservedField
            | Self::ReadOnlyProperty
            | Self::WriteOnlyProperty
            | Self::UnknownProperty
            | Self::JobEmpty
            | Self::TextTooLong
            | Self::RemoteNameInvalid
            | Self::LocalNameInvalid
            | Self::FileIdInvalid
            | Self::FileIdTaken
            | Self::MemoryStream
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
            | Self::Metalink(_)
            | Self::PieceHashFile(_) => FailureKind::InvalidArgument,
            Self::InvalidState
            | Self::JobTooOld
            | Self::NoErrorInformation
            | Self::NoErrorFile
            | Self::NoErrorProtocol => FailureKind::InvalidState,
            Self::NotSet | Self::NoDownloads | Self::JobNotFound => FailureKind::Absent,
            Self::HttpStatus(404 | 410) => FailureKind::NotFound,
            Self::HttpStatus(401 | 403 | 407) | Self::Unauthorized(_) | Self::ProxyUnauthorized(_) => {
                FailureKind::Forbidden
            }
            Self::HttpStatus(_) | Self::UnexpectedSuccess(_) => FailureKind::HttpStatus,
            Self::NoProgress | Self::Network(NetworkCause::TimedOut) => FailureKind::Timeout,
            Self::Network(NetworkCause::NameNotResolved) => FailureKind::Dns,
            Self::Network(NetworkCause::ConnectFailed | NetworkCause::ConnectionLost) => FailureKind::Connection,
            Self::Network(
                NetworkCause::CertificateInvalid
                | NetworkCause::TlsFailed
                | NetworkCause::TlsVersion
                | NetworkCause::TlsParameters
                | NetworkCause::ClientCertificateRefused,
            )
            | Self::Certificate(_) => FailureKind::Tls,
            Self::Network(
                NetworkCause::ProtocolViolated
                | NetworkCause::HeadersTooLarge
                | NetworkCause::FramingBroken
                | NetworkCause::TransferCodingUnsupported,
            )
            | Self::BodyLengthMismatch
            | Self::PageInstead
            | Self::TooManyRedirects
            | Self::RedirectInvalid
            | Self::RedirectNeedsCookie
            | Self::RedirectInsecure => FailureKind::Protocol,
            Self::RangesNotSupported | Self::SizeUnknown | Self::VersionNotProven => FailureKind::Ranges,
            Self::ContentKeepsChanging | Self::AnotherVersion | Self::StreamNotRepeatable => FailureKind::Changed,
            Self::Disk(DiskCause::TargetExists) | Self::TargetDiffers | Self::TargetUnproven => FailureKind::Exists,
            Self::Disk(DiskCause::Busy | DiskCause::StateInUse) | Self::LocalNameTaken => FailureKind::InUse,
            Self::Disk(DiskCause::InvalidName) => FailureKind::InvalidArgument,
            Self::Disk(DiskCause::NotGranted) | Self::Refused(_) | Self::NotOwner => FailureKind::Policy,
            Self::Disk(_) | Self::PartialGone | Self::StateUnusable | Self::StreamFailed => FailureKind::Disk,
            Self::LengthDiffers
            | Self::PieceMismatch
            | Self::DigestMismatch(_)
            | Self::OriginDigestMismatch(_)
            | Self::EncryptionExpected
            | Self::Undecryptable
            | Self::IntegrityInfoUnavailable => FailureKind::Verification,
            Self::NoNetwork | Self::BlockedByCost | Self::BlockedByCellular => FailureKind::NoNetwork,
            Self::TooManyDownloads
            | Self::TooManyJobs
            | Self::TooManyJobsOfAll
            | Self::TooManyFiles
            | Self::TooManyRanges
            | Self::FileTooLarge => FailureKind::Limit,
            Self::NotSupported => FailureKind::Unsupported,
            Self::NoService | Self::Engine => FailureKind::Engine,
        }
    }

    /// Whether the same call may succeed later although the caller changes nothing.
    pub const fn is_retryable(self) -> bool {
        let passes = matches!(
            self.kind(),
            FailureKind::Timeout | FailureKind::NoNetwork | FailureKind::InUse | FailureKind::Changed
        );
        passes || self.is_transient()
    }
}

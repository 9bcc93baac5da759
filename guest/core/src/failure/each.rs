//! The list of all causes.

use super::{Cause, CertificateCause, DiskCause, MetalinkCause, NetworkCause, PieceHashFileCause, Rule};
use crate::content::digest::Algorithm;

/// Generates the list and an exhaustive match over it, so that the tests do not compile if a cause is missing.
macro_rules! list {
    (
        $(within $outer:path: $($inner:path),+;)+
        plain: $($plain:path),+;
        $(any $open:path: $($example:expr),+;)+
    ) => {
        impl Cause {
            /// Every cause. Among causes with the same HRESULT, the most specific one comes first. One status, one algorithm and one
            /// problem of documents stand for the others with the same HRESULT.
            pub const EACH: [Self; const { [$($($outer($inner)),+),+, $($plain),+, $($($open($example)),+),+].len() }] =
                [$($($outer($inner)),+),+, $($plain),+, $($($open($example)),+),+];
        }

        #[cfg(test)]
        const fn is_listed(cause: Cause) -> bool {
            match cause {
                $($($outer($inner))|+ => true,)+
                $($plain)|+ => true,
                $($open(_))|+ => true,
            }
        }
    };
}

list! {
    within Cause::Network:
        NetworkCause::NameNotResolved,
        NetworkCause::ConnectFailed,
        NetworkCause::ConnectionLost,
        NetworkCause::TimedOut,
        NetworkCause::CertificateInvalid,
        NetworkCause::TlsFailed,
        NetworkCause::ProtocolViolated,
        NetworkCause::HeadersTooLarge,
        NetworkCause::FramingBroken,
        NetworkCause::TransferCodingUnsupported,
        NetworkCause::TlsVersion,
        NetworkCause::TlsParameters,
        NetworkCause::ClientCertificateRefused;
    within Cause::Certificate:
        CertificateCause::Expired,
        CertificateCause::NotYetValid,
        CertificateCause::WrongName,
        CertificateCause::UnknownIssuer,
        CertificateCause::Revoked,
        CertificateCause::RevocationUnknown,
        CertificateCause::WrongUsage,
        CertificateCause::BadSignature,
        CertificateCause::NotPinned;
    within Cause::Disk:
        DiskCause::NoSpace,
        DiskCause::QuotaExceeded,
        DiskCause::ReadOnly,
        DiskCause::Denied,
        DiskCause::NotFound,
        DiskCause::TargetExists,
        DiskCause::NotAFile,
        DiskCause::InvalidName,
        DiskCause::Busy,
        DiskCause::Io;
    plain:
        Cause::InvalidArgument,
        Cause::ReservedField,
        Cause::InvalidState,
        Cause::ReadOnlyProperty,
        Cause::WriteOnlyProperty,
        Cause::UnknownProperty,
        Cause::NotSet,
        Cause::NotSupported,
        Cause::NoDownloads,
        Cause::TooManyDownloads,
        Cause::JobNotFound,
        Cause::JobEmpty,
        Cause::JobTooOld,
        Cause::TooManyJobs,
        Cause::TooManyJobsOfAll,
        Cause::TooManyFiles,
        Cause::TooManyRanges,
        Cause::NotOwner,
        Cause::TextTooLong,
        Cause::RemoteNameInvalid,
        Cause::LocalNameInvalid,
        Cause::LocalNameTaken,
        Cause::FileIdInvalid,
        Cause::FileIdTaken,
        Cause::MemoryStream,
        Cause::NoErrorInformation,
        Cause::NoErrorFile,
        Cause::NoErrorProtocol,
        Cause::LanguageMissing,
        Cause::InvalidUrl,
        Cause::NoUri,
        Cause::NoLocalPath,
        Cause::SinkAlreadySet,
        Cause::InvalidContentId,
        Cause::RangesExpected,
        Cause::RangesUnexpected,
        Cause::InvalidRange,
        Cause::OverlappingRanges,
        Cause::IntegrityInfoUnspecified,
        Cause::IntegrityInfoUnavailable,
        Cause::ClientCertificateInvalid,
        Cause::ProxyListTooLarge,
        Cause::ProxyBypassListTooLarge,
        Cause::InvalidProxyInfo,
        Cause::RangesNotSupported,
        Cause::VersionNotProven,
        Cause::BodyLengthMismatch,
        Cause::ContentKeepsChanging,
        Cause::TooManyRedirects,
        Cause::RedirectInvalid,
        Cause::RedirectInsecure,
        Cause::AnotherVersion,
        Cause::PageInstead,
        Cause::LengthDiffers,
        Cause::FileTooLarge,
        Cause::PieceMismatch,
        Cause::EncryptionExpected,
        Cause::Undecryptable,
        Cause::NoProgress,
        Cause::NoNetwork,
        Cause::PartialGone,
        Cause::StateUnusable,
        Cause::StreamFailed,
        Cause::StreamNotRepeatable,
        Cause::TargetDiffers,
        Cause::TargetUnproven,
        Cause::BlockedByCost,
        Cause::BlockedByCellular,
        Cause::NoService,
        Cause::Engine;
    any Cause::HttpStatus: 404;
    any Cause::UnexpectedSuccess: 204;
    any Cause::DigestMismatch: Algorithm::Sha256;
    any Cause::Refused: Rule::Unnamed, Rule::QuotaForNow(60);
    any Cause::Metalink: MetalinkCause::NotMetalink;
    any Cause::PieceHashFile:
        PieceHashFileCause::NotPieceHashes,
        PieceHashFileCause::DigestDiffers,
        PieceHashFileCause::HashOfHashesDiffers;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_is_put_in_words() {
        for cause in Cause::EACH {
            assert!(is_listed(cause));
            assert!(!cause.description().is_empty() && !cause.advice().is_empty(), "{cause:?}");
        }
    }

    #[test]
    fn no_cause_is_listed_twice() {
        for (index, cause) in Cause::EACH.iter().enumerate() {
            assert!(!Cause::EACH[..index].contains(cause), "{cause:?}");
        }
    }
}

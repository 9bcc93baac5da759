//! The map from causes to HRESULTs of DO, BITS and Windows. The names are in `codes.rs`.

use super::{Cause, CertificateCause, DiskCause, NetworkCause, PieceHashFileCause, Rule, codes};

/// An HRESULT and its name in the Windows headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hresult {
    pub code: u32,
    pub name: &'static str,
}

impl Cause {
    pub fn hresult(self) -> Hresult {
        let code = self.code();
        Hresult { code, name: codes::name(code) }
    }

    const fn code(self) -> u32 {
        match self {
            Self::InvalidArgument
            | Self::ReservedField
            | Self::RemoteNameInvalid
            | Self::LocalNameInvalid
            | Self::FileIdInvalid
            | Self::FileIdTaken => 0x8007_0057,
            Self::JobNotFound => 0x80D0_2003,
            Self::JobEmpty => 0x80D0_2004,
            Self::JobTooOld => 0x80D0_200C,
            Self::TooManyJobs => 0x8020_0049,
            Self::TooManyJobsOfAll => 0x8020_0050,
            Self::TooManyFiles => 0x8020_0051,
            Self::TooManyRanges => 0x8020_0052,
            Self::LocalNameTaken => 0x8007_0020,
            Self::NotOwner => 0x8007_0005,
            Self::TextTooLong => 0x8020_0021,
            Self::MemoryStream => 0x80D0_200B,
            Self::NoErrorInformation => 0x80D0_2014,
            Self::NoErrorFile => 0x80D0_2010,
            Self::NoErrorProtocol => 0x8020_0005,
            Self::LanguageMissing => 0x8007_0717,
            Self::InvalidState => 0x80D0_2013,
            Self::ReadOnlyProperty => 0x80D0_2012,
            Self::WriteOnlyProperty => 0x80D0_2015,
            Self::UnknownProperty => 0x80D0_2011,
            Self::NotSet => 0x8007_0490,
            Self::NotSupported => 0x8000_4001,
            Self::NoDownloads => 0x80D0_2005,
            Self::TooManyDownloads => 0x8007_000E,
            Self::InvalidUrl => 0x800C_0002,
            Self::NoUri => 0x80D0_2200,
            Self::NoLocalPath => 0x80D0_2018,
            Self::SinkAlreadySet => 0x80D0_2019,
            Self::InvalidContentId => 0x80D0_2202,
            Self::RangesExpected => 0x80D0_2204,
            Self::RangesUnexpected => 0x80D0_2203,
            Self::InvalidRange => 0x80D0_5010,
            Self::OverlappingRanges => 0x80D0_5012,
            Self::IntegrityInfoUnspecified => 0x80D0_2016,
            Self::IntegrityInfoUnavailable => 0x80D0_2017,
            Self::ClientCertificateInvalid => 0x8009_2003,
            Self::ProxyListTooLarge => 0x8020_0018,
            Self::ProxyBypassListTooLarge => 0x8020_0019,
            Self::InvalidProxyInfo => 0x8020_003F,
            Self::HttpStatus(status) => codes::of_status(status),
            Self::UnexpectedSuccess(_) => 0x80D0_380D,
            Self::RangesNotSupported | Self::VersionNotProven => 0x80D0_5011,
            Self::BodyLengthMismatch => 0x80D0_5001,
            Self::ContentKeepsChanging | Self::AnotherVersion | Self::StreamNotRepeatable => 0x8020_0073,
            Self::PageInstead => 0x8007_2F78,
            Self::LengthDiffers => 0x80D0_6822,
            Self::FileTooLarge => 0x8007_00DF,
            Self::PieceMismatch => 0x80D0_6805,
            Self::EncryptionExpected => 0x80D0_201B,
            Self::Undecryptable => 0x80D0_6804,
            Self::TooManyRedirects | Self::RedirectInvalid => 0x8007_2F7C,
            Self::RedirectInsecure => 0x8007_2F08,
            Self::Network(cause) => network(cause),
            Self::Certificate(cause) => certificate(cause),
            Self::NoProgress => 0x80D0_2002,
            Self::NoNetwork => 0x80D0_3805,
            Self::Disk(cause) => disk(cause),
            Self::PartialGone => 0x8007_0002,
            Self::StateUnusable => 0x8007_0570,
            Self::StreamFailed => 0x8007_001D,
            Self::DigestMismatch(_) => 0x8020_0053,
            Self::TargetDiffers | Self::TargetUnproven => 0x8007_0050,
            Self::PieceHashFile(PieceHashFileCause::DigestDiffers) => 0x80D0_681A,
            Self::PieceHashFile(PieceHashFileCause::HashOfHashesDiffers) => 0x80D0_681B,
            Self::Metalink(_) | Self::PieceHashFile(_) => 0x80D0_6809,
            Self::Refused(Rule::QuotaForNow(_)) => 0x80D0_3001,
            Self::Refused(_) => 0x80D0_3002,
            Self::BlockedByCost => 0x80D0_3801,
            Self::BlockedByCellular => 0x80D0_3803,
            Self::NoService => 0x80D0_1001,
            Self::Engine => 0x80D0_6802,
        }
    }
}

const fn network(cause: NetworkCause) -> u32 {
    match cause {
        NetworkCause::NameNotResolved => 0x8007_2EE7,
        NetworkCause::ConnectFailed => 0x8007_2EFD,
        NetworkCause::ConnectionLost => 0x8007_2EFE,
        NetworkCause::TimedOut => 0x8007_2EE2,
        NetworkCause::CertificateInvalid => 0x80D0_5002,
        NetworkCause::TlsFailed | NetworkCause::TlsVersion | NetworkCause::TlsParameters => 0x8007_2F7D,
        NetworkCause::ProtocolViolated | NetworkCause::FramingBroken | NetworkCause::TransferCodingUnsupported => {
            0x8007_2F78
        }
        NetworkCause::HeadersTooLarge => 0x8007_2F79,
        NetworkCause::ClientCertificateRefused => 0x8007_2F0C,
    }
}

/// WinINet's code, or DO's code for any invalid certificate if WinINet has none.
const fn certificate(cause: CertificateCause) -> u32 {
    match cause {
        CertificateCause::Expired | CertificateCause::NotYetValid => 0x8007_2F05,
        CertificateCause::WrongName => 0x8007_2F06,
        CertificateCause::UnknownIssuer => 0x8007_2F0D,
        CertificateCause::Revoked => 0x8007_2F8A,
        CertificateCause::RevocationUnknown => 0x8007_2F19,
        CertificateCause::WrongUsage | CertificateCause::BadSignature | CertificateCause::NotPinned => 0x80D0_5002,
    }
}

const fn disk(cause: DiskCause) -> u32 {
    match cause {
        DiskCause::NoSpace => 0x8007_0070,
        DiskCause::QuotaExceeded => 0x8007_050F,
        DiskCause::ReadOnly => 0x8007_0013,
        DiskCause::Denied => 0x8007_0005,
        DiskCause::NotFound => 0x8007_0002,
        DiskCause::TargetExists => 0x8007_0050,
        DiskCause::NotAFile => 0x8007_010B,
        DiskCause::InvalidName => 0x8007_007B,
        DiskCause::Busy => 0x8007_0020,
        DiskCause::Io => 0x8007_045D,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_carried_in_its_facility() {
        assert_eq!(Cause::HttpStatus(404).hresult(), Hresult { code: 0x8019_0194, name: "HTTP_E_STATUS" });
        assert_eq!(Cause::HttpStatus(416).hresult().code, 0x8019_01A0);
    }

    #[test]
    fn every_code_is_a_failure_that_is_explained() {
        for cause in Cause::EACH {
            let Hresult { code, name } = cause.hresult();
            assert_ne!(code & 0x8000_0000, 0, "{cause:?}");
            assert_eq!(codes::explain(code).map(|known| known.name), Some(name), "{cause:?}");
            assert!(
                name.split('_').next().is_some_and(|prefix| prefix.bytes().all(|c| c.is_ascii_uppercase())),
                "{name}"
            );
            assert!(codes::advice(code).is_some(), "{cause:?}");
        }
    }
}

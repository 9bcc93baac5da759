//! The one table from a cause to the HRESULT that DO, BITS or Windows gives it, with its symbolic name.

use crate::failure::{Cause, DiskCause, NetworkCause};

/// An HRESULT and its name in the headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hresult {
    pub code: u32,
    pub name: &'static str,
}

const fn hresult(code: u32, name: &'static str) -> Hresult {
    Hresult { code, name }
}

/// The facility that carries HTTP statuses: `0x8019` and the status.
const HTTP_FACILITY: u32 = 0x8019_0000;

impl Cause {
    pub const fn hresult(self) -> Hresult {
        match self {
            Self::InvalidArgument => hresult(0x8007_0057, "E_INVALIDARG"),
            Self::InvalidState => hresult(0x80D0_2013, "DO_E_INVALID_STATE"),
            Self::ReadOnlyProperty => hresult(0x80D0_2012, "DO_E_READ_ONLY_PROPERTY"),
            Self::NotSet => hresult(0x8007_0490, "E_NOT_SET"),
            Self::InvalidUrl => hresult(0x800C_0002, "INET_E_INVALID_URL"),
            Self::NoUri => hresult(0x80D0_2200, "DO_E_DOWNLOAD_NO_URI"),
            Self::NoLocalPath => hresult(0x80D0_2018, "DO_E_FILE_DOWNLOADSINK_UNSPECIFIED"),
            Self::RangesExpected => hresult(0x80D0_2204, "DO_E_DOWNLOAD_RANGES_EXPECTED"),
            Self::InvalidRange => hresult(0x80D0_5010, "DO_E_INVALID_RANGE"),
            Self::OverlappingRanges => hresult(0x80D0_5012, "DO_E_OVERLAPPING_RANGES"),
            Self::HttpStatus(status) => hresult(HTTP_FACILITY | status as u32, "HTTP_E_STATUS"),
            Self::UnexpectedSuccess(_) => hresult(0x80D0_380D, "DO_E_UNEXPECTED_HTTP_STATUS_2XX"),
            Self::RangesNotSupported | Self::VersionNotProven => {
                hresult(0x80D0_5011, "DO_E_INSUFFICIENT_RANGE_SUPPORT")
            }
            Self::BodyLengthMismatch => hresult(0x80D0_5001, "DO_E_HTTP_BLOCKSIZE_MISMATCH"),
            Self::ContentKeepsChanging | Self::AnotherVersion => hresult(0x8020_0073, "BG_E_REMOTE_FILE_CHANGED"),
            Self::PageInstead => hresult(0x8007_2F78, "ERROR_HTTP_INVALID_SERVER_RESPONSE"),
            Self::LengthDiffers => hresult(0x80D0_6822, "DO_E_METAINFO_FILE_SIZE"),
            Self::PieceMismatch => hresult(0x80D0_6805, "DO_E_BAD_PIECE_HASH"),
            Self::TooManyRedirects => hresult(0x8007_2F7C, "ERROR_INTERNET_REDIRECT_FAILED"),
            Self::RedirectInvalid => hresult(0x8007_2F7C, "ERROR_INTERNET_REDIRECT_FAILED"),
            Self::RedirectInsecure => hresult(0x8007_2F08, "ERROR_INTERNET_HTTPS_TO_HTTP_ON_REDIR"),
            Self::Network(cause) => network(cause),
            Self::NoProgress => hresult(0x80D0_2002, "DO_E_DOWNLOAD_NO_PROGRESS"),
            Self::Disk(cause) => disk(cause),
            Self::DigestMismatch(_) => hresult(0x8020_0053, "BG_E_VALIDATION_FAILED"),
            Self::TargetDiffers => hresult(0x8007_0050, "ERROR_FILE_EXISTS"),
            Self::Metalink(_) | Self::PieceHashFile(_) => hresult(0x80D0_6809, "DO_E_METAINFO_CONTENT"),
            Self::PolicyRefused => hresult(0x80D0_3002, "DO_E_NO_DOWNLOAD_EXTSETTINGS"),
            Self::NoService => hresult(0x80D0_1001, "DO_E_NO_SERVICE"),
            Self::Engine => hresult(0x80D0_6802, "DO_E_FATAL_CORE_ERROR"),
        }
    }
}

const fn network(cause: NetworkCause) -> Hresult {
    match cause {
        NetworkCause::NameNotResolved => hresult(0x8007_2EE7, "ERROR_INTERNET_NAME_NOT_RESOLVED"),
        NetworkCause::ConnectFailed => hresult(0x8007_2EFD, "ERROR_INTERNET_CANNOT_CONNECT"),
        NetworkCause::ConnectionLost => hresult(0x8007_2EFE, "ERROR_INTERNET_CONNECTION_ABORTED"),
        NetworkCause::TimedOut => hresult(0x8007_2EE2, "ERROR_INTERNET_TIMEOUT"),
        NetworkCause::CertificateInvalid => hresult(0x80D0_5002, "DO_E_HTTP_CERT_VALIDATION"),
        NetworkCause::TlsFailed => hresult(0x8007_2F7D, "ERROR_INTERNET_DECODING_FAILED"),
        NetworkCause::ProtocolViolated => hresult(0x8007_2F78, "ERROR_HTTP_INVALID_SERVER_RESPONSE"),
        NetworkCause::HeadersTooLarge => hresult(0x8007_2F77, "ERROR_HTTP_INVALID_HEADER"),
    }
}

const fn disk(cause: DiskCause) -> Hresult {
    match cause {
        DiskCause::NoSpace => hresult(0x8007_0070, "ERROR_DISK_FULL"),
        DiskCause::QuotaExceeded => hresult(0x8007_0719, "ERROR_DISK_QUOTA_EXCEEDED"),
        DiskCause::ReadOnly => hresult(0x8007_0013, "ERROR_WRITE_PROTECT"),
        DiskCause::Denied => hresult(0x8007_0005, "E_ACCESSDENIED"),
        DiskCause::NotFound => hresult(0x8007_0002, "ERROR_FILE_NOT_FOUND"),
        DiskCause::TargetExists => hresult(0x8007_0050, "ERROR_FILE_EXISTS"),
        DiskCause::NotAFile => hresult(0x8007_010B, "ERROR_DIRECTORY"),
        DiskCause::InvalidName => hresult(0x8007_007B, "ERROR_INVALID_NAME"),
        DiskCause::Busy => hresult(0x8007_0020, "ERROR_SHARING_VIOLATION"),
        DiskCause::Io => hresult(0x8007_045D, "ERROR_IO_DEVICE"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_carried_in_its_facility() {
        assert_eq!(Cause::HttpStatus(404).hresult().code, 0x8019_0194);
        assert_eq!(Cause::HttpStatus(416).hresult().code, 0x8019_01A0);
    }

    #[test]
    fn every_code_is_a_failure() {
        for cause in [Cause::InvalidState, Cause::Network(NetworkCause::TlsFailed), Cause::Disk(DiskCause::Busy)] {
            assert_ne!(cause.hresult().code & 0x8000_0000, 0, "{cause:?}");
        }
    }
}

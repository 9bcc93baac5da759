//! Codes of Windows that transfers meet.

use super::codes;

codes! {
    /// This is not implemented.
    E_NOTIMPL = 0x8000_4001;
    /// The object does not have this interface.
    E_NOINTERFACE = 0x8000_4002;
    /// A file is not there.
    ERROR_FILE_NOT_FOUND = 0x8007_0002;
    /// Permission was denied.
    E_ACCESSDENIED = 0x8007_0005;
    /// There is no room for more in memory.
    E_OUTOFMEMORY = 0x8007_000E;
    /// The medium cannot be written to.
    ERROR_WRITE_PROTECT = 0x8007_0013;
    /// What the bytes were written to reported a failure.
    ERROR_WRITE_FAULT = 0x8007_001D;
    /// Another process uses the file.
    ERROR_SHARING_VIOLATION = 0x8007_0020;
    /// The file exists already.
    ERROR_FILE_EXISTS = 0x8007_0050;
    /// An argument is not valid.
    E_INVALIDARG = 0x8007_0057;
    /// The disk is full.
    ERROR_DISK_FULL = 0x8007_0070;
    /// The file name is malformed.
    ERROR_INVALID_NAME = 0x8007_007B;
    /// The file has more bytes than are allowed.
    ERROR_FILE_TOO_LARGE = 0x8007_00DF;
    /// The path leads to a thing of another kind than expected.
    ERROR_DIRECTORY = 0x8007_010B;
    /// The device reported an error.
    ERROR_IO_DEVICE = 0x8007_045D;
    /// The property was never set.
    E_NOT_SET = 0x8007_0490;
    /// The disk quota is used up.
    ERROR_DISK_QUOTA_EXCEEDED = 0x8007_050F;
    /// The file is damaged and cannot be read.
    ERROR_FILE_CORRUPT = 0x8007_0570;
    /// The text is not available in that language.
    ERROR_RESOURCE_LANG_NOT_FOUND = 0x8007_0717;
    /// The network did not answer in time.
    ERROR_INTERNET_TIMEOUT = 0x8007_2EE2;
    /// The host name was not found.
    ERROR_INTERNET_NAME_NOT_RESOLVED = 0x8007_2EE7;
    /// The host cannot be reached.
    ERROR_INTERNET_CANNOT_CONNECT = 0x8007_2EFD;
    /// The connection broke off.
    ERROR_INTERNET_CONNECTION_ABORTED = 0x8007_2EFE;
    /// The origin's certificate is not valid at this date.
    ERROR_INTERNET_SEC_CERT_DATE_INVALID = 0x8007_2F05;
    /// The origin's certificate is for another host.
    ERROR_INTERNET_SEC_CERT_CN_INVALID = 0x8007_2F06;
    /// A redirect leads from https to http.
    ERROR_INTERNET_HTTPS_TO_HTTP_ON_REDIR = 0x8007_2F08;
    /// The origin wants a client certificate that it knows.
    ERROR_INTERNET_CLIENT_AUTH_CERT_NEEDED = 0x8007_2F0C;
    /// The origin's certificate is by an authority that is not trusted.
    ERROR_INTERNET_INVALID_CA = 0x8007_2F0D;
    /// Whether the origin's certificate is revoked is not known.
    ERROR_INTERNET_SEC_CERT_REV_FAILED = 0x8007_2F19;
    /// The answer lacks a header field that is needed.
    ERROR_HTTP_HEADER_NOT_FOUND = 0x8007_2F76;
    /// The answer cannot be understood.
    ERROR_HTTP_INVALID_SERVER_RESPONSE = 0x8007_2F78;
    /// A header field is not valid.
    ERROR_HTTP_INVALID_HEADER = 0x8007_2F79;
    /// A redirect cannot be followed.
    ERROR_INTERNET_REDIRECT_FAILED = 0x8007_2F7C;
    /// The secure connection failed.
    ERROR_INTERNET_SECURITY_CHANNEL_ERROR = 0x8007_2F7D;
    /// The origin's certificate is revoked.
    ERROR_INTERNET_SEC_CERT_REVOKED = 0x8007_2F8A;
    /// A certificate cannot be read.
    CRYPT_E_FILE_ERROR = 0x8009_2003;
    /// The URL is malformed.
    INET_E_INVALID_URL = 0x800C_0002;
}

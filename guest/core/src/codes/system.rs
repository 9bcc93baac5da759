//! Codes of Windows itself that transfers meet: COM's, Win32's and WinINet's (facility 7), one of CryptoAPI, one of URL
//! monikers. WinINet's numbers start at 12000, 0x2EE0.

use super::Entry;

pub const CODES: &[Entry] = &[
    Entry(0x8000_4001, "E_NOTIMPL", "this is not implemented"),
    Entry(0x8000_4002, "E_NOINTERFACE", "the object does not have this interface"),
    Entry(0x8007_0002, "ERROR_FILE_NOT_FOUND", "a file is not there"),
    Entry(0x8007_0005, "E_ACCESSDENIED", "permission was denied"),
    Entry(0x8007_000E, "E_OUTOFMEMORY", "there is no room for more in memory"),
    Entry(0x8007_0013, "ERROR_WRITE_PROTECT", "the medium cannot be written to"),
    Entry(0x8007_001D, "ERROR_WRITE_FAULT", "what the bytes were written to reported a failure"),
    Entry(0x8007_0020, "ERROR_SHARING_VIOLATION", "another process uses the file"),
    Entry(0x8007_0050, "ERROR_FILE_EXISTS", "the file exists already"),
    Entry(0x8007_0057, "E_INVALIDARG", "an argument is not valid"),
    Entry(0x8007_0070, "ERROR_DISK_FULL", "the disk is full"),
    Entry(0x8007_007B, "ERROR_INVALID_NAME", "the file name is malformed"),
    Entry(0x8007_010B, "ERROR_DIRECTORY", "the path leads to a thing of another kind than expected"),
    Entry(0x8007_045D, "ERROR_IO_DEVICE", "the device reported an error"),
    Entry(0x8007_0490, "E_NOT_SET", "the property was never set"),
    Entry(0x8007_050F, "ERROR_DISK_QUOTA_EXCEEDED", "the disk quota is used up"),
    Entry(0x8007_0570, "ERROR_FILE_CORRUPT", "the file is damaged and cannot be read"),
    Entry(0x8007_0717, "ERROR_RESOURCE_LANG_NOT_FOUND", "the text is not available in that language"),
    Entry(0x8007_2EE2, "ERROR_INTERNET_TIMEOUT", "the network did not answer in time"),
    Entry(0x8007_2EE7, "ERROR_INTERNET_NAME_NOT_RESOLVED", "the host name was not found"),
    Entry(0x8007_2EFD, "ERROR_INTERNET_CANNOT_CONNECT", "the host cannot be reached"),
    Entry(0x8007_2EFE, "ERROR_INTERNET_CONNECTION_ABORTED", "the connection broke off"),
    Entry(0x8007_2F08, "ERROR_INTERNET_HTTPS_TO_HTTP_ON_REDIR", "a redirect leads from https to http"),
    Entry(0x8007_2F76, "ERROR_HTTP_HEADER_NOT_FOUND", "the answer lacks a header field that is needed"),
    Entry(0x8007_2F78, "ERROR_HTTP_INVALID_SERVER_RESPONSE", "the answer cannot be understood"),
    Entry(0x8007_2F79, "ERROR_HTTP_INVALID_HEADER", "a header field is not valid"),
    Entry(0x8007_2F7C, "ERROR_INTERNET_REDIRECT_FAILED", "a redirect cannot be followed"),
    Entry(0x8007_2F7D, "ERROR_INTERNET_SECURITY_CHANNEL_ERROR", "the secure connection failed"),
    Entry(0x8009_2003, "CRYPT_E_FILE_ERROR", "a certificate cannot be read"),
    Entry(0x800C_0002, "INET_E_INVALID_URL", "the URL is malformed"),
];

//! aria2's numbers for failures.

use haul::Failure;

/// The failure has no number of its own. Clients have words for these numbers, because they are those of aria2's manual.
pub const UNKNOWN: u8 = 1;
/// The target is that of another download.
pub const SAME_FILE: u8 = 11;
/// A file exists at the target.
pub const FILE_EXISTS: u8 = 13;
/// The directory cannot be created.
pub const NO_DIRECTORY: u8 = 18;
/// A user removed the download.
pub const REMOVED: u8 = 31;

/// The number for a failure, by the symbolic name of its code.
pub fn of(failure: &Failure) -> u8 {
    if let Some(status) = failure.status.filter(|_| failure.name.starts_with("HTTP_E_STATUS")) {
        return of_status(status);
    }
    match failure.name.as_str() {
        "ERROR_INTERNET_TIMEOUT" | "DO_E_DOWNLOAD_NO_PROGRESS" => 2,
        "ERROR_INTERNET_CANNOT_CONNECT" | "ERROR_INTERNET_CONNECTION_ABORTED" | "DO_E_BLOCKED_BY_NO_NETWORK" => 6,
        "DO_E_INSUFFICIENT_RANGE_SUPPORT" | "BG_E_REMOTE_FILE_CHANGED" => 8,
        "ERROR_DISK_FULL" | "ERROR_DISK_QUOTA_EXCEEDED" => 9,
        "ERROR_SHARING_VIOLATION" => SAME_FILE,
        "ERROR_FILE_EXISTS" => FILE_EXISTS,
        "ERROR_FILE_NOT_FOUND" | "E_ACCESSDENIED" | "ERROR_DIRECTORY" => 15,
        "ERROR_INVALID_NAME" | "ERROR_WRITE_PROTECT" => 16,
        "ERROR_IO_DEVICE" | "ERROR_WRITE_FAULT" => 17,
        "ERROR_INTERNET_NAME_NOT_RESOLVED" => 19,
        "DO_E_METAINFO_CONTENT" => 20,
        "ERROR_HTTP_INVALID_SERVER_RESPONSE" | "ERROR_HTTP_INVALID_HEADER" => 22,
        "ERROR_INTERNET_REDIRECT_FAILED" => 23,
        "BG_E_VALIDATION_FAILED" | "DO_E_BAD_PIECE_HASH" | "DO_E_METAINFO_FILE_SIZE" => 32,
        _ => UNKNOWN,
    }
}

const fn of_status(status: u16) -> u8 {
    match status {
        401 | 407 => 24,
        404 | 410 => 3,
        503 => 29,
        _ => 22,
    }
}

/// The sentence for a failure, with its remedy.
pub fn sentence(failure: &Failure) -> String {
    if failure.advice.is_empty() {
        failure.description.clone()
    } else {
        format!("{}; {}", failure.description, failure.advice)
    }
}

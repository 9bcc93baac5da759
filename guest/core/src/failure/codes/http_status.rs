//! HTTP statuses as HRESULTs, facility 0x19: `0x80190000` and the status.

use alloc::borrow::Cow;
use alloc::format;
use core::ops::RangeInclusive;

pub const NAME: &str = "HTTP_E_STATUS";

/// The valid range of status codes, [RFC 9110 section 15](https://www.rfc-editor.org/rfc/rfc9110#section-15).
const STATUSES: RangeInclusive<u16> = 100..=599;

const FACILITY: u32 = 0x8019_0000;

pub const fn code(status: u16) -> u32 {
    FACILITY | status as u32
}

/// The status in `code`, if it carries one.
pub fn status(code: u32) -> Option<u16> {
    let status = u16::try_from(code ^ FACILITY).ok()?;
    STATUSES.contains(&status).then_some(status)
}

pub fn meaning(status: u16) -> Cow<'static, str> {
    match reason(status) {
        Some(reason) => format!("the origin answered {status} {reason}").into(),
        None => format!("the origin answered {status}, which has no registered meaning").into(),
    }
}

/// The phrase in [IANA's registry](https://www.iana.org/assignments/http-status-codes).
const fn reason(status: u16) -> Option<&'static str> {
    Some(match status {
        100 => "Continue",
        101 => "Switching Protocols",
        102 => "Processing",
        103 => "Early Hints",
        104 => "Upload Resumption Supported",
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        203 => "Non-Authoritative Information",
        204 => "No Content",
        205 => "Reset Content",
        206 => "Partial Content",
        207 => "Multi-Status",
        208 => "Already Reported",
        226 => "IM Used",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        305 => "Use Proxy",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        416 => "Range Not Satisfiable",
        417 => "Expectation Failed",
        421 => "Misdirected Request",
        422 => "Unprocessable Content",
        423 => "Locked",
        424 => "Failed Dependency",
        425 => "Too Early",
        426 => "Upgrade Required",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        451 => "Unavailable For Legal Reasons",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        506 => "Variant Also Negotiates",
        507 => "Insufficient Storage",
        508 => "Loop Detected",
        510 => "Not Extended",
        511 => "Network Authentication Required",
        _ => return None,
    })
}

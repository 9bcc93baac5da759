//! HTTP statuses as HRESULTs, facility 0x19: `0x80190000` and the status.

use alloc::borrow::Cow;
use alloc::format;
use core::ops::RangeInclusive;

/// The name of a code whose status has no name in the headers.
pub const UNNAMED: &str = "HTTP_E_STATUS";

/// The valid range of status codes, [RFC 9110 section 15](https://www.rfc-editor.org/rfc/rfc9110#section-15).
const STATUSES: RangeInclusive<u16> = 100..=599;

const FACILITY: u32 = 0x8019_0000;

pub const fn code(status: u16) -> u32 {
    FACILITY | status as u32
}

/// The status that `code` carries or is.
pub fn status(code: u32) -> Option<u16> {
    let status = u16::try_from(code).or_else(|_| u16::try_from(code ^ FACILITY)).ok()?;
    STATUSES.contains(&status).then_some(status)
}

/// The name in winerror.h, or the name in bitsmsg.h if winerror.h has none.
pub const fn name(status: u16) -> &'static str {
    match status {
        100 => "BG_E_HTTP_ERROR_100",
        101 => "BG_E_HTTP_ERROR_101",
        200 => "BG_E_HTTP_ERROR_200",
        201 => "BG_E_HTTP_ERROR_201",
        202 => "BG_E_HTTP_ERROR_202",
        203 => "BG_E_HTTP_ERROR_203",
        204 => "BG_E_HTTP_ERROR_204",
        205 => "BG_E_HTTP_ERROR_205",
        206 => "BG_E_HTTP_ERROR_206",
        300 => "HTTP_E_STATUS_AMBIGUOUS",
        301 => "HTTP_E_STATUS_MOVED",
        302 => "HTTP_E_STATUS_REDIRECT",
        303 => "HTTP_E_STATUS_REDIRECT_METHOD",
        304 => "HTTP_E_STATUS_NOT_MODIFIED",
        305 => "HTTP_E_STATUS_USE_PROXY",
        307 => "HTTP_E_STATUS_REDIRECT_KEEP_VERB",
        400 => "HTTP_E_STATUS_BAD_REQUEST",
        401 => "HTTP_E_STATUS_DENIED",
        402 => "HTTP_E_STATUS_PAYMENT_REQ",
        403 => "HTTP_E_STATUS_FORBIDDEN",
        404 => "HTTP_E_STATUS_NOT_FOUND",
        405 => "HTTP_E_STATUS_BAD_METHOD",
        406 => "HTTP_E_STATUS_NONE_ACCEPTABLE",
        407 => "HTTP_E_STATUS_PROXY_AUTH_REQ",
        408 => "HTTP_E_STATUS_REQUEST_TIMEOUT",
        409 => "HTTP_E_STATUS_CONFLICT",
        410 => "HTTP_E_STATUS_GONE",
        411 => "HTTP_E_STATUS_LENGTH_REQUIRED",
        412 => "HTTP_E_STATUS_PRECOND_FAILED",
        413 => "HTTP_E_STATUS_REQUEST_TOO_LARGE",
        414 => "HTTP_E_STATUS_URI_TOO_LONG",
        415 => "HTTP_E_STATUS_UNSUPPORTED_MEDIA",
        416 => "HTTP_E_STATUS_RANGE_NOT_SATISFIABLE",
        417 => "HTTP_E_STATUS_EXPECTATION_FAILED",
        449 => "BG_E_HTTP_ERROR_449",
        500 => "HTTP_E_STATUS_SERVER_ERROR",
        501 => "HTTP_E_STATUS_NOT_SUPPORTED",
        502 => "HTTP_E_STATUS_BAD_GATEWAY",
        503 => "HTTP_E_STATUS_SERVICE_UNAVAIL",
        504 => "HTTP_E_STATUS_GATEWAY_TIMEOUT",
        505 => "HTTP_E_STATUS_VERSION_NOT_SUP",
        _ => UNNAMED,
    }
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

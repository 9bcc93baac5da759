//! HTTP statuses as codes: 0x80190000 and the status.

use super::codes;

codes! {
    /// 100 Continue.
    BG_E_HTTP_ERROR_100 = 0x8019_0064;
    /// 101 Switching Protocols.
    BG_E_HTTP_ERROR_101 = 0x8019_0065;
    /// 200 OK.
    BG_E_HTTP_ERROR_200 = 0x8019_00C8;
    /// 201 Created.
    BG_E_HTTP_ERROR_201 = 0x8019_00C9;
    /// 202 Accepted.
    BG_E_HTTP_ERROR_202 = 0x8019_00CA;
    /// 203 Non-Authoritative Information.
    BG_E_HTTP_ERROR_203 = 0x8019_00CB;
    /// 204 No Content.
    BG_E_HTTP_ERROR_204 = 0x8019_00CC;
    /// 205 Reset Content.
    BG_E_HTTP_ERROR_205 = 0x8019_00CD;
    /// 206 Partial Content.
    BG_E_HTTP_ERROR_206 = 0x8019_00CE;
    /// 300 Multiple Choices.
    HTTP_E_STATUS_AMBIGUOUS = 0x8019_012C;
    /// 301 Moved Permanently.
    HTTP_E_STATUS_MOVED = 0x8019_012D;
    /// 302 Found.
    HTTP_E_STATUS_REDIRECT = 0x8019_012E;
    /// 303 See Other.
    HTTP_E_STATUS_REDIRECT_METHOD = 0x8019_012F;
    /// 304 Not Modified.
    HTTP_E_STATUS_NOT_MODIFIED = 0x8019_0130;
    /// 305 Use Proxy.
    HTTP_E_STATUS_USE_PROXY = 0x8019_0131;
    /// 307 Temporary Redirect.
    HTTP_E_STATUS_REDIRECT_KEEP_VERB = 0x8019_0133;
    /// 400 Bad Request.
    HTTP_E_STATUS_BAD_REQUEST = 0x8019_0190;
    /// 401 Unauthorized.
    HTTP_E_STATUS_DENIED = 0x8019_0191;
    /// 402 Payment Required.
    HTTP_E_STATUS_PAYMENT_REQ = 0x8019_0192;
    /// 403 Forbidden.
    HTTP_E_STATUS_FORBIDDEN = 0x8019_0193;
    /// 404 Not Found.
    HTTP_E_STATUS_NOT_FOUND = 0x8019_0194;
    /// 405 Method Not Allowed.
    HTTP_E_STATUS_BAD_METHOD = 0x8019_0195;
    /// 406 Not Acceptable.
    HTTP_E_STATUS_NONE_ACCEPTABLE = 0x8019_0196;
    /// 407 Proxy Authentication Required.
    HTTP_E_STATUS_PROXY_AUTH_REQ = 0x8019_0197;
    /// 408 Request Timeout.
    HTTP_E_STATUS_REQUEST_TIMEOUT = 0x8019_0198;
    /// 409 Conflict.
    HTTP_E_STATUS_CONFLICT = 0x8019_0199;
    /// 410 Gone.
    HTTP_E_STATUS_GONE = 0x8019_019A;
    /// 411 Length Required.
    HTTP_E_STATUS_LENGTH_REQUIRED = 0x8019_019B;
    /// 412 Precondition Failed.
    HTTP_E_STATUS_PRECOND_FAILED = 0x8019_019C;
    /// 413 Content Too Large.
    HTTP_E_STATUS_REQUEST_TOO_LARGE = 0x8019_019D;
    /// 414 URI Too Long.
    HTTP_E_STATUS_URI_TOO_LONG = 0x8019_019E;
    /// 415 Unsupported Media Type.
    HTTP_E_STATUS_UNSUPPORTED_MEDIA = 0x8019_019F;
    /// 416 Range Not Satisfiable.
    HTTP_E_STATUS_RANGE_NOT_SATISFIABLE = 0x8019_01A0;
    /// 417 Expectation Failed.
    HTTP_E_STATUS_EXPECTATION_FAILED = 0x8019_01A1;
    /// 449, which has no registered meaning.
    BG_E_HTTP_ERROR_449 = 0x8019_01C1;
    /// 500 Internal Server Error.
    HTTP_E_STATUS_SERVER_ERROR = 0x8019_01F4;
    /// 501 Not Implemented.
    HTTP_E_STATUS_NOT_SUPPORTED = 0x8019_01F5;
    /// 502 Bad Gateway.
    HTTP_E_STATUS_BAD_GATEWAY = 0x8019_01F6;
    /// 503 Service Unavailable.
    HTTP_E_STATUS_SERVICE_UNAVAIL = 0x8019_01F7;
    /// 504 Gateway Timeout.
    HTTP_E_STATUS_GATEWAY_TIMEOUT = 0x8019_01F8;
    /// 505 HTTP Version Not Supported.
    HTTP_E_STATUS_VERSION_NOT_SUP = 0x8019_01F9;
    /// BITS's name of [`HTTP_E_STATUS_AMBIGUOUS`].
    BG_E_HTTP_ERROR_300 = 0x8019_012C;
    /// BITS's name of [`HTTP_E_STATUS_MOVED`].
    BG_E_HTTP_ERROR_301 = 0x8019_012D;
    /// BITS's name of [`HTTP_E_STATUS_REDIRECT`].
    BG_E_HTTP_ERROR_302 = 0x8019_012E;
    /// BITS's name of [`HTTP_E_STATUS_REDIRECT_METHOD`].
    BG_E_HTTP_ERROR_303 = 0x8019_012F;
    /// BITS's name of [`HTTP_E_STATUS_NOT_MODIFIED`].
    BG_E_HTTP_ERROR_304 = 0x8019_0130;
    /// BITS's name of [`HTTP_E_STATUS_USE_PROXY`].
    BG_E_HTTP_ERROR_305 = 0x8019_0131;
    /// BITS's name of [`HTTP_E_STATUS_REDIRECT_KEEP_VERB`].
    BG_E_HTTP_ERROR_307 = 0x8019_0133;
    /// BITS's name of [`HTTP_E_STATUS_BAD_REQUEST`].
    BG_E_HTTP_ERROR_400 = 0x8019_0190;
    /// BITS's name of [`HTTP_E_STATUS_DENIED`].
    BG_E_HTTP_ERROR_401 = 0x8019_0191;
    /// BITS's name of [`HTTP_E_STATUS_PAYMENT_REQ`].
    BG_E_HTTP_ERROR_402 = 0x8019_0192;
    /// BITS's name of [`HTTP_E_STATUS_FORBIDDEN`].
    BG_E_HTTP_ERROR_403 = 0x8019_0193;
    /// BITS's name of [`HTTP_E_STATUS_NOT_FOUND`].
    BG_E_HTTP_ERROR_404 = 0x8019_0194;
    /// BITS's name of [`HTTP_E_STATUS_BAD_METHOD`].
    BG_E_HTTP_ERROR_405 = 0x8019_0195;
    /// BITS's name of [`HTTP_E_STATUS_NONE_ACCEPTABLE`].
    BG_E_HTTP_ERROR_406 = 0x8019_0196;
    /// BITS's name of [`HTTP_E_STATUS_PROXY_AUTH_REQ`].
    BG_E_HTTP_ERROR_407 = 0x8019_0197;
    /// BITS's name of [`HTTP_E_STATUS_REQUEST_TIMEOUT`].
    BG_E_HTTP_ERROR_408 = 0x8019_0198;
    /// BITS's name of [`HTTP_E_STATUS_CONFLICT`].
    BG_E_HTTP_ERROR_409 = 0x8019_0199;
    /// BITS's name of [`HTTP_E_STATUS_GONE`].
    BG_E_HTTP_ERROR_410 = 0x8019_019A;
    /// BITS's name of [`HTTP_E_STATUS_LENGTH_REQUIRED`].
    BG_E_HTTP_ERROR_411 = 0x8019_019B;
    /// BITS's name of [`HTTP_E_STATUS_PRECOND_FAILED`].
    BG_E_HTTP_ERROR_412 = 0x8019_019C;
    /// BITS's name of [`HTTP_E_STATUS_REQUEST_TOO_LARGE`].
    BG_E_HTTP_ERROR_413 = 0x8019_019D;
    /// BITS's name of [`HTTP_E_STATUS_URI_TOO_LONG`].
    BG_E_HTTP_ERROR_414 = 0x8019_019E;
    /// BITS's name of [`HTTP_E_STATUS_UNSUPPORTED_MEDIA`].
    BG_E_HTTP_ERROR_415 = 0x8019_019F;
    /// BITS's name of [`HTTP_E_STATUS_RANGE_NOT_SATISFIABLE`].
    BG_E_HTTP_ERROR_416 = 0x8019_01A0;
    /// BITS's name of [`HTTP_E_STATUS_EXPECTATION_FAILED`].
    BG_E_HTTP_ERROR_417 = 0x8019_01A1;
    /// BITS's name of [`HTTP_E_STATUS_SERVER_ERROR`].
    BG_E_HTTP_ERROR_500 = 0x8019_01F4;
    /// BITS's name of [`HTTP_E_STATUS_NOT_SUPPORTED`].
    BG_E_HTTP_ERROR_501 = 0x8019_01F5;
    /// BITS's name of [`HTTP_E_STATUS_BAD_GATEWAY`].
    BG_E_HTTP_ERROR_502 = 0x8019_01F6;
    /// BITS's name of [`HTTP_E_STATUS_SERVICE_UNAVAIL`].
    BG_E_HTTP_ERROR_503 = 0x8019_01F7;
    /// BITS's name of [`HTTP_E_STATUS_GATEWAY_TIMEOUT`].
    BG_E_HTTP_ERROR_504 = 0x8019_01F8;
    /// BITS's name of [`HTTP_E_STATUS_VERSION_NOT_SUP`].
    BG_E_HTTP_ERROR_505 = 0x8019_01F9;
}

//! Today's date.

use std::time::SystemTime;

/// In UTC, such as `06 Nov 1994`.
pub fn today() -> String {
    httpdate::fmt_http_date(SystemTime::now())[5..16].to_owned()
}

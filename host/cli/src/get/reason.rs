//! The reason for a wait in the few words that a line of progress has room for.

use haul_queue::Cause;

/// Such as `host not found` or `503 Service Unavailable`.
pub fn reason(cause: &Cause) -> String {
    match cause.name.as_deref() {
        Some("ERROR_INTERNET_NAME_NOT_RESOLVED") => "host not found".into(),
        Some("ERROR_INTERNET_CANNOT_CONNECT") => "cannot connect".into(),
        Some("ERROR_INTERNET_TIMEOUT") => "no answer in time".into(),
        _ => {
            let message = cause.message.as_str();
            let status = message.strip_prefix("the origin answered ");
            status.or_else(|| message.strip_prefix("the ")).unwrap_or(message).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use haul_queue::Outcome;

    use super::*;

    #[test]
    fn a_reason_is_short() {
        for (name, message, expected) in [
            (Some("ERROR_INTERNET_NAME_NOT_RESOLVED"), "the host name was not found", "host not found"),
            (Some("HTTP_E_STATUS"), "the origin answered 503 Service Unavailable", "503 Service Unavailable"),
            (None, "the connection was lost", "connection was lost"),
        ] {
            let cause = Cause { name: name.map(Into::into), ..Cause::without_code(message, Outcome::Network) };
            assert_eq!(reason(&cause), expected);
        }
    }
}

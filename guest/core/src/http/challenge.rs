//! The schemes in WWW-Authenticate and Proxy-Authenticate, [RFC 9110 section
//! 11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1).

use super::field_value::FieldValue;
use super::head::Head;
use super::parameters::{self, is_token};
use crate::failure::AuthSchemes;

/// The schemes in all fields named `name`, which must be in lower case.
pub fn schemes(head: &Head, name: &str) -> AuthSchemes {
    // A scheme is a token, so a value that is not ASCII has none to add.
    let members = head.values(name).filter_map(FieldValue::as_str).flat_map(|value| parameters::split(value, ','));
    members.filter_map(scheme).map(AuthSchemes::named).fold(AuthSchemes::NONE, AuthSchemes::and)
}

/// The scheme at the start of a member of the list. A member without one is a parameter of the challenge before it.
fn scheme(member: &str) -> Option<&str> {
    let member = member.trim();
    let (name, rest) = member.split_once([' ', '\t']).unwrap_or((member, ""));
    (is_token(name) && !rest.trim_start().starts_with('=')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(fields: &[&str], expected: &[&str]) {
        let fields = fields.iter().map(|value| ("www-authenticate".into(), (*value).into())).collect();
        let named = expected.iter().map(|name| AuthSchemes::named(name)).fold(AuthSchemes::NONE, AuthSchemes::and);
        assert_eq!(schemes(&Head { status: 401, fields }, "www-authenticate"), named, "{expected:?}");
    }

    #[test]
    fn parameters_are_no_schemes() {
        check(&["Basic realm=\"a, Digest b\", charset=\"UTF-8\""], &["Basic"]);
        check(&["Digest realm=\"x\", qop = \"auth\", nonce=1, bearer"], &["Digest", "Bearer"]);
        check(&["Negotiate", "NTLM TlRM==", "basic realm=x"], &["Negotiate", "NTLM", "Basic"]);
        check(&["AWS4-HMAC-SHA256 Credential=x"], &["AWS4-HMAC-SHA256"]);
        check(&["", " , ,", "realm=\"x\""], &[]);
    }
}

//! The authentication schemes of a challenge.

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

/// The authentication schemes that an origin or a proxy accepts, as a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthSchemes(u8);

/// The schemes in use, each with its bit. Any other one is only known to exist.
const SCHEMES: [(&str, AuthSchemes); 5] = [
    ("Basic", AuthSchemes(1)),
    ("Bearer", AuthSchemes(2)),
    ("Digest", AuthSchemes(4)),
    ("Negotiate", AuthSchemes(8)),
    ("NTLM", AuthSchemes(16)),
];

impl AuthSchemes {
    pub const NONE: Self = Self(0);
    pub const BASIC: Self = SCHEMES[0].1;
    const BEARER: Self = SCHEMES[1].1;
    const OTHER: Self = Self(32);

    /// The scheme with this name, in any case.
    pub fn named(name: &str) -> Self {
        let known = SCHEMES.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map_or(Self::OTHER, |(_, scheme)| scheme)
    }

    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The names, as a list in words.
    fn names(self) -> Vec<&'static str> {
        let other = [("a scheme that haul does not know", Self::OTHER)];
        SCHEMES.into_iter().chain(other).filter(|(_, scheme)| self.has(*scheme)).map(|(name, _)| name).collect()
    }

    /// The demand of the party that answered with a challenge.
    pub(super) fn description(self, party: &str, status: u16) -> Cow<'static, str> {
        match &self.names()[..] {
            [] => format!("{party} answered {status}").into(),
            names => format!("{party} answered {status} and asks for credentials: {}", names.join(" or ")).into(),
        }
    }

    /// The remedy for a 401. haul sends the credentials of Basic and Bearer as they are given, and computes none.
    pub(super) const fn advice(self) -> &'static str {
        if self.has(Self::BASIC) {
            "check the credentials: user and password in the URL, or a header 'Authorization'"
        } else if self.has(Self::BEARER) {
            "check the token: a header 'Authorization: Bearer TOKEN'"
        } else if self.0 == 0 {
            "check the URL and the credentials sent with it"
        } else {
            "haul does not speak this scheme; give a ready header 'Authorization', or a URL that needs none"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demand_names_each_scheme_once() {
        let asked = ["basic", "NTLM", "Basic", "Hoba"].map(AuthSchemes::named);
        let all = asked.into_iter().fold(AuthSchemes::NONE, AuthSchemes::and);
        let expected =
            "the origin answered 401 and asks for credentials: Basic or NTLM or a scheme that haul does not know";
        assert_eq!(all.description("the origin", 401), expected);
        assert_eq!(AuthSchemes::NONE.description("the proxy", 407), "the proxy answered 407");
    }
}

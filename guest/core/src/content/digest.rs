//! Digest algorithms and the text forms of a digest.

use alloc::vec::Vec;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::{Deserialize, Serialize};

/// # Invariants
///
/// `name` and `length` agree with the functions of the same name in the engine's hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Algorithm {
    Sha256,
    Sha512,
    Sha1,
    Md5,
    Blake3,
}

impl Algorithm {
    pub const ALL: [Self; 5] = [Self::Sha256, Self::Sha512, Self::Sha1, Self::Md5, Self::Blake3];

    pub(crate) const STRONGEST_FIRST: [Self; 5] = [Self::Sha512, Self::Blake3, Self::Sha256, Self::Sha1, Self::Md5];

    /// The algorithm that a field or a document names, in IANA's spelling or without the hyphen; `sha` is SHA-1.
    pub(crate) fn registered(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "sha-512" | "sha512" => Some(Self::Sha512),
            "sha-256" | "sha256" => Some(Self::Sha256),
            "sha-1" | "sha1" | "sha" => Some(Self::Sha1),
            "md5" => Some(Self::Md5),
            _ => None,
        }
    }

    /// The name before the colon of a checksum, as in `sha256:HEX`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
            Self::Sha1 => "sha1",
            Self::Md5 => "md5",
            Self::Blake3 => "blake3",
        }
    }

    /// Whether finding two contents with the same digest is infeasible.
    pub const fn is_collision_resistant(self) -> bool {
        matches!(self, Self::Sha256 | Self::Sha512 | Self::Blake3)
    }

    /// Length of a digest in bytes.
    pub const fn length(self) -> usize {
        match self {
            Self::Sha512 => 64,
            Self::Sha256 | Self::Blake3 => 32,
            Self::Sha1 => 20,
            Self::Md5 => 16,
        }
    }
}

/// A value that the engine computes over a range of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checksum {
    Digest(Algorithm),
    /// Four bytes, most significant first. A CRC-32 detects accidental damage, not tampering.
    Crc32,
}

/// A digest that the content is expected to have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedDigest {
    pub algorithm: Algorithm,
    pub value: Vec<u8>,
}

impl ExpectedDigest {
    /// `None` if the value does not have the algorithm's length.
    pub(crate) fn new(algorithm: Algorithm, value: Vec<u8>) -> Option<Self> {
        (value.len() == algorithm.length()).then_some(Self { algorithm, value })
    }

    /// Reads `ALGORITHM:HEX`; `None` if the algorithm is unknown or the value has the wrong length.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, hex) = text.split_once(':')?;
        let algorithm = Algorithm::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(name))?;
        Self::new(algorithm, decode_hex(hex)?)
    }
}

/// Decodes pairs of hexadecimal digits.
pub(crate) fn decode_hex(hex: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> =
        hex.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

/// Accepts missing padding and non-zero trailing bits, as [RFC 8941 section 4.2.7](https://www.rfc-editor.org/rfc/rfc8941#section-4.2.7)
/// asks.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Decodes base64 with or without padding.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_needs_a_known_name_and_the_right_length() {
        let md5 = ExpectedDigest::parse("MD5:D41D8CD98F00B204E9800998ECF8427E").unwrap();
        assert_eq!((md5.algorithm, md5.value[..2].to_vec()), (Algorithm::Md5, [0xd4, 0x1d].to_vec()));
        for bad in ["md5", "md5:", "md5:d4", "crc32:00000000", "md5:g41d8cd98f00b204e9800998ecf8427e", "sha256:é"] {
            assert_eq!(ExpectedDigest::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn registered_names_come_with_and_without_hyphen() {
        for (name, expected) in [
            ("SHA-512", Some(Algorithm::Sha512)),
            ("sha256", Some(Algorithm::Sha256)),
            ("SHA", Some(Algorithm::Sha1)),
            ("sha-1", Some(Algorithm::Sha1)),
            ("MD5", Some(Algorithm::Md5)),
            ("sha-384", None),
            ("unixsum", None),
            ("", None),
        ] {
            assert_eq!(Algorithm::registered(name), expected, "{name}");
        }
    }

    #[test]
    fn base64_comes_with_and_without_padding() {
        for text in ["AAE=", "AAE", "AAF="] {
            assert_eq!(decode_base64(text), Some([0, 1].to_vec()), "{text}");
        }
        for bad in ["AAE==", "A", "AA E=", "AA_="] {
            assert_eq!(decode_base64(bad), None, "{bad}");
        }
    }
}

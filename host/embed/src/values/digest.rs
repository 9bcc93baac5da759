//! Digests that a file must have.

use std::str::FromStr;

use crate::bindings::types;
use crate::error::Error;
use crate::mirror::{mirrored_enum, mirrored_record};

mirrored_enum! {
    DigestAlgorithm = types::DigestAlgorithm {
        Sha256,
        Sha512,
        Sha1,
        Md5,
        Blake3,
    }
}

mirrored_record! {
    /// A digest that the local file must have.
    #[derive(Clone, Debug, PartialEq, Eq)]
    ExpectedDigest = types::Digest {
        algorithm: DigestAlgorithm,
        /// The raw bytes.
        value: Vec<u8>,
    }
}

/// `algorithm:hex`, such as `sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae`, in letters of either case.
///
/// ```
/// use haul::{DigestAlgorithm, ExpectedDigest};
///
/// let digest: ExpectedDigest = "md5:d41d8cd98f00b204e9800998ecf8427e".parse()?;
/// assert_eq!((digest.algorithm, digest.value.len()), (DigestAlgorithm::Md5, 16));
/// assert!("md5:d41d8c".parse::<ExpectedDigest>().is_err());
/// # Ok::<(), haul::Error>(())
/// ```
impl FromStr for ExpectedDigest {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = || Error::Setting {
            setting: "digest",
            reason: "it is not `sha256:`, `sha512:`, `sha1:`, `md5:` or `blake3:` and the whole digest in hexadecimal"
                .into(),
        };
        let (algorithm, hex) = text.split_once(':').ok_or_else(refuse)?;
        let (algorithm, length) = match algorithm.to_ascii_lowercase().as_str() {
            "sha256" => (DigestAlgorithm::Sha256, 32),
            "sha512" => (DigestAlgorithm::Sha512, 64),
            "sha1" => (DigestAlgorithm::Sha1, 20),
            "md5" => (DigestAlgorithm::Md5, 16),
            "blake3" => (DigestAlgorithm::Blake3, 32),
            _ => return Err(refuse()),
        };
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        let byte = |pair: &[u8]| Some((digit(pair.first()?)? << 4 | digit(pair.get(1)?)?) as u8);
        let value = hex.as_bytes().chunks(2).map(byte).collect::<Option<Vec<u8>>>();
        value.filter(|value| value.len() == length).map(|value| Self { algorithm, value }).ok_or_else(refuse)
    }
}

mirrored_record! {
    /// Digests of a file's pieces: stretches of equal length from its first byte on, the last one perhaps shorter.
    #[derive(Clone, Debug, PartialEq, Eq)]
    Pieces = types::Pieces {
        algorithm: DigestAlgorithm,
        /// Bytes of every piece but the last, not zero.
        length: u64,
        /// The raw digests, in order.
        digests: Vec<Vec<u8>>,
    }
}

//! A file that is to be added to a job, as it is sent to the process that has the queue.

use std::path::PathBuf;

use haul::{DigestAlgorithm, Durability, ExpectedDigest, FileRange, Pieces, TransferOptions};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewFile {
    pub url: String,
    /// Absolute.
    pub path: PathBuf,
    /// None for the whole file.
    pub ranges: Vec<Part>,
    pub options: Options,
}

/// Some bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub offset: u64,
    /// `None` for everything up to the end.
    pub length: Option<u64>,
}

/// How a file is to be fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub mirrors: Vec<String>,
    pub digests: Vec<Digest>,
    pub pieces: Option<PieceDigests>,
    pub length: Option<u64>,
    pub connections: Option<u32>,
    /// Bytes per second.
    pub max_rate: Option<u64>,
    /// Bytes per second.
    pub min_rate: Option<u64>,
    pub retries: Option<u32>,
    pub overwrite: bool,
    pub origin_names: bool,
    pub no_sync: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    pub algorithm: Algorithm,
    pub hex: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PieceDigests {
    pub algorithm: Algorithm,
    /// Bytes of every piece but the last.
    pub length: u64,
    pub hex: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    Sha256,
    Sha512,
    Sha1,
    Md5,
    Blake3,
}

impl Options {
    /// Whether there is nothing to tell the engine.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl From<Options> for TransferOptions {
    fn from(options: Options) -> Self {
        Self {
            connections: options.connections,
            overwrite: options.overwrite,
            expected: options.digests.into_iter().map(Into::into).collect(),
            retries: options.retries,
            max_rate: options.max_rate,
            durability: if options.no_sync { Durability::Process } else { Durability::Power },
            mirrors: options.mirrors,
            pieces: options.pieces.map(Into::into),
            length: options.length,
            min_rate: options.min_rate,
            origin_names: options.origin_names,
            ..Self::default()
        }
    }
}

impl From<Part> for FileRange {
    fn from(part: Part) -> Self {
        Self { initial_offset: part.offset, length: part.length }
    }
}

impl From<ExpectedDigest> for Digest {
    fn from(digest: ExpectedDigest) -> Self {
        Self { algorithm: digest.algorithm.into(), hex: to_hex(&digest.value) }
    }
}

impl From<Digest> for ExpectedDigest {
    fn from(digest: Digest) -> Self {
        Self { algorithm: digest.algorithm.into(), value: from_hex(&digest.hex) }
    }
}

impl From<Pieces> for PieceDigests {
    fn from(pieces: Pieces) -> Self {
        let hex = pieces.digests.iter().map(|digest| to_hex(digest)).collect();
        Self { algorithm: pieces.algorithm.into(), length: pieces.length, hex }
    }
}

impl From<PieceDigests> for Pieces {
    fn from(pieces: PieceDigests) -> Self {
        let digests = pieces.hex.iter().map(|hex| from_hex(hex)).collect();
        Self { algorithm: pieces.algorithm.into(), length: pieces.length, digests }
    }
}

impl From<DigestAlgorithm> for Algorithm {
    fn from(algorithm: DigestAlgorithm) -> Self {
        match algorithm {
            DigestAlgorithm::Sha256 => Self::Sha256,
            DigestAlgorithm::Sha512 => Self::Sha512,
            DigestAlgorithm::Sha1 => Self::Sha1,
            DigestAlgorithm::Md5 => Self::Md5,
            DigestAlgorithm::Blake3 => Self::Blake3,
        }
    }
}

impl From<Algorithm> for DigestAlgorithm {
    fn from(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha256 => Self::Sha256,
            Algorithm::Sha512 => Self::Sha512,
            Algorithm::Sha1 => Self::Sha1,
            Algorithm::Md5 => Self::Md5,
            Algorithm::Blake3 => Self::Blake3,
        }
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is no hexadecimal digit ends it: a digest of a wrong length is refused by the engine.
fn from_hex(text: &str) -> Vec<u8> {
    let digits = text.chars().map_while(|digit| digit.to_digit(16)).map(|digit| digit as u8);
    let digits: Vec<_> = digits.collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_survive_the_way_to_another_process() {
        let digest = ExpectedDigest { algorithm: DigestAlgorithm::Md5, value: (0..16).map(|at| at * 17).collect() };
        let sent = serde_json::to_string(&Digest::from(digest.clone())).unwrap();
        assert_eq!(sent, r#"{"algorithm":"md5","hex":"00112233445566778899aabbccddeeff"}"#);
        let received: Digest = serde_json::from_str(&sent).unwrap();
        assert_eq!(ExpectedDigest::from(received), digest);
    }
}

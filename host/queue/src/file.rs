//! New files of jobs, as requests carry them.

use std::path::PathBuf;

use haul::{DigestAlgorithm, Durability, ExpectedDigest, FileRange, Pieces, TransferOptions};
use serde::{Deserialize, Serialize};

/// A file to add to a job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewFile {
    /// An absolute http or https URL; may hold a password.
    pub url: String,
    /// The absolute path of the finished file.
    pub path: PathBuf,
    /// The ranges to download, written one after the other; empty for the whole file.
    pub ranges: Vec<Part>,
    /// Options of the transfer.
    pub options: Options,
}

/// A range of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The first byte, counted from 0.
    pub offset: u64,
    /// Bytes; `None` for all up to the end of the file.
    pub length: Option<u64>,
}

/// Options of one transfer; `None` and `false` are the engine's defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Other URLs of the same content.
    pub mirrors: Vec<String>,
    /// Digests that the file must have.
    pub digests: Vec<Digest>,
    /// Digests of the pieces of the file.
    pub pieces: Option<PieceDigests>,
    /// Bytes that the file must have.
    pub length: Option<u64>,
    /// The most segments in flight.
    pub connections: Option<u32>,
    /// The highest rate, in bytes per second.
    pub max_rate: Option<u64>,
    /// Bytes per second below which arriving bytes count as no progress.
    pub min_rate: Option<u64>,
    /// Failures in a row before the file fails; `None` leaves it to the no-progress timeout.
    pub retries: Option<u32>,
    /// Whether an existing file is replaced.
    pub overwrite: bool,
    /// Whether the origin may name the file.
    pub origin_names: bool,
    /// Whether the bytes need to survive the death of the process only, and not a loss of power.
    pub no_sync: bool,
}

/// A digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The value in hexadecimal.
    pub hex: String,
}

/// Digests of pieces of one length.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PieceDigests {
    /// The algorithm of all digests.
    pub algorithm: Algorithm,
    /// Bytes of every piece but the last.
    pub length: u64,
    /// The values in hexadecimal, in the order of the pieces.
    pub hex: Vec<String>,
}

/// The algorithm of a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
    /// SHA-1, against accidents only.
    Sha1,
    /// MD5, against accidents only.
    Md5,
    /// BLAKE3.
    Blake3,
}

impl Options {
    /// Whether every option is the engine's default.
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

/// Stops at the first character that is no hexadecimal digit: the engine rejects a digest of a wrong length.
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

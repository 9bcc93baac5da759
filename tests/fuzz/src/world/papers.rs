//! Piece-hash files: the right one, and faulty ones.

use arbitrary::Arbitrary;
use haul_core::content::digest::{Algorithm, ExpectedDigest};
use haul_core::parse::integrity_check_info::IntegrityCheckInfo;
use haul_core::parse::url::Url;
use sha2::{Digest, Sha256};

use super::script::RIGHT_DIGEST;
use super::wishes::Proof;
use crate::text::base64;

/// The origin's document at the piece-hash file's URL.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Paper {
    Right,
    /// The file of a longer content.
    OtherLength,
    /// Other digests.
    OtherDigests,
    Garbage,
    /// Larger than the limit.
    Huge,
}

const URL: &str = "http://papers/pieces";

/// The place of the piece-hash file.
pub const PLACE: &str = "papers/pieces";

/// Number of pieces of a non-empty file.
const COUNT: u64 = 4;

impl Paper {
    /// The document for a file of `length` bytes.
    pub fn bytes(self, length: u64) -> Vec<u8> {
        match self {
            Self::Right => document(length, RIGHT_DIGEST),
            Self::OtherLength => document(length.wrapping_add(1), RIGHT_DIGEST),
            Self::OtherDigests => document(length, !RIGHT_DIGEST),
            Self::Garbage => b"{".to_vec(),
            Self::Huge => vec![b' '; 5 << 20],
        }
    }
}

fn count(length: u64) -> u64 {
    length.div_ceil(piece(length)).max(1)
}

fn piece(length: u64) -> u64 {
    length.div_ceil(COUNT).max(1)
}

fn document(length: u64, byte: u8) -> Vec<u8> {
    let digest = format!("\"{}\"", base64(&[byte; 32]));
    let pieces = (0..count(length)).map(|_| digest.as_str()).collect::<Vec<_>>().join(",");
    let piece = piece(length);
    format!(r#"{{"MajorVersion":1,"ContentLength":{length},"PieceSize":{piece},"Pieces":[{pieces}]}}"#).into_bytes()
}

/// The location and proof of the piece-hash file for a file of `length` bytes.
pub fn info(length: u64, proof: Proof) -> IntegrityCheckInfo {
    let digest = || Sha256::digest(document(length, RIGHT_DIGEST)).to_vec();
    let digest =
        matches!(proof, Proof::Digest).then(|| ExpectedDigest { algorithm: Algorithm::Sha256, value: digest() });
    let digests = || (0..count(length)).flat_map(|_| [RIGHT_DIGEST; 32]).collect::<Vec<_>>();
    let hash = matches!(proof, Proof::HashOfHashes).then(|| Sha256::digest(digests()).to_vec());
    IntegrityCheckInfo::new(Url::parse(URL).expect("a sound URL"), digest, hash.as_deref()).expect("sound proofs")
}

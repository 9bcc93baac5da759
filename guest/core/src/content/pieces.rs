//! Digests of the pieces of a file. All pieces have the same length, except that the last one may be shorter.

use alloc::vec::Vec;
use core::ops::Range;

use serde::{Deserialize, Serialize};

use super::digest::Algorithm;
use super::range::ByteRange;

/// Limit on the pieces of one file, so that a hostile document cannot fill the memory: 32 MiB of SHA-256 digests.
const MOST: usize = 1 << 20;

/// # Invariants
///
/// At least one piece, at most 1,048,576; `length` is not zero; every digest has its algorithm's length.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct Pieces {
    algorithm: Algorithm,
    length: u64,
    digests: Vec<Vec<u8>>,
}

/// Deserialized pieces, not yet checked against the invariants of [`Pieces`].
#[derive(Deserialize)]
struct Parts {
    algorithm: Algorithm,
    length: u64,
    digests: Vec<Vec<u8>>,
}

impl TryFrom<Parts> for Pieces {
    type Error = &'static str;

    fn try_from(Parts { algorithm, length, digests }: Parts) -> Result<Self, Self::Error> {
        Self::new(algorithm, length, digests).ok_or("not the digests of pieces")
    }
}

impl Pieces {
    /// Pieces of `length` bytes with these digests in order; `None` if that breaks an invariant.
    pub fn new(algorithm: Algorithm, length: u64, digests: Vec<Vec<u8>>) -> Option<Self> {
        let sound = length > 0
            && (1..=MOST).contains(&digests.len())
            && digests.iter().all(|digest| digest.len() == algorithm.length());
        sound.then_some(Self { algorithm, length, digests })
    }

    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Length in bytes of every piece except the last one, which may be shorter.
    pub const fn length(&self) -> u64 {
        self.length
    }

    pub fn digests(&self) -> &[Vec<u8>] {
        &self.digests
    }

    /// Whether a file of `total` bytes has this number of pieces.
    pub fn fit(&self, total: u64) -> bool {
        total.div_ceil(self.length).max(1) == self.digests.len() as u64
    }

    /// The range of piece `index` in a file of `total` bytes.
    pub fn extent(&self, index: usize, total: u64) -> ByteRange {
        let start = (index as u64).saturating_mul(self.length).min(total);
        ByteRange::new(start, start.saturating_add(self.length).min(total))
    }

    /// The pieces that share bytes with `range`.
    pub fn touching(&self, range: ByteRange) -> Range<usize> {
        let index = |at: u64| usize::try_from(at).map_or(self.digests.len(), |at| at.min(self.digests.len()));
        index(range.start / self.length)..index(range.end.div_ceil(self.length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn pieces(length: u64, count: usize) -> Option<Pieces> {
        Pieces::new(Algorithm::Sha256, length, vec![vec![0; 32]; count])
    }

    #[test]
    fn the_last_piece_may_be_shorter() {
        let pieces = pieces(10, 3).unwrap();
        assert!(pieces.fit(21) && pieces.fit(30) && !pieces.fit(20) && !pieces.fit(31));
        assert_eq!(pieces.extent(2, 25), ByteRange::new(20, 25));
        assert_eq!(pieces.touching(ByteRange::new(9, 11)), 0..2);
        assert_eq!(pieces.touching(ByteRange::new(10, 20)), 1..2);
        assert_eq!(pieces.touching(ByteRange::new(25, 99)), 2..3);
    }

    #[test]
    fn an_empty_file_has_one_empty_piece() {
        assert!(pieces(10, 1).unwrap().fit(0));
        assert_eq!(pieces(10, 1).unwrap().extent(0, 0), ByteRange::new(0, 0));
    }

    #[test]
    fn what_describes_no_file_is_refused() {
        assert_eq!(pieces(0, 1), None);
        assert_eq!(pieces(1, 0), None);
        assert_eq!(Pieces::new(Algorithm::Md5, 1, vec![vec![0; 32]]), None);
    }
}

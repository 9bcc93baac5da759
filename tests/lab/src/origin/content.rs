//! Bytes to serve, computed for any offset and never held in full.

use sha2::{Digest, Sha256};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// The length after which generated content repeats. It is a prime, so two offsets that are multiples of 4096 have the same bytes
/// only if they are more than 4 GiB apart.
const PERIOD: usize = (1 << 20) + 7;

/// The part of the block's beginning that is repeated after its end, so that at least this many bytes from every offset are
/// contiguous in memory.
const TAIL: usize = 256 * 1024;

/// A sequence of bytes of a known length.
///
/// Generated content depends only on its seed: of two contents with the same seed the shorter is a prefix of the longer, and
/// contents with different seeds differ everywhere. It repeats every 1 048 583 bytes, so a content of 2 GiB takes little more
/// than 1 MiB of memory and is instant to create. Clones share the memory.
#[derive(Clone)]
pub struct Content {
    block: Arc<[u8]>,
    period: u64,
    length: u64,
}

impl Content {
    /// Pseudo-random bytes determined by `seed`.
    pub fn new(seed: u64, length: u64) -> Self {
        let period = usize::try_from(length).map_or(PERIOD, |length| length.min(PERIOD));
        let mut block = generate(seed, period);
        if length > PERIOD as u64 {
            block.extend_from_within(..TAIL);
        }
        Self { block: block.into(), period: period as u64, length }
    }

    /// Exactly these bytes.
    pub fn literal(bytes: impl Into<Vec<u8>>) -> Self {
        let block: Arc<[u8]> = bytes.into().into();
        let length = block.len() as u64;
        Self { block, period: length, length }
    }

    /// The length in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// A copy of the bytes in `range`.
    ///
    /// # Panics
    ///
    /// If `range` extends beyond the end of the content.
    pub fn bytes(&self, range: Range<u64>) -> Vec<u8> {
        assert!(range.end <= self.length, "{range:?} of {self:?}");
        let mut copy = Vec::new();
        self.each_slice(range, |slice| copy.extend_from_slice(slice));
        copy
    }

    /// The SHA-256 of the whole content, in lower-case hexadecimal.
    pub fn sha256(&self) -> String {
        let mut digest = Sha256::new();
        self.each_slice(0..self.length, |slice| digest.update(slice));
        let digest = digest.finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The longest run of contiguous bytes in memory from `offset` on. It may be longer than the rest of the content, and
    /// `offset` may lie beyond the end: the content keeps repeating. Empty only for an empty content.
    pub(super) fn slice_at(&self, offset: u64) -> &[u8] {
        match offset.checked_rem(self.period) {
            // The remainder is less than the length of the block.
            Some(index) => &self.block[index as usize..],
            None => &[],
        }
    }

    fn each_slice(&self, range: Range<u64>, mut visit: impl FnMut(&[u8])) {
        let mut offset = range.start;
        while offset < range.end {
            let slice = self.slice_at(offset);
            let take = (range.end - offset).min(slice.len() as u64);
            visit(&slice[..take as usize]);
            offset += take;
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Content({} bytes)", self.length)
    }
}

/// The first `length` bytes of the sequence of `seed` (SplitMix64).
fn generate(seed: u64, length: usize) -> Vec<u8> {
    // Mixed, because the sequences of neighbouring seeds would otherwise be shifted copies.
    let mut state = mix(seed ^ 0x6a09_e667_f3bc_c908);
    let mut block = Vec::with_capacity(length + TAIL);
    while block.len() < length {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = mix(state).to_le_bytes();
        let take = word.len().min(length - block.len());
        block.extend_from_slice(&word[..take]);
    }
    block
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use crate::origin::Content;

    const LONG: u64 = 5 << 30;

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
        let content = Content::new(7, 10_000);
        assert_eq!(content.bytes(0..10_000), Content::new(7, LONG).bytes(0..10_000));
        assert_ne!(content.bytes(0..64), Content::new(8, 10_000).bytes(0..64));
    }

    #[test]
    fn any_split_gives_the_same_bytes() {
        let content = Content::new(1, LONG);
        let start = 3 * 1_048_583 - 300_000;
        let whole = content.bytes(start..start + 600_000);
        let mut parts = content.bytes(start..start + 299_999);
        parts.extend(content.bytes(start + 299_999..start + 600_000));
        assert!(whole == parts);
    }

    #[test]
    fn no_two_blocks_of_4096_look_alike() {
        let content = Content::new(3, LONG);
        let mut beginnings: Vec<_> = (0..20_000).map(|block| content.slice_at(block * 4096)[..16].to_vec()).collect();
        beginnings.sort();
        beginnings.dedup();
        assert_eq!(beginnings.len(), 20_000);
    }

    #[test]
    fn long_content_offers_long_slices_everywhere() {
        let content = Content::new(3, LONG);
        for offset in (0..3_000_000).step_by(99_991) {
            assert!(content.slice_at(offset).len() >= 256 * 1024);
        }
    }

    #[test]
    fn the_digest_is_that_of_the_bytes() {
        assert_eq!(
            Content::literal("abc").sha256(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        let content = Content::new(5, 3_000_000);
        let copy = Content::literal(content.bytes(0..3_000_000));
        assert_eq!(content.sha256(), copy.sha256());
    }

    #[test]
    fn empty_content_is_empty() {
        let empty = Content::new(1, 0);
        assert!(empty.bytes(0..0).is_empty() && empty.slice_at(0).is_empty());
    }
}

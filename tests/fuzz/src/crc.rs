//! CRC-32 of long runs of bytes, without visiting each byte.

use crc32fast::Hasher;

/// The CRC-32 of runs of equal bytes, each with its length.
pub fn of_runs(runs: &[(u8, u64)]) -> u32 {
    let mut all = Hasher::new();
    runs.iter().for_each(|&(byte, count)| all.combine(&repeated(byte, count)));
    all.finalize()
}

/// `count` equal bytes, by doubling.
fn repeated(byte: u8, count: u64) -> Hasher {
    let (mut all, mut power) = (Hasher::new(), Hasher::new());
    power.update(&[byte]);
    let mut left = count;
    while left > 0 {
        if left & 1 == 1 {
            all.combine(&power);
        }
        left >>= 1;
        if left > 0 {
            power.combine(&power.clone());
        }
    }
    all
}

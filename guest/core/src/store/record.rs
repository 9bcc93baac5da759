//! Records of an append-only file. A record's header holds its length, its CRC-32, and the CRC-32 of those two, which tells a torn record
//! from a damaged one.

use alloc::vec::Vec;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Limit on a record, in bytes, because a reader holds one record in memory. The largest written record is a download that uses its
/// caller's whole 16 MiB.
const MAX_RECORD: usize = 32 << 20;

/// Length of the header in bytes: the length of the record, its CRC-32, and a CRC-32 of both, so that a torn length is noticed.
const HEADER: usize = 12;

/// The next item in a file of records.
#[derive(Debug)]
pub(crate) enum Next<'a, R> {
    /// A whole record, and the bytes after it.
    Record(R, &'a [u8]),
    /// No more bytes, or only a part of the next record.
    Incomplete,
    /// Zeroes, because the file grew before its data was written.
    Zeroes,
    /// The last record has its full length but fails its check: a torn write.
    BrokenLast,
    Damaged,
}

/// The stored form of one record.
pub(crate) fn encode(record: &impl Serialize) -> Vec<u8> {
    let payload = postcard::to_allocvec(record).unwrap_or_default();
    let mut bytes = Vec::with_capacity(payload.len() + HEADER);
    bytes.extend((payload.len() as u32).to_le_bytes());
    bytes.extend(crc32fast::hash(&payload).to_le_bytes());
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    bytes.extend(payload);
    bytes
}

/// The next record. More of the file may follow `bytes`.
pub(crate) fn next<R: DeserializeOwned>(bytes: &[u8]) -> Next<'_, R> {
    let Some((header, rest)) = bytes.split_first_chunk::<HEADER>() else { return Next::Incomplete };
    let [l0, l1, l2, l3, c0, c1, c2, c3, h0, h1, h2, h3] = *header;
    let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
    if crc32fast::hash(&header[..8]) != u32::from_le_bytes([h0, h1, h2, h3]) {
        // The zeroes may begin within the last header.
        let is_zero = bytes[HEADER - 1..].iter().all(|byte| *byte == 0);
        return if is_zero { Next::Zeroes } else { Next::Damaged };
    }
    if !(1..=MAX_RECORD).contains(&length) {
        return Next::Damaged;
    }
    let Some((payload, after)) = rest.split_at_checked(length) else { return Next::Incomplete };
    let is_intact = crc32fast::hash(payload) == u32::from_le_bytes([c0, c1, c2, c3]);
    match postcard::from_bytes(payload) {
        Ok(record) if is_intact => Next::Record(record, after),
        _ if after.is_empty() => Next::BrokenLast,
        _ => Next::Damaged,
    }
}

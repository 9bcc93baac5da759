//! Records in a file that is appended to. In front of each are its length, its CRC-32, and the CRC-32 of those two, so that a torn
//! one is told from a damaged one.

use alloc::vec::Vec;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Longest record accepted, in bytes.
const MAX_RECORD: usize = 64 << 20;

/// Bytes in front of a record.
const HEADER: usize = 12;

/// What cannot be read, before the end of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Damaged;

/// One record as it is appended.
pub(crate) fn encode(record: &impl Serialize) -> Vec<u8> {
    let payload = postcard::to_allocvec(record).unwrap_or_default();
    let mut bytes = Vec::with_capacity(payload.len() + HEADER);
    bytes.extend((payload.len() as u32).to_le_bytes());
    bytes.extend(crc32fast::hash(&payload).to_le_bytes());
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    bytes.extend(payload);
    bytes
}

/// The next whole record and what follows it; `None` at the end or at a torn tail.
pub(crate) fn next<R: DeserializeOwned>(bytes: &[u8]) -> Result<Option<(R, &[u8])>, Damaged> {
    let Some((header, rest)) = bytes.split_first_chunk::<HEADER>() else { return Ok(None) };
    let [l0, l1, l2, l3, c0, c1, c2, c3, h0, h1, h2, h3] = *header;
    let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
    if crc32fast::hash(&header[..8]) != u32::from_le_bytes([h0, h1, h2, h3]) {
        // A file that grew without its data being written ends in zeroes, perhaps from the middle of the last header on.
        return if bytes[HEADER - 1..].iter().all(|byte| *byte == 0) { Ok(None) } else { Err(Damaged) };
    }
    let Some((payload, after)) = rest.split_at_checked(length) else { return Ok(None) };
    let intact = (1..=MAX_RECORD).contains(&length) && crc32fast::hash(payload) == u32::from_le_bytes([c0, c1, c2, c3]);
    match postcard::from_bytes(payload) {
        Ok(record) if intact => Ok(Some((record, after))),
        _ if after.is_empty() => Ok(None),
        _ => Err(Damaged),
    }
}

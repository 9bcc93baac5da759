//! Framed records, as in journals and ledgers.

use std::convert::Infallible;

use haul_core::engine::Engine;

/// Length in bytes of a record's header: length, checksum, and checksum of those two.
const HEADER: usize = 12;

/// Corrects the checksum of each record, so that the parser reaches the contents of any record.
pub fn mended(magic: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut at = magic.len();
    while let Some([l0, l1, l2, l3]) = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>()).copied() {
        let start = at + HEADER;
        let end = start.saturating_add(u32::from_le_bytes([l0, l1, l2, l3]) as usize);
        let Some(payload) = bytes.get(start..end) else { break };
        let crc = crc32fast::hash(payload).to_le_bytes();
        bytes[at + 4..at + 8].copy_from_slice(&crc);
        let crc = crc32fast::hash(&bytes[at..at + 8]).to_le_bytes();
        bytes[at + 8..start].copy_from_slice(&crc);
        at = end;
    }
    bytes
}

/// The ledger as the engine rewrites it.
pub fn ledger_of(engine: &mut Engine) -> Vec<u8> {
    let mut ledger = Vec::new();
    let write = |part: &[u8]| {
        ledger.extend_from_slice(part);
        Ok::<_, Infallible>(())
    };
    engine.write_ledger(write).expect("a file in memory");
    ledger
}

//! Records in their frames, as journals and ledgers have them.

use std::convert::Infallible;

use haul_core::engine::Engine;

/// Bytes in front of a record: its length, its checksum, and the checksum of those two.
const HEADER: usize = 12;

/// The file with the checksum of each record put right, so that what is in a record is looked at whatever it is.
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

/// The ledger as the engine writes it anew.
pub fn ledger_of(engine: &mut Engine) -> Vec<u8> {
    let mut ledger = Vec::new();
    let write = |part: &[u8]| {
        ledger.extend_from_slice(part);
        Ok::<_, Infallible>(())
    };
    engine.write_ledger(write).expect("a file in memory");
    ledger
}

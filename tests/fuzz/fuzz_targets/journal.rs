//! The state read from a journal is one that was written up to some record, for any damage to the bytes. Written again, it reads back the
//! same.

#![no_main]

use arbitrary::Arbitrary;
use haul_core::content::range::ByteRange;
use haul_core::store::journal::{self, Record, Recovered};
use haul_core::store::key::Key;
use haul_core::store::seals::Seals;
use haul_core_fuzz::records::{self, Entry};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
enum Input {
    /// Bytes that need not be a journal.
    Raw(Vec<u8>),
    /// Payloads in valid frames.
    Framed(Vec<Vec<u8>>),
    /// Records with one bit flipped and a tail cut off, both optional.
    Written { entries: Vec<Entry>, flip: Option<(u16, u8)>, cut: u16 },
}

fuzz_target!(|input: Input| {
    match input {
        Input::Raw(bytes) => drop(read(&bytes)),
        Input::Framed(payloads) => drop(read(&framed(&payloads))),
        Input::Written { entries, flip, cut } => written(&entries, flip, cut),
    }
});

fn begin(records: &[Record]) -> Vec<u8> {
    journal::begin(records, &Key::default()).0
}

fn framed(payloads: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = begin(&[]);
    for payload in payloads {
        bytes.extend((payload.len() as u32).to_le_bytes());
        bytes.extend(crc32(payload).to_le_bytes());
        bytes.extend(payload);
    }
    bytes
}

/// CRC-32 bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let shift = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), shift))
}

/// Reads `bytes` and checks that the result is reliable.
fn read(bytes: &[u8]) -> Option<Recovered> {
    let recovered = journal::read(bytes, &Key::default()).ok()?;
    let trusted = &bytes[..usize::try_from(recovered.length).expect("a length in memory")];
    assert_eq!(journal::read(trusted, &Key::default()).as_ref(), Ok(&recovered), "the trusted part alone");

    assert!(recovered.seals.are_sound() && recovered.seals.iter().all(|seal| recovered.kept.covers(seal.range)));

    let (again, tail) = journal::begin(&records::of(&recovered), &Key::default());
    let expected = Recovered { authentic: true, length: again.len() as u64, ..recovered.clone() };
    assert_eq!(journal::read(&again, &Key::default()).as_ref(), Ok(&expected), "written again");

    let ranges = vec![ByteRange::new(3, 7)];
    let record = Record::Kept { ranges: ranges.clone(), modified: Some(1), seals: Seals::default() };
    let longer = [again, journal::append(&record, tail, &Key::default()).0].concat();
    let expected = Recovered {
        kept: ranges.into_iter().collect(),
        modified: Some(1),
        seals: Seals::default(),
        closed: false,
        length: longer.len() as u64,
        ..expected
    };
    assert_eq!(journal::read(&longer, &Key::default()), Ok(expected), "appended to");
    Some(recovered)
}

fn written(entries: &[Entry], flip: Option<(u16, u8)>, cut: u16) {
    let records: Vec<_> = entries.iter().map(Entry::record).collect();
    let mut bytes = begin(&records);
    if let Some((at, bit)) = flip {
        let at = usize::from(at) % bytes.len();
        bytes[at] ^= 1 << (bit % 8);
    }
    bytes.truncate(bytes.len() - usize::from(cut) % (bytes.len() + 1));
    let Some(recovered) = read(&bytes) else { return };
    let states = (0..=records.len()).filter_map(|count| journal::read(&begin(&records[..count]), &Key::default()).ok());
    assert!(states.into_iter().any(|state| state == recovered), "{recovered:?}");
}

//! An accepted piece-hash file describes a file of its length; written as a new one, it reads back the same.

#![no_main]

use haul_core::content::digest::Algorithm;
use haul_core::parse::piece_hash_file::{PieceHashFile, parse};
use haul_core_fuzz::text::base64;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(file) = parse(text) else { return };
    assert!(file.pieces.fit(file.length));
    assert_eq!(file.pieces.algorithm(), Algorithm::Sha256);
    assert!(file.pieces.digests().iter().all(|digest| digest.len() == 32));
    let extents = (0..file.pieces.digests().len()).map(|index| file.pieces.extent(index, file.length).len());
    assert_eq!(extents.sum::<u64>(), file.length);
    assert_eq!(parse(&written(&file)), Ok(file));
});

fn written(file: &PieceHashFile) -> String {
    let pieces: Vec<_> = file.pieces.digests().iter().map(|digest| format!("\"{}\"", base64(digest))).collect();
    format!(
        "{{\"MajorVersion\": 1, \"ContentLength\": {}, \"PieceSize\": {}, \"Pieces\": [{}]}}",
        file.length,
        file.pieces.length(),
        pieces.join(",")
    )
}

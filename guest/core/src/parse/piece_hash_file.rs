//! Delivery Optimization's piece-hash file: the digests of a file's pieces.
//!
//! The format is undocumented. This parser follows files in use, which are one JSON object:
//!
//! ```json
//! {
//!     "MajorVersion": 1,
//!     "MinorVersion": 0,
//!     "HashOfHashes": "SHA-256 over the digests of all pieces, one after the other",
//!     "ContentLength": 1500000,
//!     "PieceSize": 1048576,
//!     "Pieces": ["SHA-256 of the first piece", "SHA-256 of the second piece"]
//! }
//! ```
//!
//! Digests are in base64. `HashOfHashes` is optional and verified if present. `MinorVersion` and other members are ignored; another
//! `MajorVersion` is rejected.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::content::digest::{Algorithm, decode_base64};
use crate::content::pieces::Pieces;
use crate::failure::PieceHashFileCause;

/// Limit on a document, in bytes, so that an origin cannot fill the memory.
const MAX_LENGTH: usize = 4 << 20;

/// The contents of a piece-hash file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PieceHashFile {
    /// Length of the file in bytes.
    pub length: u64,
    /// The number of pieces fits the length.
    pub pieces: Pieces,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    major_version: u64,
    hash_of_hashes: Option<String>,
    content_length: u64,
    piece_size: u64,
    pieces: Vec<String>,
}

/// Reads a document; ignores a byte order mark before it.
///
/// # Errors
///
/// See [`PieceHashFileCause`]. This function does not compare the document with expected digests.
pub fn parse(text: &str) -> Result<PieceHashFile, PieceHashFileCause> {
    if text.len() > MAX_LENGTH {
        return Err(PieceHashFileCause::TooLarge);
    }
    let document = read(text.strip_prefix('\u{feff}').unwrap_or(text))?;
    let pieces = pieces(&document).ok_or(PieceHashFileCause::BadPieces)?;
    let proven = document
        .hash_of_hashes
        .is_none_or(|expected| decode_base64(&expected).is_some_and(|hash| hash == hash_of_hashes(&pieces)));
    if proven {
        Ok(PieceHashFile { length: document.content_length, pieces })
    } else {
        Err(PieceHashFileCause::HashMismatch)
    }
}

fn read(text: &str) -> Result<Document, PieceHashFileCause> {
    let document: Document = serde_json::from_str(text).map_err(|error| {
        if error.is_data() { PieceHashFileCause::NotPieceHashes } else { PieceHashFileCause::NotJson }
    })?;
    let is_object = text.trim_start().starts_with('{');
    if is_object && document.major_version == 1 { Ok(document) } else { Err(PieceHashFileCause::NotPieceHashes) }
}

fn pieces(document: &Document) -> Option<Pieces> {
    let digests = document.pieces.iter().map(|piece| decode_base64(piece)).collect::<Option<_>>()?;
    let pieces = Pieces::new(Algorithm::Sha256, document.piece_size, digests)?;
    pieces.fit(document.content_length).then_some(pieces)
}

/// SHA-256 over the concatenated digests of all pieces.
pub(crate) fn hash_of_hashes(pieces: &Pieces) -> [u8; 32] {
    let mut hasher = Sha256::new();
    pieces.digests().iter().for_each(|digest| hasher.update(digest));
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    use proptest::prelude::*;

    /// A digest whose bytes are all `byte`, as a JSON string.
    fn piece(byte: u8) -> String {
        format!("\"{}\"", BASE64_STANDARD.encode([byte; 32]))
    }

    fn document(length: u64, pieces: &str) -> String {
        format!(r#"{{"MajorVersion":1,"MinorVersion":0,"ContentLength":{length},"PieceSize":10,"Pieces":[{pieces}]}}"#)
    }

    fn check(text: &str, expected: Result<(u64, usize), PieceHashFileCause>) {
        let found = parse(text).map(|found| (found.length, found.pieces.digests().len()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn length_and_pieces_are_read() {
        let found = parse(&document(15, &format!("{}, {}", piece(1), piece(2)))).unwrap();
        assert_eq!((found.length, found.pieces.length()), (15, 10));
        assert_eq!(found.pieces.algorithm(), Algorithm::Sha256);
        assert_eq!(found.pieces.digests(), [[1; 32], [2; 32]]);
        check(&document(0, &piece(1)), Ok((0, 1)));
    }

    #[test]
    fn the_hash_of_hashes_is_checked_where_it_is_there() {
        let with =
            |hash: &str| document(15, &format!("{},{}", piece(1), piece(2))).replacen('{', &format!("{{{hash},"), 1);
        let right = BASE64_STANDARD.encode(Sha256::digest([[1; 32], [2; 32]].concat()));
        check(&with(&format!("\"HashOfHashes\":\"{right}\"")), Ok((15, 2)));
        check(&with("\"HashOfHashes\":null"), Ok((15, 2)));
        check(&with(&format!("\"HashOfHashes\":{}", piece(1))), Err(PieceHashFileCause::HashMismatch));
        check(&with("\"HashOfHashes\":\"!\""), Err(PieceHashFileCause::HashMismatch));
        check(&with("\"HashOfHashes\":1"), Err(PieceHashFileCause::NotPieceHashes));
    }

    #[test]
    fn other_members_escapes_and_a_byte_order_mark_change_nothing() {
        let text = document(5, &piece(255).replace('/', "\\/"));
        check(&text.replacen('{', "\u{feff}{\"Extra\":{\"a\":[1.5,null]},", 1), Ok((5, 1)));
    }

    #[test]
    fn what_is_no_piece_hash_file_is_refused() {
        check("", Err(PieceHashFileCause::NotJson));
        check("{", Err(PieceHashFileCause::NotJson));
        check(&"[".repeat(100_000), Err(PieceHashFileCause::NotPieceHashes));
        check(&format!("{{\"a\":{}", "[".repeat(100_000)), Err(PieceHashFileCause::NotJson));
        check("[]", Err(PieceHashFileCause::NotPieceHashes));
        check("{}", Err(PieceHashFileCause::NotPieceHashes));
        check(&format!("[1, null, 5, 10, [{}]]", piece(1)), Err(PieceHashFileCause::NotPieceHashes));
        let good = document(5, &piece(1));
        check(&good.replace("Version\":1", "Version\":2"), Err(PieceHashFileCause::NotPieceHashes));
        check(&good.replace("Length\":5", "Length\":-5"), Err(PieceHashFileCause::NotPieceHashes));
        check(&good.replace("Length\":5", "Length\":5.0"), Err(PieceHashFileCause::NotPieceHashes));
        check(&good.replace("Length\":5", "Length\":18446744073709551616"), Err(PieceHashFileCause::NotPieceHashes));
        check(&good.replacen('{', "{\"PieceSize\":10,", 1), Err(PieceHashFileCause::NotPieceHashes));
        check(&format!("{good} x"), Err(PieceHashFileCause::NotJson));
        check(&" ".repeat(MAX_LENGTH + 1), Err(PieceHashFileCause::TooLarge));
    }

    #[test]
    fn pieces_that_make_no_file_are_refused() {
        check(&document(5, ""), Err(PieceHashFileCause::BadPieces));
        check(&document(11, &piece(1)), Err(PieceHashFileCause::BadPieces));
        check(&document(u64::MAX, &piece(1)), Err(PieceHashFileCause::BadPieces));
        check(&document(5, "\"AAAA\""), Err(PieceHashFileCause::BadPieces));
        check(&document(5, "\"!\""), Err(PieceHashFileCause::BadPieces));
        check(&document(5, &piece(1)).replace("Size\":10", "Size\":0"), Err(PieceHashFileCause::BadPieces));
    }

    proptest! {
        #[test]
        fn what_is_read_describes_one_file(
            anything in any::<String>(), json in "[\\[\\]{}\":,0-9a-z ]{0,60}",
            length in any::<u64>(), size in any::<u64>(), count in 0..5_usize
        ) {
            prop_assert!(parse(&anything).is_err() && parse(&json).is_err());
            let pieces = alloc::vec![piece(7); count].join(",");
            let text = document(length, &pieces).replace("Size\":10", &format!("Size\":{size}"));
            match parse(&text) {
                Ok(found) => prop_assert!(found.length == length && found.pieces.fit(length)),
                Err(unusable) => prop_assert_eq!(unusable, PieceHashFileCause::BadPieces),
            }
        }
    }
}

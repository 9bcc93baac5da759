//! DecryptionInfo, IntegrityCheckInfo, IntegrityCheckMandatory and TotalSizeBytes.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use haul::{DownloadState, Happening, IntegrityCheckInfo, Property, PropertyId, StartMode};
use haul_tests::origin::{Content, Resource};
use sha2::{Digest, Sha256};

use crate::codes::{
    DO_E_BAD_INCOMING_DATA, DO_E_BAD_PIECE_HASH, DO_E_FILE_ENCRYPTION_EXPECTED, DO_E_INTEGRITYCHECKINFO_UNAVAILABLE,
    E_INVALIDARG,
};
use crate::sources::{IDL, PROPERTY, SDK_PROPERTY_TESTS};
use crate::statement::statements;
use crate::world::{ENCRYPTED, LENGTH, PLAIN, World, fails, fetch, refused, representation, round_trip};

/// The length of a piece, in bytes.
const PIECE: u64 = 16 * 1024;

/// The SHA-256 of each piece.
fn digests(content: &Content) -> Vec<Vec<u8>> {
    let starts = (0..content.length()).step_by(PIECE as usize);
    let piece = |start: u64| content.bytes(start..(start + PIECE).min(content.length()));
    starts.map(|start| Sha256::digest(piece(start)).to_vec()).collect()
}

/// The piece-hash file of `content`.
fn piece_hash_file(content: &Content) -> String {
    let pieces: Vec<_> =
        digests(content).iter().map(|digest| format!("\"{}\"", BASE64_STANDARD.encode(digest))).collect();
    format!(
        r#"{{"MajorVersion": 1, "MinorVersion": 0, "ContentLength": {}, "PieceSize": {PIECE}, "Pieces": [{}]}}"#,
        content.length(),
        pieces.join(", ")
    )
}

/// Puts the digests of the content at the origin; returns integrity check info with their URL.
pub async fn told(world: &World, more: &str) -> IntegrityCheckInfo {
    world.origin.put("/hashes", Content::literal(piece_hash_file(&world.content)));
    let text = format!(r#"{{"PiecesHashFileUrl": "{}"{more}}}"#, world.origin.url("/hashes"));
    world.engine.read_integrity_check_info(&text).await.unwrap()
}

/// The SHA-256 of `bytes`, in base64.
fn encoded(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(Sha256::digest(bytes))
}

/// A download of the encrypted text, or of other bytes instead.
async fn encrypted(bytes: Vec<u8>) -> (World, haul::Download) {
    let world = World::with(representation(&Content::literal(bytes))).await;
    let download = world.download_of("/here").await;
    download.set_property(Property::DecryptionInfo(world.decryption_info().await)).await.unwrap();
    (world, download)
}

statements! {
    "Properties 18 to 21: integrity and encryption";

    /// DecryptionInfo describes the encryption of the content; the format is not documented.
    Doc(PROPERTY), Chosen("AES-GCM in buffers, as `wit/types.wit` describes it; the file receives the decrypted \
                           content.");
    async fn an_encrypted_content_is_decrypted() {
        let (world, download) = encrypted(BASE64_STANDARD.decode(ENCRYPTED).unwrap()).await;
        fetch(&download, StartMode::WholeFile).await;
        download.finalize().await.unwrap();
        assert_eq!(world.written(), PLAIN.as_bytes());
    }

    /// Content that is not encrypted although a key was set has its own code.
    Inferred(IDL), Chosen("DO_E_FILE_ENCRYPTION_EXPECTED if the length or the first buffer shows that the content is \
                           not encrypted.");
    async fn a_content_that_is_not_encrypted_is_told() {
        for bytes in [vec![0; 15], vec![0; 86]] {
            let (_world, download) = encrypted(bytes).await;
            fails(&download, StartMode::WholeFile, DO_E_FILE_ENCRYPTION_EXPECTED).await;
        }
    }

    /// The error for content damaged after its encryption is not documented.
    Silent(PROPERTY), Chosen("DO_E_BAD_INCOMING_DATA, and the file does not get its final name.");
    async fn a_content_that_cannot_be_decrypted_fails() {
        let mut bytes = BASE64_STANDARD.decode(ENCRYPTED).unwrap();
        bytes[40] ^= 1;
        let (world, download) = encrypted(bytes).await;
        fails(&download, StartMode::WholeFile, DO_E_BAD_INCOMING_DATA).await;
        assert!(!world.path().exists());
    }

    /// IntegrityCheckInfo names the source of the piece digests, and each piece is verified.
    Doc(PROPERTY), Holds;
    async fn each_piece_is_verified() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_property(Property::IntegrityCheckInfo(told(&world, "").await)).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        download.finalize().await.unwrap();
        world.assert_whole();
        assert!(world.origin.requests().iter().any(|request| request.path() == "/hashes"));
    }

    /// A bad piece is discarded and fetched again.
    Doc(PROPERTY), Holds;
    async fn a_bad_piece_is_fetched_again() {
        let world = World::new().await;
        let mut bytes = world.bytes(0..LENGTH);
        bytes[20_000] ^= 1;
        let damaged = representation(&Content::literal(bytes));
        world.origin.put("/here", Resource::new(damaged).from_request(1, representation(&world.content)));
        let download = world.download_of("/here").await;
        download.set_property(Property::IntegrityCheckInfo(told(&world, "").await)).await.unwrap();
        let mut events = world.engine.events();
        fetch(&download, StartMode::WholeFile).await;
        download.finalize().await.unwrap();
        world.assert_whole();
        let mut dropped = Vec::new();
        while let Ok(event) = events.try_recv() {
            if let Happening::RangeDropped { offset, length } = event.what {
                dropped.push((offset, length));
            }
        }
        assert_eq!(dropped, [(PIECE, PIECE)]);
    }

    /// If a piece remains bad, the download fails.
    Inferred(PROPERTY), Chosen("DO_E_BAD_PIECE_HASH.");
    async fn a_piece_that_stays_bad_fails() {
        let world = World::new().await;
        let download = world.download_of("/other").await;
        download.set_property(Property::IntegrityCheckInfo(told(&world, "").await)).await.unwrap();
        fails(&download, StartMode::WholeFile, DO_E_BAD_PIECE_HASH).await;
        assert!(!world.path().exists());
    }

    /// PiecesHashFileDigest verifies the piece-hash file.
    Idl(IDL), Holds;
    async fn the_piece_hash_file_is_proven_by_its_digest() {
        let world = World::new().await;
        let right = encoded(piece_hash_file(&world.content).as_bytes());
        for (digest, proven) in [(right, true), (encoded(b"another"), false)] {
            let download = world.download().await;
            let more = format!(r#", "PiecesHashFileDigest": "{digest}", "PiecesHashFileDigestAlgorithm": "SHA256""#);
            download.set_property(Property::IntegrityCheckInfo(told(&world, &more).await)).await.unwrap();
            download.set_property(Property::IntegrityCheckMandatory(true)).await.unwrap();
            match proven {
                true => fetch(&download, StartMode::WholeFile).await,
                false => drop(fails(&download, StartMode::WholeFile, DO_E_INTEGRITYCHECKINFO_UNAVAILABLE).await),
            }
            download.abort().await.unwrap();
        }
    }

    /// HashOfHashes verifies the digests of the pieces.
    Idl(IDL), Holds;
    async fn the_digests_are_proven_by_the_hash_of_hashes() {
        let world = World::new().await;
        let right = encoded(&digests(&world.content).concat());
        for (hash, proven) in [(right, true), (encoded(b"another"), false)] {
            let download = world.download().await;
            let info = told(&world, &format!(r#", "HashOfHashes": "{hash}""#)).await;
            download.set_property(Property::IntegrityCheckInfo(info)).await.unwrap();
            download.set_property(Property::IntegrityCheckMandatory(true)).await.unwrap();
            match proven {
                true => fetch(&download, StartMode::WholeFile).await,
                false => drop(fails(&download, StartMode::WholeFile, DO_E_INTEGRITYCHECKINFO_UNAVAILABLE).await),
            }
            download.abort().await.unwrap();
        }
    }

    /// Older systems accept a text that is not JSON; newer ones return E_INVALIDARG.
    Observed(SDK_PROPERTY_TESTS), Chosen("E_INVALIDARG, from the call that parses the text; the property itself is a \
                                          record.");
    async fn a_text_that_is_no_json_is_refused() {
        let world = World::new().await;
        for text in ["", "no json", "[]", "{}", r#"{"PiecesHashFileUrl": 5}"#] {
            refused(world.engine.read_integrity_check_info(text).await.map(|_| ()), E_INVALIDARG);
        }
    }

    /// IntegrityCheckMandatory can be written and read.
    Doc(PROPERTY), Holds;
    async fn the_mandatory_check_is_read_as_it_was_written() {
        let world = World::new().await;
        let download = world.download().await;
        round_trip(&download, PropertyId::IntegrityCheckMandatory, Property::IntegrityCheckMandatory(true)).await;
    }

    /// The default of IntegrityCheckMandatory is not documented; its meaning implies FALSE.
    Inferred(PROPERTY), Chosen("FALSE: if the digests are unavailable, the download continues without them, and an \
                                event reports it.");
    async fn a_check_is_not_mandatory_by_default() {
        let world = World::new().await;
        let download = world.download().await;
        let info = world.integrity_check_info(&world.origin.url("/no-such-hashes")).await;
        download.set_property(Property::IntegrityCheckInfo(info)).await.unwrap();
        let mut events = world.engine.events();
        fetch(&download, StartMode::WholeFile).await;
        download.finalize().await.unwrap();
        world.assert_whole();
        let told = std::iter::from_fn(|| events.try_recv().ok());
        assert_eq!(told.filter(|event| matches!(event.what, Happening::Unchecked(_))).count(), 1);
    }

    /// With IntegrityCheckMandatory a failed check stops the download.
    Doc(PROPERTY), Holds;
    async fn a_mandatory_check_that_fails_stops_the_download() {
        let world = World::new().await;
        let download = world.download_of("/other").await;
        download.set_property(Property::IntegrityCheckInfo(told(&world, "").await)).await.unwrap();
        download.set_property(Property::IntegrityCheckMandatory(true)).await.unwrap();
        fails(&download, StartMode::WholeFile, DO_E_BAD_PIECE_HASH).await;
    }

    /// The caller may announce the size with TotalSizeBytes.
    Doc(PROPERTY), Holds;
    async fn the_size_can_be_announced() {
        let world = World::new().await;
        let download = world.download().await;
        round_trip(&download, PropertyId::TotalSizeBytes, Property::TotalSizeBytes(12)).await;
        assert_eq!(download.status().await.unwrap().bytes_total, 12);
    }

    /// TotalSizeBytes can be read after the transfer.
    Observed(SDK_PROPERTY_TESTS), Holds;
    async fn the_size_can_be_read_after_the_transfer() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferred).await;
        let size = download.property(PropertyId::TotalSizeBytes).await.unwrap();
        assert_eq!(size, Property::TotalSizeBytes(LENGTH));
    }

    /// The documentation does not say which size applies if the origin's size differs from TotalSizeBytes.
    Silent(PROPERTY), Chosen("The origin's.");
    async fn the_word_of_the_origin_counts() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_property(Property::TotalSizeBytes(12)).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        let size = download.property(PropertyId::TotalSizeBytes).await.unwrap();
        assert_eq!(size, Property::TotalSizeBytes(LENGTH));
        download.finalize().await.unwrap();
        world.assert_whole();
    }
}

//! The native interfaces' codes of Delivery Optimization, each as the component returns it.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use haul::{
    DownloadState, Happening, Network, NetworkCost, Property, PropertyId, PropertyIdEx, SecurityFlags, StartMode,
    TransferOptions,
};
use haul_tests::origin::{Content, Fault, When};

use crate::codes::*;
use crate::secure::{Identity, Secure};
use crate::sources::{ERRORS, RETURN_VALUES};
use crate::statement::statements;
use crate::status::{OFFLINE, ONLINE};
use crate::stream::Sink;
use crate::world::{ENCRYPTED, LENGTH, World, fails, fetch, options, ranges, refused, representation, until};

/// The code with which a download waits on this network.
async fn waits_with(network: Network) -> u32 {
    let world = World::new().await;
    world.engine.set_network(network).await.unwrap();
    let download = world.download().await;
    download.set_property(Property::DisallowOnCellular(true)).await.unwrap();
    download.start(StartMode::WholeFile).await.unwrap();
    let status = until(&download, |status| status.extended_error.is_some()).await;
    status.extended_error.unwrap().code
}

/// Asserts that a download of bytes that cannot be decrypted fails with `code`.
async fn undecryptable(bytes: Vec<u8>, code: Code) {
    let world = World::with(representation(&Content::literal(bytes))).await;
    let download = world.download_of("/here").await;
    download.set_property(Property::DecryptionInfo(world.decryption_info().await)).await.unwrap();
    fails(&download, StartMode::WholeFile, code).await;
}

/// The code of the event that reports why the engine does not use `document` to check pieces.
async fn unchecked_with(more: &str) -> u32 {
    let world = World::new().await;
    let piece = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let document = format!(
        r#"{{"MajorVersion": 1, "MinorVersion": 0, "ContentLength": {LENGTH}, "PieceSize": {LENGTH}, "Pieces": ["{piece}"]}}"#
    );
    world.origin.put("/hashes", Content::literal(document));
    let text = format!(r#"{{"PiecesHashFileUrl": "{}"{more}}}"#, world.origin.url("/hashes"));
    let info = world.engine.read_integrity_check_info(&text).await.unwrap();
    let download = world.download().await;
    download.set_property(Property::IntegrityCheckInfo(info)).await.unwrap();
    let mut events = world.engine.events();
    fetch(&download, StartMode::WholeFile).await;
    loop {
        if let Happening::Unchecked(failure) = events.recv().await.unwrap().what {
            return failure.code;
        }
    }
}

statements! {
    "Codes of Delivery Optimization that haul returns";

    /// 0x80D02002, DO_E_DOWNLOAD_NO_PROGRESS: no data arrived within the timeout.
    Idl(ERRORS), Holds;
    async fn do_e_download_no_progress() {
        let world = World::faulty([(When::Every, Fault::NeverAnswer)]).await;
        let download = world.download_of("/here").await;
        let timeout = Some(std::time::Duration::from_secs(1));
        download.set_options(TransferOptions { no_progress_timeout: timeout, ..options() }).await.unwrap();
        fails(&download, StartMode::WholeFile, DO_E_DOWNLOAD_NO_PROGRESS).await;
    }

    /// 0x80D02005, DO_E_NO_DOWNLOADS: there are no downloads to enumerate.
    Idl(ERRORS), Holds;
    async fn do_e_no_downloads() {
        let world = World::new().await;
        refused(world.engine.downloads(None).await.map(|_| ()), DO_E_NO_DOWNLOADS);
    }

    /// 0x80D02011, DO_E_UNKNOWN_PROPERTY_ID: there is no such property.
    Idl(ERRORS), Holds;
    async fn do_e_unknown_property_id() {
        let world = World::new().await;
        refused(world.download().await.property_ex(PropertyIdEx::UpdateId).await, DO_E_UNKNOWN_PROPERTY_ID);
    }

    /// 0x80D02012, DO_E_READ_ONLY_PROPERTY: the property cannot be set.
    Idl(ERRORS), Holds;
    async fn do_e_read_only_property() {
        let world = World::new().await;
        let download = world.download().await;
        refused(download.set_property(Property::HttpStatusCode(200)).await, DO_E_READ_ONLY_PROPERTY);
    }

    /// 0x80D02013, DO_E_INVALID_STATE: the state does not allow the call.
    Idl(ERRORS), Holds;
    async fn do_e_invalid_state() {
        let world = World::new().await;
        refused(world.download().await.finalize().await, DO_E_INVALID_STATE);
    }

    /// 0x80D02015, DO_E_WRITE_ONLY_PROPERTY: the property cannot be read.
    Idl(ERRORS), Holds;
    async fn do_e_write_only_property() {
        let world = World::new().await;
        refused(world.download().await.property(PropertyId::DecryptionInfo).await, DO_E_WRITE_ONLY_PROPERTY);
    }

    /// 0x80D02016, DO_E_INTEGRITYCHECKINFO_UNSPECIFIED: the check is mandatory, and no integrity check info was set.
    Idl(ERRORS), Holds;
    async fn do_e_integritycheckinfo_unspecified() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_property(Property::IntegrityCheckMandatory(true)).await.unwrap();
        refused(download.start(StartMode::WholeFile).await, DO_E_INTEGRITYCHECKINFO_UNSPECIFIED);
    }

    /// 0x80D02017, DO_E_INTEGRITYCHECKINFO_UNAVAILABLE: the check is mandatory, and its data cannot be fetched.
    Idl(ERRORS), Holds;
    async fn do_e_integritycheckinfo_unavailable() {
        let world = World::new().await;
        let download = world.download().await;
        let info = world.integrity_check_info(&world.origin.url("/no-such-hashes")).await;
        download.set_property(Property::IntegrityCheckInfo(info)).await.unwrap();
        download.set_property(Property::IntegrityCheckMandatory(true)).await.unwrap();
        fails(&download, StartMode::WholeFile, DO_E_INTEGRITYCHECKINFO_UNAVAILABLE).await;
    }

    /// 0x80D02018, DO_E_FILE_DOWNLOADSINK_UNSPECIFIED: the download has no target.
    Idl(ERRORS), Holds;
    async fn do_e_file_downloadsink_unspecified() {
        let world = World::new().await;
        let download = world.engine.create_download().await.unwrap();
        download.set_uri(&world.origin.url("/file")).await.unwrap();
        refused(download.start(StartMode::WholeFile).await, DO_E_FILE_DOWNLOADSINK_UNSPECIFIED);
    }

    /// 0x80D02019, DO_E_FILE_DOWNLOADSINK_ALREADY_SET: the download already has a target.
    Idl(ERRORS), Holds;
    async fn do_e_file_downloadsink_already_set() {
        let world = World::new().await;
        refused(world.download().await.set_stream(Sink::default()).await, DO_E_FILE_DOWNLOADSINK_ALREADY_SET);
    }

    /// 0x80D0201B, DO_E_FILE_ENCRYPTION_EXPECTED: the caller set a key, but the content is not encrypted.
    Idl(ERRORS), Holds;
    async fn do_e_file_encryption_expected() {
        undecryptable(vec![7; 15], DO_E_FILE_ENCRYPTION_EXPECTED).await;
    }

    /// 0x80D02200, DO_E_DOWNLOAD_NO_URI: the download was started without a URL.
    Idl(ERRORS), Holds;
    async fn do_e_download_no_uri() {
        let world = World::new().await;
        let download = world.engine.create_download().await.unwrap();
        refused(download.start(StartMode::WholeFile).await, DO_E_DOWNLOAD_NO_URI);
    }

    /// 0x80D02202, DO_E_INVALID_CONTENT_ID: the content id is invalid.
    Idl(ERRORS), Holds;
    async fn do_e_invalid_content_id() {
        let world = World::new().await;
        let download = world.download().await;
        refused(download.set_property(Property::ContentId("a b".into())).await, DO_E_INVALID_CONTENT_ID);
    }

    /// 0x80D02203, DO_E_DOWNLOAD_RANGES_UNEXPECTED: ranges were given, but are not allowed.
    Idl(ERRORS), Holds;
    async fn do_e_download_ranges_unexpected() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_property(Property::DecryptionInfo(world.decryption_info().await)).await.unwrap();
        refused(download.start(ranges(&[(0, 5)])).await, DO_E_DOWNLOAD_RANGES_UNEXPECTED);
    }

    /// 0x80D02204, DO_E_DOWNLOAD_RANGES_EXPECTED: ranges are required, but none were given.
    Idl(ERRORS), Holds;
    async fn do_e_download_ranges_expected() {
        let world = World::new().await;
        refused(world.download().await.start(StartMode::Resume).await, DO_E_DOWNLOAD_RANGES_EXPECTED);
    }

    /// 0x80D03801, DO_E_BLOCKED_BY_COST_TRANSFER_POLICY: the cost policy forbids this network.
    Idl(ERRORS), Holds;
    async fn do_e_blocked_by_cost_transfer_policy() {
        let charged = Network { cost: NetworkCost::OverCapCharged, ..ONLINE };
        assert_eq!(waits_with(charged).await, DO_E_BLOCKED_BY_COST_TRANSFER_POLICY.number);
    }

    /// 0x80D03803, DO_E_BLOCKED_BY_CELLULAR_POLICY: the download must not use a cellular network.
    Idl(ERRORS), Holds;
    async fn do_e_blocked_by_cellular_policy() {
        let cellular = Network { cellular: true, ..ONLINE };
        assert_eq!(waits_with(cellular).await, DO_E_BLOCKED_BY_CELLULAR_POLICY.number);
    }

    /// 0x80D03805, DO_E_BLOCKED_BY_NO_NETWORK: there is no network.
    Idl(ERRORS), Holds;
    async fn do_e_blocked_by_no_network() {
        assert_eq!(waits_with(OFFLINE).await, DO_E_BLOCKED_BY_NO_NETWORK.number);
    }

    /// 0x80D0380D, DO_E_UNEXPECTED_HTTP_STATUS_2XX: a status without content, such as 204.
    Idl(ERRORS), Holds;
    async fn do_e_unexpected_http_status_2xx() {
        let world = World::faulty([(When::Every, Fault::status(204))]).await;
        let download = world.download_of("/here").await;
        download.set_options(TransferOptions { retries: Some(0), ..options() }).await.unwrap();
        fails(&download, StartMode::WholeFile, DO_E_UNEXPECTED_HTTP_STATUS_2XX).await;
    }

    /// 0x80D05001, DO_E_HTTP_BLOCKSIZE_MISMATCH: the length of the body differs from the requested length.
    Idl(ERRORS), Holds;
    async fn do_e_http_blocksize_mismatch() {
        let claimed = Fault::RawContentRange(format!("bytes 0-999/{LENGTH}"));
        let faults = [Fault::ShorterRange { at_most: 100 }, claimed, Fault::Chunked];
        let world = World::faulty(faults.map(|fault| (When::Every, fault))).await;
        let download = world.download_of("/here").await;
        download.set_options(TransferOptions { retries: Some(0), ..options() }).await.unwrap();
        fails(&download, ranges(&[(0, 1000)]), DO_E_HTTP_BLOCKSIZE_MISMATCH).await;
    }

    /// 0x80D05002, DO_E_HTTP_CERT_VALIDATION: the certificate of the server is not accepted.
    Idl(ERRORS), Chosen("If WinINet has no code of its own for the reason: it has codes for dates, names, issuers \
                         and revocation.");
    async fn do_e_http_cert_validation() {
        let world = World::new().await;
        let mut identity = Identity::of("localhost");
        identity.params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        let server = Secure::serve(&world.origin, &identity, None).await;
        let download = world.download().await;
        download.set_uri(&server.url("localhost", "/file")).await.unwrap();
        download.set_property(Property::SecurityFlags(SecurityFlags::IGNORE_UNKNOWN_CA)).await.unwrap();
        fails(&download, StartMode::WholeFile, DO_E_HTTP_CERT_VALIDATION).await;
    }

    /// 0x80D05010, DO_E_INVALID_RANGE: a range is invalid.
    Idl(ERRORS), Holds;
    async fn do_e_invalid_range() {
        let world = World::new().await;
        refused(world.download().await.start(ranges(&[(5, 0)])).await, DO_E_INVALID_RANGE);
    }

    /// 0x80D05011, DO_E_INSUFFICIENT_RANGE_SUPPORT: the server does not support ranges.
    Idl(ERRORS), Holds;
    async fn do_e_insufficient_range_support() {
        let world = World::new().await;
        let download = world.download_of("/ignores-ranges").await;
        fails(&download, ranges(&[(5, 5)]), DO_E_INSUFFICIENT_RANGE_SUPPORT).await;
    }

    /// 0x80D05012, DO_E_OVERLAPPING_RANGES: two ranges share a byte.
    Idl(ERRORS), Holds;
    async fn do_e_overlapping_ranges() {
        let world = World::new().await;
        refused(world.download().await.start(ranges(&[(0, 6), (5, 5)])).await, DO_E_OVERLAPPING_RANGES);
    }

    /// 0x80D06804, DO_E_BAD_INCOMING_DATA: the data of a piece is bad.
    Idl(ERRORS), Chosen("For a buffer after the first that cannot be decrypted.");
    async fn do_e_bad_incoming_data() {
        let mut bytes = BASE64_STANDARD.decode(ENCRYPTED).unwrap();
        bytes[40] ^= 1;
        undecryptable(bytes, DO_E_BAD_INCOMING_DATA).await;
    }

    /// 0x80D06805, DO_E_BAD_PIECE_HASH: the hash of a piece does not match.
    Idl(ERRORS), Holds;
    async fn do_e_bad_piece_hash() {
        let world = World::new().await;
        let download = world.download().await;
        let pieces = haul::Pieces { algorithm: haul::DigestAlgorithm::Sha256, length: LENGTH, digests: vec![vec![0; 32]] };
        download.set_options(TransferOptions { pieces: Some(pieces), ..options() }).await.unwrap();
        fails(&download, StartMode::WholeFile, DO_E_BAD_PIECE_HASH).await;
    }

    /// 0x80D06809, DO_E_METAINFO_CONTENT: the metadata cannot be read.
    Idl(ERRORS), Holds;
    async fn do_e_metainfo_content() {
        let world = World::new().await;
        refused(world.engine.read_piece_hash_file(b"no json").await.map(|_| ()), DO_E_METAINFO_CONTENT);
        refused(world.engine.read_metalink(b"no xml").await.map(|_| ()), DO_E_METAINFO_CONTENT);
    }

    /// 0x80D0681A, DO_E_METAINFO_DIGEST_MATCH: the digest of the metadata does not match.
    Idl(ERRORS), Chosen("An event reports it if the check is not mandatory.");
    async fn do_e_metainfo_digest_match() {
        let digest = r#", "PiecesHashFileDigest": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=""#;
        assert_eq!(unchecked_with(digest).await, DO_E_METAINFO_DIGEST_MATCH.number);
    }

    /// 0x80D0681B, DO_E_METAINFO_HOH_MATCH: the hash of hashes does not match.
    Idl(ERRORS), Chosen("An event reports it if the check is not mandatory.");
    async fn do_e_metainfo_hoh_match() {
        let hash = r#", "HashOfHashes": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=""#;
        assert_eq!(unchecked_with(hash).await, DO_E_METAINFO_HOH_MATCH.number);
    }

    /// 0x80D06822, DO_E_METAINFO_FILE_SIZE: the file size differs from the size in the metadata.
    Idl(ERRORS), Holds;
    async fn do_e_metainfo_file_size() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_options(TransferOptions { length: Some(5), ..options() }).await.unwrap();
        fails(&download, StartMode::WholeFile, DO_E_METAINFO_FILE_SIZE).await;
    }

    /// A code in the zone 0x80D03800 to 0x80D03FFF reports a transient condition.
    Idl(ERRORS), Holds;
    async fn codes_of_the_transient_zone_stand_in_the_extended_error() {
        for network in [OFFLINE, Network { cellular: true, ..ONLINE }, Network { roaming: true, ..ONLINE }] {
            assert_eq!(waits_with(network).await & 0xFFFF_F800, 0x80D0_3800);
        }
    }

    /// Every code of Delivery Optimization has the facility 208.
    Idl(ERRORS), Holds;
    async fn every_code_has_the_facility_of_delivery_optimization() {
        let world = World::new().await;
        let all = world.engine.explanations().await.unwrap();
        let ours: Vec<_> = all.iter().filter(|code| code.name.starts_with("DO_E_")).collect();
        assert_eq!(ours.len(), 82);
        assert!(ours.iter().all(|code| code.code >> 16 == 0x80D0));
    }

    /// The pages use DO_E_EMPTY and DO_E_NOT_FOUND; no header defines them.
    Silent(RETURN_VALUES), Chosen("They are DO_E_JOB_EMPTY and DO_E_JOB_NOT_FOUND.");
    async fn names_that_no_header_has_are_not_used() {
        let world = World::new().await;
        let all = world.engine.explanations().await.unwrap();
        let named = |name: &str| all.iter().any(|code| code.name == name);
        assert!(named("DO_E_JOB_EMPTY") && named("DO_E_JOB_NOT_FOUND"));
        assert!(!named("DO_E_EMPTY") && !named("DO_E_NOT_FOUND"));
    }

    /// A download that is aborted or finalized has no error code.
    Silent(ERRORS), Chosen("A download has an error only in Paused.");
    async fn an_end_has_no_code() {
        let world = World::new().await;
        for state in [DownloadState::Aborted, DownloadState::Finalized] {
            let status = world.download_in(state).await.status().await.unwrap();
            assert_eq!((status.error, status.extended_error), (None, None));
        }
    }
}

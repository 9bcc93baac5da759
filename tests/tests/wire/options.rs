//! The promises of Delivery Optimization's properties, in every way of setting them.

use std::fs;
use std::path::PathBuf;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use haul_tests::origin::{Content, Fault, Origin, RecordedRequest, Resource, Site, When};
use haul_tests::over_every_subject;
use haul_tests::scene::{MIB, assert_only, content, names, origin, origin_of, request, version};
use haul_tests::subject::Subject;
use serde_json::json;
use sha2::{Digest, Sha256};
use tempfile::{TempDir, tempdir};

over_every_subject!(a_network_that_is_ruled_out_ends_the_download_at_once, |subject| {
    let (by_cost, by_cellular) = ("DO_E_BLOCKED_BY_COST_TRANSFER_POLICY", "DO_E_BLOCKED_BY_CELLULAR_POLICY");
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    for (network, policy, background, no_cellular, error, code) in [
        ("near-cap", None, true, false, by_cost, 3),
        ("near-cap", Some("standard"), false, false, by_cost, 3),
        ("unrestricted,roaming", Some("no-roaming"), false, false, by_cost, 3),
        ("over-cap-charged", Some("no-surcharge"), false, false, by_cost, 3),
        ("usage-based", Some("unrestricted"), false, false, by_cost, 3),
        ("cellular", Some("no-cellular"), false, false, by_cellular, 3),
        ("unrestricted,cellular", None, false, true, by_cellular, 3),
        ("offline", None, false, false, "DO_E_BLOCKED_BY_NO_NETWORK", 1),
    ] {
        let mut get = request(&origin, &folder).network(network);
        (get.cost_policy, get.background) = (policy.map(String::from), background);
        get.no_cellular = no_cellular;
        let outcome = subject.get(&get);
        outcome.expect_failure(error);
        assert!(subject != Subject::Command || outcome.code == Some(code), "{outcome:?}");
    }
    assert!(origin.requests().is_empty());
    assert_eq!(names(folder.path()), [""; 0]);
});

over_every_subject!(a_network_that_is_allowed_carries_the_download, |subject| {
    for (network, policy, background) in [
        ("over-cap-charged,roaming,cellular", None, false),
        ("usage-based,cellular", None, true),
        ("near-cap", Some("no-surcharge"), true),
        ("unrestricted", Some("unrestricted"), false),
    ] {
        let (origin, folder) = (origin(vec![]), tempdir().unwrap());
        let mut get = request(&origin, &folder).network(network);
        (get.cost_policy, get.background) = (policy.map(String::from), background);
        subject.get(&get).expect_success();
        assert_only(&folder, &content());
    }
});

/// A piece-hash file for [`content`], with pieces of 1 MiB.
fn piece_hashes() -> Content {
    let starts = (0..content().length()).step_by(MIB as usize);
    let digest = |start| Sha256::digest(content().bytes(start..(start + MIB).min(content().length()))).to_vec();
    let digests: Vec<_> = starts.map(digest).collect();
    let pieces: Vec<_> = digests.iter().map(|digest| BASE64_STANDARD.encode(digest)).collect();
    let document = json!({
        "MajorVersion": 1, "MinorVersion": 0, "ContentLength": content().length(), "PieceSize": MIB,
        "HashOfHashes": BASE64_STANDARD.encode(Sha256::digest(digests.concat())), "Pieces": pieces,
    });
    Content::literal(document.to_string().into_bytes())
}

/// An origin that serves `first` and then [`content`] at `/file`, and the piece hashes of the latter at `/pieces`.
fn proving(first: &Content) -> Origin {
    let file = Resource::new(version(first, "v1")).from_request(1, version(&content(), "v1"));
    Origin::start(Site::new().resource("/file", file).resource("/pieces", piece_hashes()))
}

/// [`content`] with one flipped bit in its fourth piece.
fn damaged() -> Content {
    let mut bytes = content().bytes(0..content().length());
    bytes[3 * MIB as usize] ^= 1;
    Content::literal(bytes)
}

/// A document with the URL and the digest of the piece-hash file.
fn integrity_info(folder: &TempDir, url: &str, pieces: &Content) -> PathBuf {
    let digest = BASE64_STANDARD.encode(Sha256::digest(pieces.bytes(0..pieces.length())));
    let text = json!({ "PiecesHashFileUrl": url, "PiecesHashFileDigest": digest });
    write(folder, &text.to_string())
}

fn write(folder: &TempDir, text: &str) -> PathBuf {
    let path = folder.path().join("info.json");
    fs::write(&path, text).unwrap();
    path
}

over_every_subject!(pieces_that_the_integrity_info_proves_are_fetched_again_alone, |subject| {
    let (origin, folder) = (proving(&damaged()), tempdir().unwrap());
    let documents = tempdir().unwrap();
    let mut get = request(&origin, &folder).connections(1);
    get.integrity_info = Some(integrity_info(&documents, &origin.url("/pieces"), &piece_hashes()));
    get.require_integrity = true;
    assert_eq!(subject.get(&get).expect_success().restarts, 0);
    assert_only(&folder, &content());
    assert!(origin.body_bytes_sent() < content().length() + 3 * MIB, "fetched twice");
});

over_every_subject!(integrity_is_checked_where_that_is_possible_or_required, |subject| {
    let (origin, documents) = (proving(&content()), tempdir().unwrap());
    for (url, pieces, refused) in [
        (origin.url("/nowhere"), piece_hashes(), "DO_E_INTEGRITYCHECKINFO_UNAVAILABLE"),
        (origin.url("/pieces"), content(), "DO_E_INTEGRITYCHECKINFO_UNAVAILABLE"),
    ] {
        let folder = tempdir().unwrap();
        let mut get = request(&origin, &folder);
        get.integrity_info = Some(integrity_info(&documents, &url, &pieces));
        get.require_integrity = true;
        subject.get(&get).expect_failure(refused);
        assert!(!folder.path().join("file").exists());
        get.require_integrity = false;
        subject.get(&get).expect_success();
        assert_only(&folder, &content());
    }
});

/// The bytes from 0 to 99 in buffers of 64, encrypted with a key of sixteen sevens.
const ENCRYPTED: &str = "/J4aobbKXoWx2stNgPo3YxZ7zPxWI20i77M2mKHF1FHh4ruhzi7ujHWDs5f2wTQLGW3EBDNZf5VQPu8v9nwiGF91purIqj\
                         Fza8XDeOungmwt0DKpmrE8yGAGlz78KDox9M/sP0vfJS1WVx+tKYkSo7yoaZoyTwwIa2MM0JVBdaKxTwsw";

over_every_subject!(an_encrypted_content_arrives_decrypted, |subject| {
    let origin = origin_of(&Content::literal(BASE64_STANDARD.decode(ENCRYPTED).unwrap()), vec![]);
    let documents = tempdir().unwrap();
    for (key, right) in [(7, true), (8, false)] {
        let folder = tempdir().unwrap();
        let text = json!({
            "KeyData": BASE64_STANDARD.encode([key; 16]), "EncryptionBufferSize": 64,
            "AlgorithmName": "AES", "ChainingMode": "ChainingModeGCM",
        });
        let mut get = request(&origin, &folder);
        get.decrypt = Some(write(&documents, &text.to_string()));
        let outcome = subject.get(&get);
        if right {
            outcome.expect_success();
            assert_only(&folder, &Content::literal((0..100).collect::<Vec<u8>>()));
        } else {
            outcome.expect_failure("DO_E_FILE_ENCRYPTION_EXPECTED");
            assert!(subject != Subject::Command || outcome.code == Some(4), "{outcome:?}");
            assert!(!folder.path().join("file").exists());
        }
    }
});

over_every_subject!(credentials_for_a_challenge_wait_for_it, |subject| {
    let secret = |request: &RecordedRequest| request.header("authorization") == Some("Bearer secret");
    let locked = origin(vec![(When::matching(move |request| !secret(request)), Fault::status(401))]);
    let open = origin(vec![]);
    for (origin, refusals) in [(locked, 1), (open, 0)] {
        let folder = tempdir().unwrap();
        let mut get = request(&origin, &folder).connections(1);
        get.auth_headers.push("Authorization: Bearer secret".into());
        subject.get(&get).expect_success();
        assert_only(&folder, &content());
        let without = origin.requests().iter().filter(|request| !secret(request)).count();
        assert_eq!(without, refusals.max(1), "{:?}", origin.requests());
    }
});

over_every_subject!(a_correlation_vector_goes_with_each_request, |subject| {
    let (origin, folder) = (origin(vec![(When::Nth(0), Fault::CutAfter(3 * MIB))]), tempdir().unwrap());
    let mut get = request(&origin, &folder).connections(1);
    get.correlation_vector = Some("PmvzQKgYek6Sdk/T5sWaqw.0".into());
    subject.get(&get).expect_success();
    let requests = origin.requests();
    assert!(requests.len() > 1);
    assert!(requests.iter().all(|request| request.header("ms-cv") == Some("PmvzQKgYek6Sdk/T5sWaqw.0")), "{requests:?}");
});

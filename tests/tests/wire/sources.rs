//! Several sources of one file: mirrors, Metalink documents, pieces with digests, and new URLs for kept bytes.

use std::fs;
use std::path::PathBuf;

use haul_tests::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use haul_tests::over_every_subject;
use haul_tests::scene::{
    MIB, assert_holds, assert_only, checksum, content, names, origin, origin_of, request, serving, version,
};
use haul_tests::subject::Get;
use sha2::{Digest, Sha256};
use tempfile::{TempDir, tempdir};

fn wrong() -> Content {
    Content::new(9, content().length())
}

/// Digests of the pieces of `content`.
fn piece_digests(content: &Content, length: u64) -> Vec<Vec<u8>> {
    let starts = (0..content.length()).step_by(usize::try_from(length).unwrap());
    let piece = |start: u64| content.bytes(start..(start + length).min(content.length()));
    starts.map(|start| Sha256::digest(piece(start)).to_vec()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A Metalink document for [`content`] as `file`, with pieces of 1 MiB.
fn metalink(folder: &TempDir, urls: &[String]) -> PathBuf {
    let pieces: String =
        piece_digests(&content(), MIB).iter().map(|digest| format!("<hash>{}</hash>", hex(digest))).collect();
    let urls: String = urls.iter().map(|url| format!("<url>{url}</url>")).collect();
    let document = format!(
        "<?xml version=\"1.0\"?><metalink xmlns=\"urn:ietf:params:xml:ns:metalink\"><file name=\"file\">\
         <size>{}</size><hash type=\"sha-256\">{}</hash><pieces length=\"{MIB}\" type=\"sha-256\">{pieces}</pieces>\
         {urls}</file></metalink>",
        content().length(),
        content().sha256(),
    );
    let path = folder.path().join("file.meta4");
    fs::write(&path, document).unwrap();
    path
}

fn described(folder: &TempDir, documents: &TempDir, urls: &[String]) -> Get {
    let mut get = Get::new("", folder.path().join("file"));
    get.metalink = Some(metalink(documents, urls));
    get
}

/// The content bytes that a source has sent.
fn share(origin: &Origin) -> u64 {
    origin.body_bytes_sent()
}

over_every_subject!(segments_come_from_several_mirrors_at_once, |subject| {
    let capped = || origin(vec![(When::Every, Fault::CapRate(2 * MIB))]);
    let (a, b, c) = (capped(), capped(), capped());
    let (folder, documents) = (tempdir().unwrap(), tempdir().unwrap());
    let urls = [a.url("/file"), b.url("/file"), c.url("/file")];
    subject.get(&described(&folder, &documents, &urls)).expect_success();
    assert_only(&folder, &content());
    assert!([&a, &b, &c].iter().all(|source| share(source) > MIB), "{} {} {}", share(&a), share(&b), share(&c));
});

over_every_subject!(a_lying_mirror_is_found_out_by_its_pieces, |subject| {
    let right = origin(vec![(When::Every, Fault::CapRate(4 * MIB))]);
    let lying = origin_of(&wrong(), vec![(When::Every, Fault::CapRate(4 * MIB))]);
    let (folder, documents) = (tempdir().unwrap(), tempdir().unwrap());
    let get = described(&folder, &documents, &[lying.url("/file"), right.url("/file")]);
    let outcome = subject.get(&get);
    assert_eq!(outcome.expect_success().restarts, 0, "{}", outcome.said);
    assert_only(&folder, &content());
});

over_every_subject!(a_lying_mirror_is_found_out_by_the_whole, |subject| {
    let (right, lying) = (origin(vec![]), origin_of(&wrong(), vec![]));
    let folder = tempdir().unwrap();
    let get = request(&lying, &folder).mirror(right.url("/file")).checksum(checksum(&content()));
    subject.get(&get).expect_success();
    assert_only(&folder, &content());
});

over_every_subject!(only_lies_are_an_error_and_no_file, |subject| {
    let (a, b) = (origin_of(&wrong(), vec![]), origin_of(&wrong(), vec![]));
    let (folder, documents) = (tempdir().unwrap(), tempdir().unwrap());
    let get = described(&folder, &documents, &[a.url("/file"), b.url("/file")]);
    let outcome = subject.get(&get);
    outcome.expect_failure("DO_E_BAD_PIECE_HASH");
    assert!(!folder.path().join("file").exists());
});

over_every_subject!(a_mirror_of_another_length_is_left, |subject| {
    let (right, shorter) = (origin(vec![]), origin_of(&Content::new(7, 5 * MIB), vec![]));
    let (folder, documents) = (tempdir().unwrap(), tempdir().unwrap());
    subject.get(&described(&folder, &documents, &[shorter.url("/file"), right.url("/file")])).expect_success();
    assert_only(&folder, &content());
    assert_eq!(shorter.requests().len(), 1);
});

over_every_subject!(a_slow_mirror_is_left_to_the_fast_one, |subject| {
    let (fast, slow) = (origin(vec![]), origin(vec![(When::Every, Fault::Slow(20_000))]));
    let (folder, documents) = (tempdir().unwrap(), tempdir().unwrap());
    let started = std::time::Instant::now();
    subject.get(&described(&folder, &documents, &[slow.url("/file"), fast.url("/file")])).expect_success();
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    assert_only(&folder, &content());
});

over_every_subject!(another_source_is_asked_where_one_refuses, |subject| {
    for status in [401, 403, 404, 410, 451] {
        let (refusing, right) = (origin(vec![(When::Every, Fault::status(status))]), origin(vec![]));
        let folder = tempdir().unwrap();
        subject.get(&request(&refusing, &folder).mirror(right.url("/file"))).expect_success();
        assert_only(&folder, &content());
        assert_eq!(refusing.requests().len(), 1);
    }
});

over_every_subject!(a_source_that_fails_midway_is_not_mixed_with_another, |subject| {
    let failing = origin(vec![(When::Nth(0), Fault::CutAfter(3 * MIB)), (When::From(1), Fault::status(404))]);
    let (other, folder) = (origin_of(&wrong(), vec![]), tempdir().unwrap());
    subject.get(&request(&failing, &folder).mirror(other.url("/file")).connections(1)).expect_success();
    assert_only(&folder, &wrong());
});

over_every_subject!(secrets_do_not_go_to_mirrors, |subject| {
    let (first, mirror, folder) = (origin(vec![]), origin(vec![]), tempdir().unwrap());
    let get = request(&first, &folder).mirror(mirror.url("/file")).checksum(checksum(&content()));
    subject.get(&get.connections(4).header("Authorization: Bearer secret")).expect_success();
    assert!(mirror.requests().iter().all(|request| request.header("authorization").is_none()));
});

over_every_subject!(a_bad_piece_alone_is_fetched_again, |subject| {
    let (origin, folder, documents) = (origin(vec![]), tempdir().unwrap(), tempdir().unwrap());
    let mut bytes = content().bytes(0..content().length());
    bytes[5_000_000] ^= 1;
    origin.put(
        "/file",
        Resource::new(version(&Content::literal(bytes), "v1")).from_request(1, version(&content(), "v1")),
    );
    let outcome = subject.get(&described(&folder, &documents, &[origin.url("/file")]).connections(1));
    assert_eq!(outcome.expect_success().restarts, 0);
    assert_only(&folder, &content());
    assert_eq!(share(&origin), content().length() + MIB);
});

over_every_subject!(a_piece_hash_file_is_verified, |subject| {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    let documents = tempdir().unwrap();
    let path = documents.path().join("pieces.json");
    let digests = piece_digests(&content(), MIB);
    let pieces: Vec<_> = digests.iter().map(|digest| BASE64_STANDARD.encode(digest)).collect();
    let document = serde_json::json!({
        "MajorVersion": 1, "MinorVersion": 0, "ContentLength": content().length(), "PieceSize": MIB,
        "HashOfHashes": BASE64_STANDARD.encode(Sha256::digest(digests.concat())), "Pieces": pieces,
    });
    fs::write(&path, document.to_string()).unwrap();
    for (served, right) in [(content(), true), (wrong(), false)] {
        let (origin, folder) = (origin_of(&served, vec![]), tempdir().unwrap());
        let mut get = request(&origin, &folder);
        get.pieces = Some(path.clone());
        let outcome = subject.get(&get);
        if right {
            outcome.expect_success();
            assert_only(&folder, &content());
        } else {
            outcome.expect_failure("DO_E_BAD_PIECE_HASH");
            assert!(!folder.path().join("file").exists());
        }
    }
});

over_every_subject!(mirrors_that_an_origin_names_are_used_where_a_digest_proves_them, |subject| {
    let mirror = origin(vec![(When::Every, Fault::CapRate(2 * MIB))]);
    let naming = version(&content(), "v1").header("Link", format!("<{}>; rel=duplicate; pri=1", mirror.url("/file")));
    let (origin, folder) = (serving(naming, vec![(When::Every, Fault::CapRate(2 * MIB))]), tempdir().unwrap());
    subject.get(&request(&origin, &folder)).expect_success();
    assert_eq!(share(&mirror), 0, "without a digest");
    let folder = tempdir().unwrap();
    subject.get(&request(&origin, &folder).checksum(checksum(&content()))).expect_success();
    assert_only(&folder, &content());
    assert!(share(&mirror) > MIB, "{}", share(&mirror));
});

over_every_subject!(a_mirror_that_an_origin_names_never_decides_what_is_fetched, |subject| {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    let all = content().bytes(0..content().length());
    let digest = format!("sha-256=:{}:", BASE64_STANDARD.encode(Sha256::digest(all)));
    for foreign in [wrong(), Content::new(9, 5 * MIB)] {
        let mirror = origin_of(&foreign, vec![]);
        let link = format!("<{}>; rel=duplicate", mirror.url("/file"));
        let naming = version(&content(), "v1").header("Repr-Digest", &digest).header("Link", link);
        let faults = vec![(When::Nth(0), Fault::CutAfter(3 * MIB)), (When::From(1), Fault::status(403))];
        let (origin, folder) = (serving(naming, faults), tempdir().unwrap());
        let outcome = subject.get(&request(&origin, &folder).connections(1));
        assert!(outcome.error.is_some(), "{outcome:?}");
        assert!(!folder.path().join("file").exists());
    }
});

/// An origin whose `/old` serves 3 MiB of [`content`] and then only refusals, and whose `/new` serves the whole file.
fn expiring(etag: &str, served: &Content) -> Origin {
    let expired = Resource::new(version(&content(), "v1"))
        .fault(When::Nth(0), Fault::CutAfter(3 * MIB))
        .fault(When::From(1), Fault::status(403));
    Origin::start(Site::new().resource("/old", expired).resource("/new", version(served, etag)))
}

over_every_subject!(bytes_are_kept_under_a_new_url, |subject| {
    let (origin, folder) = (expiring("v1", &content()), tempdir().unwrap());
    let path = folder.path().join("file");
    subject.get(&Get::new(origin.url("/old"), &path).connections(1)).expect_failure("HTTP_E_STATUS");
    let mut renewed = Get::new(origin.url("/new"), &path);
    renewed.refresh = true;
    assert_eq!(subject.get(&renewed).expect_success().resumed, 3 * MIB);
    assert_only(&folder, &content());
});

over_every_subject!(a_new_url_for_other_content_keeps_nothing, |subject| {
    let (origin, folder) = (expiring("v2", &wrong()), tempdir().unwrap());
    let path = folder.path().join("file");
    subject.get(&Get::new(origin.url("/old"), &path).connections(1)).expect_failure("HTTP_E_STATUS");
    let mut renewed = Get::new(origin.url("/new"), &path);
    renewed.refresh = true;
    subject.get(&renewed).expect_success();
    assert_only(&folder, &wrong());
});

over_every_subject!(a_url_that_nobody_vouches_for_keeps_nothing, |subject| {
    let (origin, folder) = (expiring("v1", &content()), tempdir().unwrap());
    let path = folder.path().join("file");
    subject.get(&Get::new(origin.url("/old"), &path).connections(1)).expect_failure("HTTP_E_STATUS");
    assert_eq!(subject.get(&Get::new(origin.url("/new"), &path)).expect_success().resumed, 0);
    assert_only(&folder, &content());
});

over_every_subject!(a_redirect_target_that_expires_is_asked_for_anew, |subject| {
    let target = |nth: usize| format!("/signed?{nth}");
    let mut site = Site::new();
    let mut entry = Resource::new(Representation::new(content()));
    for nth in 0..6 {
        entry = entry.fault(When::Nth(nth), Fault::redirect(307, target(nth)));
        let once = Resource::new(version(&content(), "v1"))
            .fault(When::Every, Fault::CutAfter(3 * MIB))
            .fault(When::From(1), Fault::status(403));
        site = site.resource(target(nth), once);
    }
    let (origin, folder) = (Origin::start(site.resource("/file", entry)), tempdir().unwrap());
    assert_eq!(subject.get(&request(&origin, &folder).connections(1)).expect_success().restarts, 0);
    assert_only(&folder, &content());
    assert_eq!(names(folder.path()), ["file"]);
    assert_holds(&folder.path().join("file"), &content());
});

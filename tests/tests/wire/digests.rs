//! Digests of whole files, computed during the download: they match the final content of the file.

use haul_tests::origin::{Content, Fault, Resource, When};
use haul_tests::over_every_subject;
use haul_tests::scene::{MIB, assert_only, checksum, content, names, origin, request, serving, version};
use tempfile::tempdir;

/// [`content`] with another byte at `offset`.
fn wrong_at(offset: u64) -> Content {
    let mut bytes = content().bytes(0..content().length());
    bytes[usize::try_from(offset).unwrap()] ^= 1;
    Content::literal(bytes)
}

over_every_subject!(one_wrong_byte_is_found_wherever_it_is, |subject| {
    for offset in [0, MIB, 4 * MIB, content().length() - 1] {
        let (origin, folder) = (serving(version(&wrong_at(offset), "v1"), vec![]), tempdir().unwrap());
        let outcome = subject.get(&request(&origin, &folder).checksum(checksum(&content())));
        outcome.expect_failure("BG_E_VALIDATION_FAILED");
        assert_eq!(names(folder.path()), [""; 0]);
    }
});

// The engine had already digested the first bytes when it replaced them.
over_every_subject!(bytes_that_are_fetched_again_are_digested_again, |subject| {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let old = version(&Content::new(9, content().length() + 1), "v1");
    let resource = Resource::new(old).fault(When::Nth(0), Fault::CutAfter(6 * MIB));
    origin.put("/file", resource.from_request(1, version(&content(), "v2")));
    let outcome = subject.get(&request(&origin, &folder).connections(1).checksum(checksum(&content())));
    outcome.expect_success();
    assert_only(&folder, &content());
    assert_eq!(origin.requests().len(), 2, "fetched once more, for a digest that was wrong");
});

over_every_subject!(a_run_that_goes_on_digests_what_was_kept, |subject| {
    let faults = vec![(When::Nth(0), Fault::CutAfter(6 * MIB)), (When::Nth(1), Fault::status(404))];
    let (origin, folder) = (origin(faults), tempdir().unwrap());
    let get = request(&origin, &folder).connections(1).checksum(checksum(&content()));
    assert!(subject.get(&get).error.is_some());
    subject.get(&get).expect_success();
    assert_only(&folder, &content());
});

//! The local bytes that haul trusts: partial files and journals of an earlier run, and a file at the target.

use std::fs::{self, File, FileTimes, Permissions};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::Path;

use haul_tests::origin::{Fault, Origin, Resource, Site, When};
use haul_tests::over_every_subject;
use haul_tests::scene::{MIB, assert_holds, assert_only, checksum, content, names, origin, request, version};
use haul_tests::subject::{Get, Subject};
use tempfile::{TempDir, tempdir};

/// A run that ended with 3 MiB kept, because the origin refused the rest.
fn interrupted(subject: Subject, folder: &TempDir, change: impl Fn(&mut Get)) -> Origin {
    let origin = origin(vec![(When::Nth(0), Fault::CutAfter(3 * MIB)), (When::Nth(1), Fault::status(404))]);
    let mut get = request(&origin, folder).connections(1);
    get.sync = true;
    change(&mut get);
    subject.get(&get).expect_failure("HTTP_E_STATUS");
    assert_eq!(names(folder.path()), ["file.haul", "file.part"]);
    origin
}

/// Flips a byte and keeps length and time.
fn rot(path: &Path) {
    let file = File::options().read(true).write(true).open(path).unwrap();
    let modified = file.metadata().unwrap().modified().unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, MIB).unwrap();
    file.write_all_at(&[!byte[0]], MIB).unwrap();
    file.set_times(FileTimes::new().set_modified(modified)).unwrap();
}

over_every_subject!(a_byte_that_rots_after_an_orderly_end_is_fetched_again, |subject| {
    let folder = tempdir().unwrap();
    let origin = interrupted(subject, &folder, |_| {});
    rot(&folder.path().join("file.part"));
    subject.get(&request(&origin, &folder)).expect_success();
    assert_only(&folder, &content());
});

over_every_subject!(a_journal_of_another_key_is_not_resumed, |subject| {
    let (folder, others) = (tempdir().unwrap(), tempdir().unwrap());
    let origin = interrupted(subject, &folder, |get| get.records = Some(others.path().into()));
    assert_eq!(subject.get(&request(&origin, &folder)).expect_success().resumed, 0);
    assert_only(&folder, &content());
});

over_every_subject!(without_a_key_only_a_digest_proves_kept_bytes, |subject| {
    for (digest, kept) in [(None, 0), (Some(checksum(&content())), 3 * MIB)] {
        let folder = tempdir().unwrap();
        let origin = interrupted(subject, &folder, |get| get.records = None);
        let mut get = request(&origin, &folder);
        (get.records, get.checksum) = (None, digest);
        assert_eq!(subject.get(&get).expect_success().resumed, kept);
        assert_only(&folder, &content());
    }
});

over_every_subject!(a_copy_that_the_same_user_made_resumes, |subject| {
    let (folder, copy) = (tempdir().unwrap(), tempdir().unwrap());
    let origin = interrupted(subject, &folder, |_| {});
    for name in ["file.part", "file.haul"] {
        let (from, to) = (folder.path().join(name), copy.path().join(name));
        fs::copy(&from, &to).unwrap();
        let modified = fs::metadata(&from).unwrap().modified().unwrap();
        File::options().write(true).open(&to).unwrap().set_times(FileTimes::new().set_modified(modified)).unwrap();
    }
    assert_eq!(subject.get(&request(&origin, &copy)).expect_success().resumed, 3 * MIB);
    assert_only(&copy, &content());
});

/// WASI does not report owners, so stock wasmtime is not among the subjects.
fn is_not_resumed_when_others_can_write(subject: Subject) {
    for (part, directory, resumed) in [(0o644, 0o1777, 3 * MIB), (0o666, 0o755, 3 * MIB), (0o666, 0o1777, 0)] {
        let folder = tempdir().unwrap();
        let origin = interrupted(subject, &folder, |_| {});
        fs::set_permissions(folder.path().join("file.part"), Permissions::from_mode(part)).unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(directory)).unwrap();
        assert_eq!(subject.get(&request(&origin, &folder)).expect_success().resumed, resumed, "{part:o} {directory:o}");
        assert_only(&folder, &content());
    }
}

#[test]
fn embedded_a_partial_file_that_others_can_write_to_is_not_resumed() {
    is_not_resumed_when_others_can_write(Subject::Embedded);
}

#[test]
fn the_command_does_not_resume_a_partial_file_that_others_can_write_to() {
    is_not_resumed_when_others_can_write(Subject::Command);
}

/// Two files with one name, length and date, but different entity tags.
fn alike() -> Origin {
    let site = [("/one/file", "one"), ("/other/file", "other")].into_iter();
    Origin::start(
        site.fold(Site::new(), |site, (path, tag)| site.resource(path, Resource::new(version(&content(), tag)))),
    )
}

over_every_subject!(the_same_name_length_and_date_at_another_url_is_another_file, |subject| {
    let (origin, folder) = (alike(), tempdir().unwrap());
    let get = |path: &str| subject.get(&Get::new(origin.url(path), folder.path().join("file")));
    get("/one/file").expect_success();
    let sent = origin.body_bytes_sent();
    get("/other/file").expect_failure("ERROR_FILE_EXISTS");
    get("/one/file").expect_success();
    assert!(origin.body_bytes_sent() < sent + content().length(), "fetched again");
    assert_only(&folder, &content());
});

over_every_subject!(another_version_with_the_same_length_and_date_is_another_file, |subject| {
    let resource = Resource::new(version(&content(), "v1")).from_request(1, version(&content(), "v2"));
    let (origin, folder) = (Origin::start(Site::new().resource("/file", resource)), tempdir().unwrap());
    let get = request(&origin, &folder).connections(1);
    subject.get(&get).expect_success();
    let outcome = subject.get(&get);
    outcome.expect_failure("ERROR_FILE_EXISTS");
    assert_only(&folder, &content());
});

over_every_subject!(a_file_is_known_after_it_was_renamed_and_not_after_it_was_copied_or_edited, |subject| {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    subject.get(&request(&origin, &folder)).expect_success();
    let [file, moved, copy] = ["file", "moved", "copy"].map(|name| folder.path().join(name));
    fs::rename(&file, &moved).unwrap();
    let sent = origin.body_bytes_sent();
    subject.get(&Get::new(origin.url("/file"), &moved)).expect_success();
    assert!(origin.body_bytes_sent() < sent + content().length(), "fetched again");
    fs::copy(&moved, &copy).unwrap();
    let dated = FileTimes::new().set_modified(fs::metadata(&moved).unwrap().modified().unwrap());
    File::options().write(true).open(&copy).unwrap().set_times(dated).unwrap();
    subject.get(&Get::new(origin.url("/file"), &copy)).expect_failure("ERROR_FILE_EXISTS");
    fs::write(&moved, content().bytes(0..content().length())).unwrap();
    subject.get(&Get::new(origin.url("/file"), &moved)).expect_failure("ERROR_FILE_EXISTS");
    let mut proven = Get::new(origin.url("/file"), &copy);
    proven.checksum = Some(checksum(&content()));
    subject.get(&proven).expect_success();
    assert_holds(&copy, &content());
});

//! The file name if the caller leaves it to the URL or to the origin.

use std::fs;
use std::process::Command;

use haul_tests::origin::{Content, Origin, Representation, Site};
use haul_tests::over_every_subject;
use haul_tests::process::built;
use haul_tests::scene::{assert_holds, content, names, request, serving, version};
use haul_tests::subject::Get;
use tempfile::tempdir;

fn named(disposition: &str) -> Representation {
    version(&content(), "v1").header("Content-Disposition", disposition)
}

/// Lets the origin name the file.
fn left_to_origin(mut get: Get) -> Get {
    get.content_disposition = true;
    get
}

over_every_subject!(an_origin_names_the_file_where_it_may, |subject| {
    let cases = [
        ("attachment; filename=\"report 1.pdf\"", "report 1.pdf"),
        ("attachment; filename*=UTF-8''%C3%BCber.txt; filename=x", "über.txt"),
        ("attachment; filename=\"../../evil\"", "evil"),
        ("attachment; filename=\"..\\\\..\\\\evil.exe\"", "evil.exe"),
        ("attachment; filename=\"/etc/passwd\"", "passwd"),
        ("attachment; filename=\"NUL\"", "_NUL"),
        ("attachment; filename=\"..\"", "file"),
        ("attachment; filename=\"x.part\"", "x.part_"),
        ("attachment; filename=\"x.HAUL\"", "x.HAUL_"),
        ("attachment", "file"),
    ];
    for (disposition, expected) in cases {
        let (origin, folder) = (serving(named(disposition), vec![]), tempdir().unwrap());
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let outcome = subject.get(&left_to_origin(Get::new(origin.url("/file"), inner.join("file"))));
        outcome.expect_success();
        assert_eq!(names(&inner), [expected], "{disposition}");
        assert_eq!(names(folder.path()), ["inner"], "{disposition}");
        assert_eq!(outcome.path.file_name().unwrap().to_str(), Some(expected));
        assert_holds(&inner.join(expected), &content());
    }
});

over_every_subject!(a_long_name_is_cut, |subject| {
    let disposition = format!("attachment; filename=\"{}.iso\"", "n".repeat(300));
    let (origin, folder) = (serving(named(&disposition), vec![]), tempdir().unwrap());
    subject.get(&left_to_origin(request(&origin, &folder))).expect_success();
    let found = names(folder.path());
    assert!(found.len() == 1 && found[0].ends_with(".iso") && found[0].len() < 250, "{found:?}");
});

over_every_subject!(an_origin_never_chooses_what_is_replaced, |subject| {
    let (origin, folder) = (serving(named("attachment; filename=mine"), vec![]), tempdir().unwrap());
    fs::write(folder.path().join("mine"), "precious").unwrap();
    let mut get = left_to_origin(request(&origin, &folder));
    get.overwrite = true;
    subject.get(&get).expect_failure("ERROR_FILE_EXISTS");
    assert_eq!(fs::read(folder.path().join("mine")).unwrap(), b"precious");
    assert_eq!(names(folder.path()), ["mine"]);
});

over_every_subject!(a_link_at_an_origins_name_is_not_followed, |subject| {
    let (origin, folder, outside) =
        (serving(named("attachment; filename=link"), vec![]), tempdir().unwrap(), tempdir().unwrap());
    let victim = outside.path().join("victim");
    fs::write(&victim, "precious").unwrap();
    std::os::unix::fs::symlink(&victim, folder.path().join("link")).unwrap();
    assert!(subject.get(&left_to_origin(request(&origin, &folder))).error.is_some());
    assert_eq!(fs::read(&victim).unwrap(), b"precious");
});

over_every_subject!(a_file_that_an_origin_named_is_known_again, |subject| {
    let (origin, folder) = (serving(named("attachment; filename=mine"), vec![]), tempdir().unwrap());
    subject.get(&left_to_origin(request(&origin, &folder))).expect_success();
    let sent = origin.body_bytes_sent();
    subject.get(&left_to_origin(request(&origin, &folder))).expect_success();
    assert!(origin.body_bytes_sent() < sent + content().length(), "fetched again");
    assert_eq!(names(folder.path()), ["mine"]);
});

over_every_subject!(without_leave_an_origin_names_nothing, |subject| {
    let (origin, folder) = (serving(named("attachment; filename=other"), vec![]), tempdir().unwrap());
    subject.get(&request(&origin, &folder)).expect_success();
    assert_eq!(names(folder.path()), ["file"]);
});

#[test]
fn a_url_never_names_a_side_file() {
    let site = ["/small.part", "/small", "/other.haul", "/other"]
        .into_iter()
        .fold(Site::new(), |site, path| site.resource(path, version(&Content::literal(path.as_bytes()), "v1")));
    let (origin, folder) = (Origin::start(site), tempdir().unwrap());
    let mut command = Command::new(built("haul"));
    command.args(["get", "-q", "-j", "1", "-d"]).arg(folder.path());
    let urls = ["/small.part", "/small", "/other.haul", "/other"].map(|path| origin.url(path));
    assert!(command.args(urls).status().unwrap().success());
    assert_eq!(names(folder.path()), ["other", "other.haul_", "small", "small.part_"]);
    assert_eq!(fs::read(folder.path().join("small.part_")).unwrap(), b"/small.part");
}

#[test]
fn a_list_never_names_a_side_file() {
    let (origin, folder) = (serving(version(&content(), "v1"), vec![]), tempdir().unwrap());
    let list = folder.path().join("list");
    fs::write(&list, format!("{0}\tx\n{0}\tx.part\n", origin.url("/file"))).unwrap();
    let output = Command::new(built("haul")).args(["get", "-q", "-d"]).arg(folder.path()).arg("-i").arg(&list).output();
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("the name x.part in the list is that of a partial file or journal"), "{said}");
    assert_eq!(names(folder.path()), ["list"]);
}

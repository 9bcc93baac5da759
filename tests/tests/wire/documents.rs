//! Metalink documents and piece-hash files as their publishers write them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use haul_tests::origin::{Origin, Site};
use haul_tests::over_every_subject;
use haul_tests::process::built;
use haul_tests::scene::{assert_holds, assert_only, content, names, origin, request};
use haul_tests::subject::{Subject, processes};
use tempfile::tempdir;

/// `haul get --metalink` or its like for files in `folder`.
fn fetch(subject: Subject, document: &Path, folder: &Path) -> Output {
    let mut command = match subject {
        Subject::Stock => processes::stock(&[folder]),
        _ => Command::new(built("haul")),
    };
    command.env_remove("HOME").env_remove("XDG_STATE_HOME");
    command.args(["get", "-q", "--metalink"]).arg(document).arg("-d").arg(folder).output().unwrap()
}

#[test]
fn an_odd_file_of_a_document_is_named_and_the_others_arrive() {
    for subject in [Subject::Command, Subject::Stock] {
        let origin = Origin::start(Site::new().fallback(|_| Some(content().into())));
        let folder = tempdir().unwrap();
        let document = folder.path().join("document");
        let file = |name: &str, rest: &str| format!("<file name=\"{name}\">{rest}</file>");
        let url = |path: &str| format!("<url>{}</url>", origin.url(path));
        let files = [
            file("torrent.iso", "<metaurl mediatype=\"torrent\">http://h/t</metaurl>"),
            file("../up", &url("/up")),
            file(".treeinfo", &url("/treeinfo")),
            file("bad", "<url>http://h:99999/</url>"),
            file("a[1].iso", &url("/a[1].iso")),
        ];
        let metalink = "<metalink xmlns=\"urn:ietf:params:xml:ns:metalink\">";
        fs::write(&document, format!("{metalink}{}</metalink>", files.concat())).unwrap();
        let output = fetch(subject, &document, folder.path());
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        for (name, reason) in [
            ("torrent.iso", "a file has no http or https URL"),
            ("../up", "a file has a name that cannot be used"),
            ("bad", "a file has no http or https URL"),
        ] {
            assert!(said.contains(&format!("'{name}' is left out: {reason}")), "{said}");
        }
        assert_eq!(names(folder.path()), [".treeinfo", "a[1].iso", "document"]);
        assert_holds(&folder.path().join(".treeinfo"), &content());
    }
}

over_every_subject!(documents_may_be_utf_16, |subject| {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><metalink xmlns=\"urn:ietf:params:xml:ns:metalink\">\
         <file name=\"file\"><url>{}</url></file></metalink>",
        origin.url("/file")
    );
    let marked = format!("\u{feff}{text}");
    let little: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [little, big, marked.into_bytes()] {
        let documents = tempdir().unwrap();
        let document = documents.path().join("document");
        fs::write(&document, bytes).unwrap();
        let mut get = request(&origin, &folder);
        (get.metalink, get.overwrite) = (Some(document), true);
        subject.get(&get).expect_success();
        assert_only(&folder, &content());
    }
});

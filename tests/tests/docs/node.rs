//! `docs/guide/node.md`: the component under Node, through jco.

use std::path::PathBuf;
use std::process::{Command, Output};

use haul_tests::origin::{Fault, Origin, When};
use haul_tests::page::{Page, image, origin, repository};
use haul_tests::scene::assert_holds;
use tempfile::TempDir;

fn page() -> Page {
    Page::read("docs/guide/node.md")
}

/// The files that npm installed into the example's folder.
fn installed() -> [(PathBuf, &'static str); 2] {
    let own = repository().join("examples/node");
    assert!(own.join("node_modules").is_dir(), "run `.ci/setup node`, or `make test`");
    [(own.join("package.json"), "examples/node/package.json"), (own.join("node_modules"), "examples/node/node_modules")]
}

/// Follows the page, then runs its program again.
fn again(page_origin: &Origin, origin: &Origin, digest: &str) -> (TempDir, Output) {
    let (folder, _) = page().follow(page_origin, &installed());
    let mut node = Command::new("node");
    node.args(["download.js", &origin.url("/image.iso"), "again.iso", digest]);
    let output = node.current_dir(folder.path().join("examples/node")).output().unwrap();
    (folder, output)
}

#[test]
fn the_page_shows_the_program() {
    page().assert_shows(&["examples/node/download.js", "examples/node/wasi.js"]);
}

#[test]
fn the_page_is_followed_and_a_cut_transfer_goes_on() {
    let (whole, cut) = (origin(vec![]), origin(vec![(When::Nth(0), Fault::CutAfter(1_000_000))]));
    let (folder, output) = again(&whole, &cut, &image().sha256());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for name in ["image.iso", "again.iso"] {
        assert_holds(&folder.path().join("examples/node").join(name), &image());
    }
    assert!(cut.requests().iter().skip(1).all(|request| request.is_ranged()));
}

#[test]
fn a_file_that_is_not_the_wanted_one_gets_no_name() {
    let origin = origin(vec![]);
    let (folder, output) = again(&origin, &origin, &"0".repeat(64));
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("BG_E_VALIDATION_FAILED"), "{said}");
    assert!(!folder.path().join("examples/node/again.iso").exists());
}

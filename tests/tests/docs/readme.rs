//! README.md: its commands with their output, its recordings, its program.

use std::fs;
use std::process::Command;

use haul_tests::page::{Page, image, origin, repository};
use haul_tests::process::built;
use haul_tests::scene::assert_holds;
use haul_tests::session::Session;
use tempfile::tempdir;

use crate::guide::assert_images;

fn page() -> Page {
    Page::read("README.md")
}

fn recordings() -> [String; 2] {
    ["download", "queue"]
        .map(|name| fs::read_to_string(repository().join(format!("docs/recording/{name}.txt"))).unwrap())
}

#[test]
fn the_commands_run_and_print_the_output_that_is_shown() {
    let session = Session::of(&page(), None);
    let shown: Vec<_> = page().blocks("text").into_iter().filter(|block| !recordings().contains(block)).collect();
    assert!(!shown.is_empty());
    session.assert_printed(&shown);
    assert_images(&session.folder, &["image.iso", "verified.iso", "list/image.iso", "scripted.iso", "stock.iso"]);
    assert_eq!(fs::read(session.folder.path().join("list/notes/today.txt")).unwrap(), b"notes\n");
}

#[test]
fn the_recordings_are_shown() {
    let shown = page().blocks("text");
    for recording in recordings() {
        assert!(shown.contains(&recording), "{recording}\nis not in {shown:#?}");
    }
}

/// A program without its file comment.
fn example(name: &str) -> String {
    let example = fs::read_to_string(repository().join(format!("host/embed/examples/{name}.rs"))).unwrap();
    example.split_once("\n\n").unwrap().1.to_owned()
}

#[test]
fn the_programs_are_examples_and_run() {
    assert_eq!(page().blocks("rust"), [example("fetch")]);
    assert_eq!(Page::read("docs/guide/embedding.md").blocks("rust"), [example("policy")]);
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let mut command = Command::new(built("examples/fetch"));
    let status = command.args([&origin.url("/image.iso"), "image.iso"]).current_dir(&folder).status().unwrap();
    assert!(status.success());
    assert_holds(&folder.path().join("image.iso"), &image());
}

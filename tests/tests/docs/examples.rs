//! `docs/guide/embedding.md`: the programs of the library's users.

use std::fs;

use haul_tests::page::{Page, image, origin, repository};
use haul_tests::scene::assert_holds;

fn page() -> Page {
    Page::read("docs/guide/embedding.md")
}

#[test]
fn every_example_runs_as_its_page_says() {
    let (folder, output) = page().follow(&origin(vec![]), &[]);
    for name in ["fetched.iso", "queued.iso", "mirror/image.iso", "allowed.iso"] {
        assert_holds(&folder.path().join(name), &image());
    }
    assert!(!folder.path().join("refused.iso").exists());
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.lines().last().unwrap().starts_with("refused: "), "{said}");
}

#[test]
fn the_page_has_every_example() {
    let page = fs::read_to_string(repository().join("docs/guide/embedding.md")).unwrap();
    for entry in fs::read_dir(repository().join("host/embed/examples")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(page.contains(&format!("\n## {name}\n")), "{name}");
    }
}

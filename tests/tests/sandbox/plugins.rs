//! `docs/guide/plugins.md`: a plugin, and a host of two plugins.

use std::fs;

use haul_tests::page::{Page, image, origin, repository};
use haul_tests::scene::{assert_holds, names};

fn page() -> Page {
    Page::read("docs/guide/plugins.md")
}

/// The lines of some code, without indentation.
fn lines(code: &str) -> Vec<&str> {
    code.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

#[test]
fn the_page_shows_the_plugin_and_its_host() {
    page().assert_shows(&["examples/plugin/Cargo.toml", "examples/plugin/wit/world.wit", "examples/plugin/src/lib.rs"]);
    let host = fs::read_to_string(repository().join("host/embed/examples/plugin_host.rs")).unwrap();
    let host = lines(&host);
    let excerpts: Vec<_> = page().blocks("rust").into_iter().skip(1).collect();
    assert_eq!(excerpts.len(), 3);
    for excerpt in excerpts {
        let excerpt = lines(&excerpt);
        assert!(host.windows(excerpt.len()).any(|lines| lines == excerpt), "{excerpt:#?}");
    }
}

#[test]
fn the_plugin_is_built_and_each_of_two_gets_what_its_policy_allows() {
    let origin = origin(vec![]);
    let (folder, output) = page().follow(&origin, &[]);
    assert_eq!(page().blocks("text"), [String::from_utf8(output.stdout).unwrap()]);
    assert_holds(&folder.path().join("maps/file"), &image());
    assert_eq!(names(&folder.path().join("news")), [""; 0]);
    assert!(origin.requests().iter().all(|request| request.path() == "/image.iso"));
}

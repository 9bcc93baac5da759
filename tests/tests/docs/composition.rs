//! `docs/guide/composition.md`: a component that uses haul, composed with haul into one component, under stock wasmtime.

use std::path::{Path, PathBuf};
use std::process::Command;

use haul_tests::page::{Page, image, origin, repository};
use haul_tests::process::built;
use haul_tests::scene::assert_holds;
use wit_component::DecodedWasm;

fn page() -> Page {
    Page::read("docs/guide/composition.md")
}

/// The command `wac`, built into the target folder of this test.
fn wac() -> PathBuf {
    let target = built("haul").ancestors().nth(2).unwrap().join("wac");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--release", "--target-dir"]).arg(&target);
    assert!(cargo.current_dir(repository().join("tests/wac")).status().unwrap().success());
    target.join("release/wac")
}

/// The packages of the interfaces that a component imports.
fn imports(component: &Path) -> Vec<String> {
    let DecodedWasm::Component(resolve, world) = wit_component::decode(&std::fs::read(component).unwrap()).unwrap()
    else {
        panic!("not a component")
    };
    let names = resolve.worlds[world].imports.keys().map(|key| resolve.name_world_key(key));
    names.map(|name| name.split(':').next().unwrap().to_owned()).collect()
}

#[test]
fn the_page_shows_the_consumer() {
    page().assert_shows(&[
        "examples/consumer/Cargo.toml",
        "examples/consumer/wit/world.wit",
        "examples/consumer/src/lib.rs",
    ]);
}

#[test]
fn the_consumer_is_built_composed_and_fetches_under_the_stock_runtime() {
    let (folder, _) = page().follow(&origin(vec![]), &[(wac(), "bin/wac")]);
    assert_holds(&folder.path().join("image.iso"), &image());
    let imports = imports(&folder.path().join("fetch.wasm"));
    assert!(!imports.is_empty() && imports.iter().all(|package| package == "wasi"), "{imports:?}");
}

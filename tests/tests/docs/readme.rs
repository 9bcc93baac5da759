//! Every example of the README, run as it stands there but for the address of the origin.

use std::fs;
use std::process::{Command, Output};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use haul_tests::origin::{Content, Fault, Origin, RecordedRequest, Representation, Resource, Site, When};
use haul_tests::page::{Page, image, repository};
use haul_tests::process::{built, component};
use sha2::{Digest, Sha256};
use tempfile::tempdir;

fn blocks(language: &str) -> Vec<String> {
    Page::read("README.md").blocks(language)
}

/// The piece-hash file of the image: one piece.
fn piece_hashes() -> Content {
    let digest = Sha256::digest(image().bytes(0..image().length()));
    let (piece, all) = (BASE64_STANDARD.encode(digest), BASE64_STANDARD.encode(Sha256::digest(digest)));
    let document = serde_json::json!({
        "MajorVersion": 1, "MinorVersion": 0, "ContentLength": image().length(), "PieceSize": 4 << 20,
        "HashOfHashes": all, "Pieces": [piece],
    });
    Content::literal(document.to_string().into_bytes())
}

fn is_nobody(request: &RecordedRequest) -> bool {
    request.header("authorization") != Some("Bearer secret")
}

fn origin() -> Origin {
    let resource = |content: Content| Resource::new(Representation::new(content).strong_etag("v1"));
    let checksum = format!("{}  image.iso\n", image().sha256());
    let site = Site::new()
        .resource("/image.iso", resource(image()))
        .resource("/image.iso.sha256", resource(Content::literal(checksum.into_bytes())))
        .resource("/image.iso.pieces", resource(piece_hashes()))
        .resource("/private.iso", resource(image()).fault(When::matching(is_nobody), Fault::status(401)))
        .resource("/notes.txt", resource(Content::literal(b"notes".to_vec())));
    Origin::start(site)
}

fn assert_ran(output: &Output) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}\n{}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn the_commands_run() {
    let (origin, folder) = (origin(), tempdir().unwrap());
    let programs = built("haul").parent().unwrap().to_owned();
    fs::create_dir_all(folder.path().join("target/component")).unwrap();
    fs::copy(component(), folder.path().join("target/component/haul.wasm")).unwrap();
    let paths = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let script = blocks("sh").join("\n").replace("http://localhost:8080", origin.url("").trim_end_matches('/'));
    assert!(script.contains("wasmtime run") && script.contains("haul get"), "{script}");
    let mut shell = Command::new("bash");
    assert_ran(
        &shell
            .args(["-euc", &script])
            .env("PATH", paths)
            .env("XDG_STATE_HOME", folder.path())
            .current_dir(&folder)
            .output()
            .unwrap(),
    );
    let whole = image().bytes(0..image().length());
    for name in [
        "image.iso",
        "disk.iso",
        "downloads/image.iso",
        "list/image.iso",
        "verified.iso",
        "scripted.iso",
        "stock.iso",
        "renewed.iso",
        "twice.iso",
        "streamed.iso",
        "private.iso",
        "checked.iso",
        "later.iso",
        "mirror/image.iso",
        "lab.iso",
        "watched.iso",
        "lists/aria.iso",
    ] {
        assert!(fs::read(folder.path().join(name)).unwrap() == whole, "{name}");
    }
    assert!(!folder.path().join("never.iso").exists());
    let ends = [&whole[..1024], &whole[whole.len() - 512..]].concat();
    assert!(fs::read(folder.path().join("ends.bin")).unwrap() == ends);
    assert_eq!(fs::read(folder.path().join("list/notes/today.txt")).unwrap(), b"notes");
}

#[test]
fn the_programs_are_examples_and_run() {
    let programs = ["fetch", "policy"].map(|name| {
        let example = fs::read_to_string(repository().join(format!("host/embed/examples/{name}.rs"))).unwrap();
        example.split_once("\n\n").unwrap().1.to_owned()
    });
    assert_eq!(blocks("rust"), programs);
    let (origin, folder) = (origin(), tempdir().unwrap());
    let mut command = Command::new(built("examples/fetch"));
    assert_ran(&command.args([&origin.url("/image.iso"), "image.iso"]).current_dir(&folder).output().unwrap());
    assert!(fs::read(folder.path().join("image.iso")).unwrap() == image().bytes(0..image().length()));
}

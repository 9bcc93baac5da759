//! `docs/guide`: runs the examples of the pages for users of the command, and compares their tables with the output.

use std::collections::BTreeSet;
use std::fs;

use haul_tests::page::{Page, repository};
use haul_tests::session::Session;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

/// SHA-256 of `image.iso` of `docs/recording/server`.
const IMAGE: &str = "cd11a05e264cc91dc4ab0264330762a8ae63a7185e7c980dfbfbb297f579ec16";

/// Asserts that each of these files is `image.iso`.
#[track_caller]
pub fn assert_images(folder: &TempDir, names: &[&str]) {
    for name in names {
        assert_eq!(hex(&Sha256::digest(read(folder, name))), IMAGE, "{name}");
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[track_caller]
fn read(folder: &TempDir, name: &str) -> Vec<u8> {
    fs::read(folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn page(name: &str) -> Page {
    Page::read(&format!("docs/guide/{name}.md"))
}

/// Runs the commands of a page, and asserts that they print the output on the page.
#[track_caller]
fn followed(name: &str, rate: Option<&str>) -> Session {
    let page = page(name);
    let session = Session::of(&page, rate);
    let shown = page.blocks("text");
    assert!(!shown.is_empty());
    session.assert_printed(&shown);
    session
}

#[test]
fn at_a_prompt() {
    let session = followed("prompt", None);
    assert_images(
        &session.folder,
        &[
            "image.iso",
            "disk.iso",
            "downloads/image.iso",
            "list/image.iso",
            "verified.iso",
            "checked.iso",
            "twice.iso",
            "plain.iso",
            "private.iso",
            "renewed.iso",
            "limited.iso",
            "later.iso",
            "stock.iso",
            "queued/image.iso",
        ],
    );
    let whole = read(&session.folder, "image.iso");
    let ends = [&whole[..1024], &whole[whole.len() - 512..]].concat();
    assert!(read(&session.folder, "ends.bin") == ends);
    assert_eq!(read(&session.folder, "list/notes/today.txt"), b"notes\n");
    assert_eq!(read(&session.folder, "loud.txt"), b"NOTES\n");
    for absent in ["wrong.iso", "never.iso"] {
        assert!(!session.folder.path().join(absent).exists(), "{absent}");
    }
}

#[test]
fn the_queue() {
    let session = followed("queue", None);
    let names = ["mirror/image.iso", "watched.iso", "lab.iso", "nightly.iso", "lists/aria.iso"];
    assert_images(&session.folder, &names);
}

#[test]
fn resuming() {
    let session = followed("resuming", Some("200000"));
    assert_images(&session.folder, &["image.iso"]);
}

#[test]
fn troubleshooting() {
    let session = followed("troubleshooting", None);
    assert_eq!(read(&session.folder, "notes.txt"), b"notes\n");
}

/// The names in the first column of the table with this heading, in `scripting.md`.
fn fields(table: &str) -> BTreeSet<String> {
    let page = fs::read_to_string(repository().join("docs/guide/scripting.md")).unwrap();
    let (_, rows) = page.split_once(&format!("\n| {table} | type | meaning |\n|---|---|---|\n")).expect(table);
    let cells = rows.lines().take_while(|row| row.starts_with("| ")).map(|row| row.split('|').nth(1).unwrap());
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

/// The objects in a file, one per line.
fn objects(session: &Session, name: &str) -> Vec<Value> {
    let text = String::from_utf8(read(&session.folder, name)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Asserts that the object has exactly the fields of the table; those in `optional` may be absent.
#[track_caller]
fn assert_described(object: &Value, table: &str, optional: &[&str]) {
    let keys: BTreeSet<_> = object.as_object().expect("an object").keys().cloned().collect();
    let described = fields(table);
    let missing: Vec<_> = described.difference(&keys).filter(|field| !optional.contains(&field.as_str())).collect();
    assert!(keys.is_subset(&described) && missing.is_empty(), "{table}: {object}, without {missing:?}");
}

#[test]
fn scripts_and_every_field_of_json_lines() {
    let session = followed("scripting", None);
    let lines = objects(&session, "get.json");
    let typed = |name: &str| lines.iter().filter(|line| line["type"] == name).collect::<Vec<_>>();
    let (progress, results) = (typed("progress"), typed("result"));
    assert!(!progress.is_empty() && progress.len() + results.len() == lines.len());
    progress.into_iter().for_each(|line| assert_described(line, "progress", &[]));
    results.iter().for_each(|line| assert_described(line, "result", &["sha256"]));
    assert!(results[0]["error"].is_null());
    assert_described(&results[1]["error"], "error", &[]);
    objects(&session, "jobs.json").iter().for_each(|job| assert_described(job, "job", &["file_list"]));
    for mut line in objects(&session, "run.json") {
        let kind = line.as_object_mut().unwrap().remove("type").unwrap();
        assert!(kind == "progress" || kind == "result", "{kind}");
        assert_described(&line, "job", &["file_list"]);
    }
    let failed = objects(&session, "errors.json");
    let [failed] = &failed[..] else { panic!("one job has failed: {failed:?}") };
    assert_described(failed, "job", &[]);
    assert_described(&failed["error"], "error of a job", &[]);
    let file = &failed["file_list"][0];
    assert_described(file, "file", &[]);
    let described: BTreeSet<_> = ["code", "name", "message", "advice"].map(String::from).into();
    assert_eq!(file["error"].as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>(), described);
}

//! Components that access files outside their grants, or have their host do it.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use haul::{Engine, Error};
use sha2::{Digest, Sha256};

use super::world::{World, assert_stopped, ordered};

#[tokio::test]
async fn no_path_leads_out() {
    let world = World::new("later").await;
    let engine = world.open().await.unwrap();
    assert_eq!(ordered(&engine, &format!("file-escape now {}", world.text("outside"))).await, "");
    world.assert_intact().await;
}

#[tokio::test]
async fn the_host_follows_no_link_out_to_digest_a_file() {
    let world = World::new("later").await;
    let engine = world.open().await.unwrap();
    for (link, target) in [("granted/absolute", world.text("secret")), ("granted/up", "..".into())] {
        symlink(target, world.path(link)).unwrap();
    }
    assert!(Command::new("mkfifo").arg(world.path("granted/pipe")).status().unwrap().success());
    let names = ["file", "../secret", "absolute", "up/secret", "pipe", "", "none", "inner"];
    let paths: Vec<_> = names.iter().map(|name| world.text(&format!("granted/{name}"))).collect();
    let paths = [paths, vec!["/etc/passwd".into(), "file".into(), "a".repeat(50_000)]].concat();
    ordered(&engine, &format!("digest x {}", paths.join(" "))).await;
    let expected = (0..paths.len()).map(|number| format!("{number} {}", number == 0));
    let mut expected: Vec<_> = expected.collect();
    expected.sort();
    let answers = loop {
        let answers = ordered(&engine, "answers now").await;
        if answers.lines().count() == paths.len() {
            break answers;
        }
        tokio::task::yield_now().await;
    };
    let mut answers: Vec<_> = answers.lines().collect();
    answers.sort_unstable();
    assert_eq!(answers, expected);
    world.assert_intact().await;
}

#[tokio::test]
async fn a_digest_of_a_file_without_end_ends_with_its_engine() {
    let world = World::new("later").await;
    let engine = world.open().await.unwrap();
    let file = world.text("granted/file");
    assert_eq!(ordered(&engine, &format!("file-grow now {file}")).await, "done");
    ordered(&engine, &format!("digest x {file}")).await;
    assert_eq!(ordered(&engine, "answers now").await, "");
    engine.close().await;
    // The reading thread ends when the file is no longer open.
    let is_open = || {
        let descriptors = fs::read_dir("/proc/self/fd").unwrap().filter_map(Result::ok);
        descriptors
            .filter_map(|entry| fs::read_link(entry.path()).ok())
            .any(|target| target == world.path("granted/file"))
    };
    while is_open() {
        tokio::task::yield_now().await;
    }
    fs::remove_file(world.path("granted/file")).unwrap();
    world.assert_intact().await;
}

/// Whatever the component claims about a file, the host digests the current content.
#[tokio::test]
async fn what_is_changed_after_it_was_digested_is_digested_again() {
    for way in ["stream", "write", "size", "empty"] {
        let world = World::new("later").await;
        let engine = world.open().await.unwrap();
        let path = world.text("granted/file");
        fs::write(&path, vec![7; 3_000_000]).unwrap();
        for turn in 1.. {
            let deed = if turn < 4 { "digest-ahead" } else { "digest" };
            ordered(&engine, &format!("{deed} x {path}")).await;
            let digests = loop {
                let digests = ordered(&engine, "digests now").await;
                if digests.lines().count() == turn {
                    break digests;
                }
                tokio::task::yield_now().await;
            };
            let digest: String =
                Sha256::digest(fs::read(&path).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(digests.lines().last(), Some(digest.as_str()), "{way}, {turn}");
            match turn {
                3 => assert_eq!(ordered(&engine, &format!("file-change-{way} now {path}")).await, "done"),
                4 => break,
                _ => {}
            }
        }
    }
}

#[tokio::test]
async fn digests_and_contents_are_not_asked_for_without_end() {
    for deed in ["digests", "contents"] {
        let world = World::new("later").await;
        let engine = world.open().await.unwrap();
        ordered(&engine, &format!("{deed} x {}", world.text("granted/file"))).await;
        assert_stopped(&engine, "waits for more than 50").await;
        world.assert_intact().await;
    }
}

#[tokio::test]
async fn a_pipe_does_not_hold_the_component_either() {
    let world = World::new("later").await;
    let engine = world.open().await.unwrap();
    assert!(Command::new("mkfifo").arg(world.path("granted/pipe")).status().unwrap().success());
    assert_eq!(ordered(&engine, &format!("file-open now {}", world.text("granted/pipe"))).await, "not-permitted");
    world.assert_intact().await;
}

#[tokio::test]
async fn a_state_directory_that_became_a_link_is_refused() {
    let world = World::new("later").await;
    let engine = world.open().await.unwrap();
    let (link, target) = (world.text("granted/state"), world.text("outside"));
    ordered(&engine, &format!("file-plant now {link} ../outside")).await;
    assert_eq!(fs::read_link(&link).unwrap().to_str(), Some("../outside"));
    let before = fs::metadata(&target).unwrap().permissions();
    let again = Engine::builder()
        .policy(haul::Policy::allow_all())
        .grant(world.path("granted"))
        .state_directory(&link)
        .open()
        .await;
    assert!(matches!(again, Err(Error::Grant { .. })));
    let again =
        Engine::builder().policy(haul::Policy::allow_all()).grant(world.path("granted")).grant(&link).open().await;
    assert!(matches!(again, Err(Error::Grant { .. })));
    assert_eq!(fs::metadata(&target).unwrap().permissions(), before);
    world.assert_intact().await;
}

#[tokio::test]
async fn what_is_granted_to_be_read_is_not_written() {
    let world = World::new("later").await;
    let engine = world.open().await.unwrap();
    let (read, written) = (world.text("granted/inner/read"), world.text("granted/inner/written"));
    fs::write(&read, "bytes").unwrap();
    let reading = Engine::builder()
        .policy(haul::Policy::allow_all())
        .component(super::world::hostile())
        .grant_read(world.path("granted/inner"));
    let reading = reading.open().await.unwrap();
    assert_eq!(ordered(&reading, &format!("file-open now {read}")).await, "done");
    assert_eq!(ordered(&reading, &format!("file-write now {read}")).await, "not-permitted");
    assert_eq!(ordered(&reading, &format!("file-write now {written}")).await, "not-permitted");
    assert_eq!(ordered(&engine, &format!("file-write now {written}")).await, "done");

    let own = Engine::builder()
        .policy(haul::Policy::allow_all())
        .grant(world.path("granted"))
        .grant_read(world.path("granted/inner"))
        .open()
        .await
        .unwrap();
    let refused = own.fetch(&world.origin.url("/file"), world.path("granted/inner/fetched")).await;
    assert!(matches!(refused, Err(Error::Failed(failure)) if failure.name == "E_ACCESSDENIED"));
    own.fetch(&world.origin.url("/file"), world.path("granted/fetched")).await.unwrap();
    world.assert_intact().await;
}

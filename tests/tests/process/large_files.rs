//! Large files from a real nginx: byte-exact, and with little memory.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use haul_tests::nginx::Nginx;
use haul_tests::origin::Content;
use haul_tests::process::wait_with_usage;
use haul_tests::subject::{Get, Subject};
use tempfile::{TempDir, tempdir};

use super::alone;
use super::memory::forget_peak;

const SIZE: u64 = 2 << 30;
const MOST_MEMORY: u64 = 100 << 20;

fn large_file() -> TempDir {
    let folder = tempdir().expect("a temporary folder");
    let mut file = File::create(folder.path().join("large")).expect("a file");
    for_each_block(|block| file.write_all(block).expect("room for 2 GiB"));
    folder
}

fn for_each_block(mut act: impl FnMut(&[u8])) {
    let content = Content::new(21, SIZE);
    let block = 16 << 20;
    for start in (0..SIZE).step_by(block as usize) {
        act(&content.bytes(start..start + block));
    }
}

fn assert_exact(path: &Path) {
    let mut file = File::open(path).expect("the file");
    let mut found = vec![0; 16 << 20];
    for_each_block(|block| {
        file.read_exact(&mut found).expect("2 GiB");
        assert!(found == block, "the content differs");
    });
    assert_eq!(file.read(&mut found).expect("the end"), 0, "longer than it should be");
}

#[tokio::test]
async fn two_gibibytes_take_little_memory() {
    let _alone = alone().await;
    let source = large_file();
    let nginx = Nginx::serve(source.path());
    for subject in [Subject::Command, Subject::Stock] {
        for connections in [1, 8] {
            let folder = tempdir().unwrap();
            let path = folder.path().join("large");
            let get = Get::new(nginx.url("large"), &path).connections(connections);
            // The peak of a child begins with that of its parent.
            forget_peak();
            let (status, usage) = wait_with_usage(&mut subject.spawn(&get)).unwrap();
            assert!(status.success(), "{subject:?}: {status}");
            let memory = usage.memory;
            assert!(memory < MOST_MEMORY, "{subject:?}: {} MiB with {connections} connections", memory >> 20);
            assert_exact(&path);
        }
    }
}

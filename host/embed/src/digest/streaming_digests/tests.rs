use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use super::*;
use crate::bindings::types::DigestAlgorithm as Algorithm;

const ALL: [Algorithm; 5] = [Algorithm::Sha256, Algorithm::Sha512, Algorithm::Sha1, Algorithm::Md5, Algorithm::Blake3];

/// A growing file and its streaming digest.
struct Scene {
    _folder: tempfile::TempDir,
    path: PathBuf,
    digests: StreamingDigests,
    asked_for: Arc<()>,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file.part");
        File::create(&path).expect("a file");
        Self { _folder: folder, path, digests: StreamingDigests::default(), asked_for: Arc::new(()) }
    }

    fn name(&self) -> &str {
        self.path.to_str().expect("a name")
    }

    fn file(&self) -> File {
        OpenOptions::new().read(true).write(true).open(&self.path).expect("the file")
    }

    fn write(&self, offset: u64, bytes: &[u8]) {
        let file = self.file();
        let writer = self.digests.writer(&file);
        file.write_all_at(bytes, offset).expect("written");
        writer.wrote(offset);
    }

    fn cut(&self, length: u64) {
        let file = self.file();
        file.set_len(length).expect("cut");
        self.digests.changed(&file, length);
    }

    /// Digests the first `length` bytes.
    fn hint(&self, length: u64) {
        let hint = DigestHint { path: self.name().into(), algorithms: ALL.into(), length };
        if self.digests.hint(hint) {
            self.digests.work_on(self.name(), || File::open(&self.path), &Arc::downgrade(&self.asked_for));
        }
    }

    /// The final digest, and the number of bytes digested before this call.
    fn finish(&self, algorithm: Algorithm) -> (Vec<u8>, u64) {
        let file = self.file();
        let asked_for = Arc::downgrade(&self.asked_for);
        let streaming = FileId::of(&file).and_then(|id| self.digests.known().find(id));
        let finished =
            streaming.and_then(|known| known.finish(&file, algorithm.into(), &asked_for).expect("it is read"));
        let before = finished.as_ref().map_or(0, |(_, before)| *before);
        let request =
            DigestRequest { number: 1, path: self.name().into(), checksum: Checksum::Digest(algorithm), range: None };
        let value = self.digests.compute(&request, &file, &asked_for).expect("a digest");
        assert!(finished.is_none_or(|(finished, _)| finished == value));
        (value, before)
    }

    /// Asserts that every digest matches the final content of the file, and that `expected_before` bytes were digested earlier.
    #[track_caller]
    fn check(&self, expected_before: u64) {
        for (index, algorithm) in ALL.into_iter().enumerate() {
            let at_once =
                super::super::of(Checksum::Digest(algorithm), &self.file(), None, &Arc::downgrade(&self.asked_for));
            let (value, before) = self.finish(algorithm);
            assert_eq!(value, at_once.expect("a digest"), "{algorithm:?}");
            if index == 0 {
                assert_eq!(before, expected_before);
            }
        }
    }
}

fn bytes(seed: u64, length: usize) -> Vec<u8> {
    (0..length as u64).map(|at| ((at ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
}

#[test]
fn a_digest_that_was_begun_is_that_of_the_file() {
    let scene = Scene::new();
    scene.write(0, &bytes(1, 300_000));
    scene.hint(200_000);
    scene.write(300_000, &bytes(2, 700_000));
    scene.hint(900_001);
    scene.check(900_001);
}

#[test]
fn bytes_that_are_written_again_spoil_it() {
    let scene = Scene::new();
    scene.write(0, &bytes(1, 300_000));
    scene.hint(200_000);
    scene.write(199_999, &bytes(2, 10));
    scene.check(0);
    scene.hint(300_000);
    scene.check(300_000);
}

#[test]
fn bytes_beyond_spoil_nothing() {
    let scene = Scene::new();
    scene.write(0, &bytes(1, 300_000));
    scene.hint(200_000);
    scene.write(200_000, &bytes(2, 10));
    scene.check(200_000);
}

#[test]
fn a_stream_that_was_there_before_spoils_it_too() {
    let scene = Scene::new();
    scene.write(0, &bytes(1, 300_000));
    let file = scene.file();
    let writer = scene.digests.writer(&file);
    scene.hint(200_000);
    file.write_all_at(b"other", 7).expect("written");
    writer.wrote(7);
    scene.check(0);
}

#[test]
fn what_was_not_written_yet_does_not_count_as_digested() {
    let scene = Scene::new();
    scene.write(0, &bytes(1, 1000));
    scene.write(5000, &bytes(2, 1000));
    scene.hint(8000);
    scene.write(1000, &bytes(3, 4000));
    scene.check(0);
}

#[test]
fn a_hint_beyond_the_end_is_for_what_there_is() {
    let scene = Scene::new();
    scene.write(0, &bytes(1, 1000));
    scene.hint(u64::MAX);
    scene.check(1000);
    scene.write(1000, &bytes(2, 1000));
    scene.check(0);
}

#[test]
fn what_is_cut_off_spoils_it() {
    let scene = Scene::new();
    scene.write(0, &bytes(1, 300_000));
    scene.hint(200_000);
    scene.cut(100_000);
    scene.check(0);
    scene.cut(300_000);
    scene.check(0);
}

/// Truncates the file without a call of `changed`, as another process would.
#[test]
fn a_file_that_is_shorter_than_what_was_digested_is_read_again() {
    let scene = Scene::new();
    scene.write(0, &bytes(1, 300_000));
    scene.hint(200_000);
    scene.file().set_len(100_000).expect("cut");
    scene.check(0);
}

#[test]
fn another_file_of_the_name_has_no_digest() {
    let scene = Scene::new();
    scene.write(0, &bytes(1, 300_000));
    scene.hint(200_000);
    let other = scene.path.with_extension("other");
    std::fs::write(&other, bytes(2, 300_000)).expect("another file");
    std::fs::rename(&other, &scene.path).expect("renamed");
    scene.check(0);
    scene.hint(250_000);
    scene.check(250_000);
}

#[test]
fn a_smaller_hint_takes_back_what_was_digested_beyond() {
    let scene = Scene::new();
    scene.write(0, &bytes(1, 300_000));
    scene.hint(200_000);
    scene.hint(100_000);
    scene.check(100_000);
}

#[test]
fn what_is_let_go_of_is_gone() {
    let scene = Scene::new();
    scene.write(0, &bytes(1, 300_000));
    let _stream = scene.digests.writer(&scene.file());
    scene.hint(200_000);
    scene.hint(0);
    assert!(scene.digests.known().running.is_empty() && scene.digests.known().work.is_empty());
    scene.check(0);
}

#[test]
fn the_newest_hint_counts() {
    let scene = Scene::new();
    scene.write(0, &bytes(1, 300_000));
    let hint = |length| DigestHint { path: scene.name().into(), algorithms: ALL.into(), length };
    assert!(scene.digests.hint(hint(100_000)));
    assert!(!scene.digests.hint(hint(0)));
    assert!(!scene.digests.hint(hint(250_000)));
    scene.digests.work_on(scene.name(), || File::open(&scene.path), &Arc::downgrade(&scene.asked_for));
    scene.check(250_000);
}

#[test]
fn there_are_so_many_and_no_more() {
    let scene = Scene::new();
    let folder = scene.path.parent().expect("a folder");
    let begin = |number: usize| {
        let path = folder.join(number.to_string());
        std::fs::write(&path, "bytes").expect("a file");
        let name = path.to_str().expect("a name");
        if scene.digests.hint(DigestHint { path: name.into(), algorithms: ALL.into(), length: 5 }) {
            scene.digests.work_on(name, || File::open(&path), &Arc::downgrade(&scene.asked_for));
        }
        scene.digests.known().running.contains_key(name)
    };
    assert!((0..MOST).all(begin));
    assert!(!begin(MOST));
    assert!(begin(0), "one that is known goes on");
}

#[test]
fn files_without_a_digest_are_forgotten() {
    let scene = Scene::new();
    for _ in 0..10 * MOST {
        drop(scene.digests.writer(&tempfile::tempfile().expect("a file")));
    }
    assert!(scene.digests.known().files.len() <= MOST);
}

/// Holds for any order of concurrent writes and hints.
#[test]
fn a_digest_beside_a_writer_is_never_wrong() {
    let scene = Scene::new();
    scene.write(0, &bytes(0, 1 << 20));
    std::thread::scope(|threads| {
        threads.spawn(|| (0..400).for_each(|turn: u64| scene.hint(turn * 7919 % (1 << 20))));
        for turn in 0..400_u64 {
            scene.write(turn * 104_729 % (1 << 20), &bytes(turn, 4096));
        }
    });
    let before = scene.finish(Algorithm::Sha256).1;
    scene.check(before.max(scene.finish(Algorithm::Sha256).1));
}

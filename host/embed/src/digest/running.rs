//! Digests of files that are still being written: which there are, and who is at work on them.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant, SystemTime};

use super::beginning::Beginning;
use crate::bindings::engine::{Checksum, DigestAhead, DigestRequest};
use crate::values::DigestAlgorithm;

/// Files whose digests run at the same time, at most.
const MOST: usize = 64;

/// Where there are that many, one that nothing was heard of for this long makes room for another.
const IDLE: Duration = Duration::from_secs(60);

/// The running digests of an engine. They are kept by what the files are, not by their names: a file that took the place of another
/// has none.
#[derive(Default)]
pub struct RunningDigests {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// Files that have a digest or a writer.
    files: HashMap<FileId, Weak<Beginning>>,
    /// Number of them from which on those that have neither any more are looked for.
    prune_at: usize,
    /// Digests by the path that they were wished for with.
    running: HashMap<String, Running>,
    /// Paths that somebody is at work on.
    work: HashMap<String, Work>,
}

struct Running {
    beginning: Arc<Beginning>,
    heard_of: Instant,
}

#[derive(Default)]
struct Work {
    /// The newest wish.
    next: Option<DigestAhead>,
    /// There is no wish any more, whatever was taken up before.
    let_go: bool,
}

/// What tells one file from all others, as long as there is either of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct FileId {
    device: u64,
    number: u64,
    /// Numbers of files that are gone are used again.
    created: Option<SystemTime>,
}

impl FileId {
    #[cfg(unix)]
    fn of(file: &File) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let found = file.metadata().ok()?;
        Some(Self { device: found.dev(), number: found.ino(), created: found.created().ok() })
    }

    /// Files cannot be told apart: every digest is computed at the end.
    #[cfg(not(unix))]
    fn of(_: &File) -> Option<Self> {
        None
    }
}

/// Tells running digests what is written to one file.
#[derive(Clone, Default)]
pub struct Writer(Option<Arc<Beginning>>);

impl Writer {
    /// Bytes from `offset` on were just written.
    pub fn wrote(&self, offset: u64) {
        if let Some(beginning) = &self.0 {
            beginning.changed(offset);
        }
    }
}

impl RunningDigests {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For whoever is going to write to `file`.
    pub fn writer(&self, file: &File) -> Writer {
        Writer(FileId::of(file).map(|id| self.known().beginning(id)))
    }

    /// Bytes of `file` from `offset` on were just written or cut off.
    pub fn changed(&self, file: &File, offset: u64) {
        let beginning = FileId::of(file).and_then(|id| self.known().find(id));
        if let Some(beginning) = beginning {
            beginning.changed(offset);
        }
    }

    /// Takes a wish; whether somebody has to go to work on it with [`Self::work_on`].
    pub fn wish(&self, wish: DigestAhead) -> bool {
        let mut known = self.known();
        let is_let_go = wish.length == 0;
        if is_let_go && let Some(running) = known.running.remove(&wish.path) {
            running.beginning.spoil();
        }
        let (at_work, path) = (known.work.len(), wish.path.clone());
        let next = (!is_let_go).then_some(wish);
        if let Some(work) = known.work.get_mut(&path) {
            *work = Work { next, let_go: is_let_go };
            return false;
        }
        let is_taken = !is_let_go && at_work < MOST;
        if is_taken {
            known.work.insert(path, Work { next, let_go: false });
        }
        is_taken
    }

    /// Digests what was wished for of the file at `path`, until there is no other wish.
    pub fn work_on(&self, path: &str, open: impl Fn() -> io::Result<File>, asked_for: &Weak<()>) {
        while let Some(DigestAhead { algorithms, length, .. }) = self.next(path) {
            let algorithms: Vec<_> = algorithms.into_iter().map(DigestAlgorithm::from).collect();
            let outcome = open().and_then(|file| match self.begin(path, &file) {
                Some(beginning) => beginning.advance(&file, &algorithms, length, asked_for),
                None => Ok(0),
            });
            match outcome {
                Ok(digested) => tracing::trace!(path, digested, "a file that is being written was digested so far"),
                Err(error) => tracing::debug!(path, %error, "a file that is being written could not be digested"),
            }
        }
    }

    fn next(&self, path: &str) -> Option<DigestAhead> {
        let mut known = self.known();
        let next = known.work.get_mut(path).and_then(|work| work.next.take());
        if next.is_none() {
            known.work.remove(path);
        }
        next
    }

    /// What is to be digested; `None` where there is no wish any more, or no room.
    fn begin(&self, path: &str, file: &File) -> Option<Arc<Beginning>> {
        let id = FileId::of(file)?;
        let mut known = self.known();
        if known.work.get(path).is_none_or(|work| work.let_go) || !known.has_room(path) {
            return None;
        }
        let beginning = known.beginning(id);
        let running = Running { beginning: beginning.clone(), heard_of: Instant::now() };
        known.running.insert(path.into(), running);
        Some(beginning)
    }

    /// The checksum that is wanted, of `file`, in which case it goes on where it was begun while the file was written.
    pub fn compute(&self, request: &DigestRequest, file: &File, asked_for: &Weak<()>) -> io::Result<Vec<u8>> {
        if let (Checksum::Digest(algorithm), None) = (request.checksum, request.range)
            && let Some(beginning) = FileId::of(file).and_then(|id| self.known().find(id))
            && let Some((value, before)) = beginning.finish(file, algorithm.into(), asked_for)?
        {
            tracing::debug!(path = request.path, before, "a digest was begun while its file was written");
            return Ok(value);
        }
        super::of(request.checksum, file, request.range, asked_for)
    }
}

impl Known {
    fn find(&self, id: FileId) -> Option<Arc<Beginning>> {
        self.files.get(&id).and_then(Weak::upgrade)
    }

    fn beginning(&mut self, id: FileId) -> Arc<Beginning> {
        if let Some(beginning) = self.find(id) {
            return beginning;
        }
        if self.files.len() >= self.prune_at {
            self.files.retain(|_, beginning| beginning.strong_count() > 0);
            self.prune_at = MOST.max(2 * self.files.len());
        }
        let beginning = Arc::default();
        self.files.insert(id, Arc::downgrade(&beginning));
        beginning
    }

    fn has_room(&mut self, path: &str) -> bool {
        if self.running.len() >= MOST && !self.running.contains_key(path) {
            self.running.retain(|_, running| {
                let stays = running.heard_of.elapsed() < IDLE;
                if !stays {
                    running.beginning.spoil();
                }
                stays
            });
        }
        self.running.len() < MOST || self.running.contains_key(path)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::OpenOptions;
    use std::os::unix::fs::FileExt;
    use std::path::PathBuf;

    use super::*;
    use crate::bindings::types::DigestAlgorithm as Algorithm;

    const ALL: [Algorithm; 5] =
        [Algorithm::Sha256, Algorithm::Sha512, Algorithm::Sha1, Algorithm::Md5, Algorithm::Blake3];

    /// A file that is being written, and its running digests.
    struct Scene {
        _folder: tempfile::TempDir,
        path: PathBuf,
        digests: RunningDigests,
        asked_for: Arc<()>,
    }

    impl Scene {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("file.part");
            File::create(&path).expect("a file");
            Self { _folder: folder, path, digests: RunningDigests::default(), asked_for: Arc::new(()) }
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

        /// The first `length` bytes are digested.
        fn ahead(&self, length: u64) {
            let wish = DigestAhead { path: self.name().into(), algorithms: ALL.into(), length };
            if self.digests.wish(wish) {
                self.digests.work_on(self.name(), || File::open(&self.path), &Arc::downgrade(&self.asked_for));
            }
        }

        /// The digest in the end, and how many bytes of the file had been digested before.
        fn finish(&self, algorithm: Algorithm) -> (Vec<u8>, u64) {
            let file = self.file();
            let asked_for = Arc::downgrade(&self.asked_for);
            let beginning = FileId::of(&file).and_then(|id| self.digests.known().find(id));
            let finished =
                beginning.and_then(|known| known.finish(&file, algorithm.into(), &asked_for).expect("it is read"));
            let before = finished.as_ref().map_or(0, |(_, before)| *before);
            let request = DigestRequest {
                number: 1,
                path: self.name().into(),
                checksum: Checksum::Digest(algorithm),
                range: None,
            };
            let value = self.digests.compute(&request, &file, &asked_for).expect("a digest");
            assert!(finished.is_none_or(|(finished, _)| finished == value));
            (value, before)
        }

        /// Every digest is that of what the file has in the end; so many bytes were digested before.
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
        scene.ahead(200_000);
        scene.write(300_000, &bytes(2, 700_000));
        scene.ahead(900_001);
        scene.check(900_001);
    }

    #[test]
    fn bytes_that_are_written_again_spoil_it() {
        let scene = Scene::new();
        scene.write(0, &bytes(1, 300_000));
        scene.ahead(200_000);
        scene.write(199_999, &bytes(2, 10));
        scene.check(0);
        scene.ahead(300_000);
        scene.check(300_000);
    }

    #[test]
    fn bytes_beyond_spoil_nothing() {
        let scene = Scene::new();
        scene.write(0, &bytes(1, 300_000));
        scene.ahead(200_000);
        scene.write(200_000, &bytes(2, 10));
        scene.check(200_000);
    }

    #[test]
    fn a_stream_that_was_there_before_spoils_it_too() {
        let scene = Scene::new();
        scene.write(0, &bytes(1, 300_000));
        let file = scene.file();
        let writer = scene.digests.writer(&file);
        scene.ahead(200_000);
        file.write_all_at(b"other", 7).expect("written");
        writer.wrote(7);
        scene.check(0);
    }

    #[test]
    fn what_was_not_written_yet_does_not_count_as_digested() {
        let scene = Scene::new();
        scene.write(0, &bytes(1, 1000));
        scene.write(5000, &bytes(2, 1000));
        scene.ahead(8000);
        scene.write(1000, &bytes(3, 4000));
        scene.check(0);
    }

    #[test]
    fn a_wish_beyond_the_end_is_for_what_there_is() {
        let scene = Scene::new();
        scene.write(0, &bytes(1, 1000));
        scene.ahead(u64::MAX);
        scene.check(1000);
        scene.write(1000, &bytes(2, 1000));
        scene.check(0);
    }

    #[test]
    fn what_is_cut_off_spoils_it() {
        let scene = Scene::new();
        scene.write(0, &bytes(1, 300_000));
        scene.ahead(200_000);
        scene.cut(100_000);
        scene.check(0);
        scene.cut(300_000);
        scene.check(0);
    }

    /// Whoever cut it told nobody.
    #[test]
    fn a_file_that_is_shorter_than_what_was_digested_is_read_again() {
        let scene = Scene::new();
        scene.write(0, &bytes(1, 300_000));
        scene.ahead(200_000);
        scene.file().set_len(100_000).expect("cut");
        scene.check(0);
    }

    #[test]
    fn another_file_of_the_name_has_no_digest() {
        let scene = Scene::new();
        scene.write(0, &bytes(1, 300_000));
        scene.ahead(200_000);
        let other = scene.path.with_extension("other");
        std::fs::write(&other, bytes(2, 300_000)).expect("another file");
        std::fs::rename(&other, &scene.path).expect("renamed");
        scene.check(0);
        scene.ahead(250_000);
        scene.check(250_000);
    }

    #[test]
    fn a_smaller_wish_takes_back_what_was_digested_beyond() {
        let scene = Scene::new();
        scene.write(0, &bytes(1, 300_000));
        scene.ahead(200_000);
        scene.ahead(100_000);
        scene.check(100_000);
    }

    #[test]
    fn what_is_let_go_of_is_gone() {
        let scene = Scene::new();
        scene.write(0, &bytes(1, 300_000));
        let _stream = scene.digests.writer(&scene.file());
        scene.ahead(200_000);
        scene.ahead(0);
        assert!(scene.digests.known().running.is_empty() && scene.digests.known().work.is_empty());
        scene.check(0);
    }

    #[test]
    fn the_newest_wish_counts() {
        let scene = Scene::new();
        scene.write(0, &bytes(1, 300_000));
        let wish = |length| DigestAhead { path: scene.name().into(), algorithms: ALL.into(), length };
        assert!(scene.digests.wish(wish(100_000)));
        assert!(!scene.digests.wish(wish(0)));
        assert!(!scene.digests.wish(wish(250_000)));
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
            if scene.digests.wish(DigestAhead { path: name.into(), algorithms: ALL.into(), length: 5 }) {
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

    /// Whatever is written, and wished for, meanwhile.
    #[test]
    fn a_digest_beside_a_writer_is_never_wrong() {
        let scene = Scene::new();
        scene.write(0, &bytes(0, 1 << 20));
        std::thread::scope(|threads| {
            threads.spawn(|| (0..400).for_each(|turn: u64| scene.ahead(turn * 7919 % (1 << 20))));
            for turn in 0..400_u64 {
                scene.write(turn * 104_729 % (1 << 20), &bytes(turn, 4096));
            }
        });
        let before = scene.finish(Algorithm::Sha256).1;
        scene.check(before.max(scene.finish(Algorithm::Sha256).1));
    }
}

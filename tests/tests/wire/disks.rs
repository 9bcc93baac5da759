//! Disks that are full, read-only or gone, and partial files that another program has changed.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

use haul_tests::origin::{Content, Fault, When};
use haul_tests::over_every_subject;
use haul_tests::scene::{MIB, assert_holds, assert_only, content, names, origin, origin_of, request};
use haul_tests::subject::{Get, Subject};
use tempfile::{TempDir, tempdir, tempdir_in};

/// A file system in memory with this many MiB.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn new(mebibytes: u32) -> Self {
        let disk = Self(tempdir().unwrap());
        disk.mount(&format!("size={mebibytes}m"));
        disk
    }

    fn grow(&self, mebibytes: u32) {
        self.mount(&format!("remount,size={mebibytes}m"));
    }

    fn make_read_only(&self) {
        self.mount("remount,ro");
    }

    fn mount(&self, options: &str) {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(self.path());
        let mounted = mount.status().expect("mount is installed");
        assert!(mounted.success(), "this test mounts a small file system in memory: run it as root");
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

over_every_subject!(a_full_disk_keeps_what_arrived, |subject| {
    for connections in [1, 4] {
        let (origin, disk) = (origin(vec![]), SmallDisk::new(4));
        let get = Get::new(origin.url("/file"), disk.path().join("file")).connections(connections);
        let outcome = subject.get(&get);
        outcome.expect_failure("ERROR_DISK_FULL");
        assert!(!disk.path().join("file").exists());
        disk.grow(32);
        let outcome = subject.get(&get);
        assert!(outcome.expect_success().resumed > 2 * MIB, "{outcome:?}");
        assert_holds(&disk.path().join("file"), &content());
        assert_eq!(names(disk.path()), ["file"]);
    }
});

over_every_subject!(a_read_only_disk_is_an_error_that_changes_nothing, |subject| {
    let (origin, disk) = (origin(vec![]), SmallDisk::new(4));
    disk.make_read_only();
    let outcome = subject.get(&Get::new(origin.url("/file"), disk.path().join("file")));
    // The runtime reports a read-only file system as an I/O error.
    assert!(["ERROR_WRITE_PROTECT", "ERROR_IO_DEVICE"].contains(&outcome.error.as_deref().unwrap()), "{outcome:?}");
    assert_eq!(names(disk.path()), [""; 0]);
});

over_every_subject!(a_directory_that_goes_away_is_an_error, |subject| {
    let (origin, folder) = (origin(vec![(When::Nth(0), Fault::hold_until_released(MIB, "go"))]), tempdir().unwrap());
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let get = Get::new(origin.url("/file"), inner.join("file"));
    let outcome = std::thread::scope(|scope| {
        let running = scope.spawn(|| subject.get(&get));
        origin.wait_for(|requests| requests.iter().any(|request| request.body_sent == MIB));
        haul_tests::process::wait_until("it writes", || inner.join("file.part").exists());
        fs::remove_dir_all(&inner).unwrap();
        origin.release("go");
        running.join().unwrap()
    });
    assert!(outcome.error.is_some(), "{outcome:?}");
    assert!(!inner.exists());
});

/// A run that ended with 3 MiB kept, because the origin refused the rest.
fn interrupted(folder: &TempDir, subject: haul_tests::subject::Subject) -> haul_tests::origin::Origin {
    let refusing = vec![(When::Nth(0), Fault::CutAfter(3 * MIB)), (When::Nth(1), Fault::status(404))];
    let origin = origin(refusing);
    subject.get(&request(&origin, folder).connections(1)).expect_failure("HTTP_E_STATUS");
    assert_eq!(names(folder.path()), ["file.haul", "file.part"]);
    origin
}

over_every_subject!(an_edited_partial_file_is_noticed, |subject| {
    let folder = tempdir().unwrap();
    let origin = interrupted(&folder, subject);
    let mut part = fs::File::options().write(true).open(folder.path().join("file.part")).unwrap();
    part.seek(SeekFrom::Start(MIB)).unwrap();
    part.write_all(b"somebody else was here").unwrap();
    drop(part);
    let outcome = subject.get(&request(&origin, &folder));
    assert_eq!(outcome.expect_success().resumed, 0);
    assert_only(&folder, &content());
});

over_every_subject!(a_partial_file_that_is_left_alone_is_kept, |subject| {
    let folder = tempdir().unwrap();
    let origin = interrupted(&folder, subject);
    assert_eq!(subject.get(&request(&origin, &folder)).expect_success().resumed, 3 * MIB);
    assert_only(&folder, &content());
});

over_every_subject!(a_truncated_partial_file_is_noticed, |subject| {
    let folder = tempdir().unwrap();
    let origin = interrupted(&folder, subject);
    let part = fs::File::options().write(true).open(folder.path().join("file.part")).unwrap();
    part.set_len(MIB).unwrap();
    assert_eq!(subject.get(&request(&origin, &folder)).expect_success().resumed, 0);
    assert_only(&folder, &content());
});

over_every_subject!(a_lost_journal_or_partial_file_means_a_start_from_the_beginning, |subject| {
    for lost in ["file.haul", "file.part"] {
        let folder = tempdir().unwrap();
        let origin = interrupted(&folder, subject);
        fs::remove_file(folder.path().join(lost)).unwrap();
        assert_eq!(subject.get(&request(&origin, &folder)).expect_success().resumed, 0);
        assert_only(&folder, &content());
    }
});

over_every_subject!(a_damaged_journal_is_not_trusted, |subject| {
    let folder = tempdir().unwrap();
    let origin = interrupted(&folder, subject);
    let journal = folder.path().join("file.haul");
    let mut bytes = fs::read(&journal).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    fs::write(&journal, bytes).unwrap();
    fs::set_permissions(&journal, fs::Permissions::from_mode(0o600)).unwrap();
    subject.get(&request(&origin, &folder)).expect_success();
    assert_only(&folder, &content());
});

/// The disk space of a file, in bytes; 0 if it does not exist.
fn allocated(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.blocks() * 512)
}

/// Stock wasmtime cannot preallocate.
#[test]
fn an_origin_that_declares_much_and_sends_little_takes_little_room() {
    const DECLARED: u64 = 2048 * MIB;
    const SENT: u64 = 4096;
    for parent in [env!("CARGO_TARGET_TMPDIR"), "/dev/shm"] {
        // Each further answer would count as progress.
        let then_nothing = |first| vec![(When::Nth(0), first), (When::From(1), Fault::NeverAnswer)];
        let (stalls, breaks) = (then_nothing(Fault::StallAfter(SENT)), then_nothing(Fault::CutAfter(SENT)));
        for faults in [stalls, breaks] {
            let case = format!("{parent}, {faults:?}");
            let origin = origin_of(&Content::new(3, DECLARED), faults);
            let folder = tempdir_in(parent).unwrap();
            let part = folder.path().join("file.part");
            let mut running = Subject::Command.spawn(&request(&origin, &folder).timeout(1.0).retries(1));
            let mut most = 0;
            let begun = std::time::Instant::now();
            let ended = loop {
                if begun.elapsed() > std::time::Duration::from_secs(60) {
                    running.kill().unwrap();
                    panic!("{case}: it does not end");
                }
                most = most.max(allocated(&part));
                if let Some(ended) = running.try_wait().unwrap() {
                    break ended;
                }
                std::thread::sleep(std::time::Duration::from_millis(1));
            };
            assert_eq!(ended.code(), Some(1), "{case}");
            assert!((SENT..32 * MIB).contains(&most), "{case}: {most} bytes while it runs");
            assert!(allocated(&part) <= 64 << 10, "{case}: {} bytes are left", allocated(&part));
            assert_eq!(names(folder.path()), ["file.haul", "file.part"], "{case}");
        }
    }
}

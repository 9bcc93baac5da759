//! Targets: long names, files of other kinds, files that do not fit, and the mode of the file.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use haul_tests::origin::{Fault, Origin, When};
use haul_tests::over_every_subject;
use haul_tests::process::built;
use haul_tests::scene::{MIB, assert_holds, content, names, origin};
use haul_tests::subject::{Get, Subject};
use tempfile::tempdir;

over_every_subject!(a_long_name_is_kept_by_short_side_files, |subject| {
    for length in [240, 244, 245, 247, 250, 251, 255] {
        let (name, folder) = (format!("{}é", "n".repeat(length - 2)), tempdir().unwrap());
        let gone = Arc::new(AtomicBool::new(true));
        let flag = gone.clone();
        let missing = When::matching(move |request| request.nth > 0 && flag.load(Ordering::SeqCst));
        let origin = origin(vec![(When::Nth(0), Fault::CutAfter(3 * MIB)), (missing, Fault::status(404))]);
        let get = Get::new(origin.url("/file"), folder.path().join(&name)).connections(1);
        subject.get(&get).expect_failure("HTTP_E_STATUS");
        gone.store(false, Ordering::SeqCst);
        assert_eq!(names(folder.path()).len(), 2, "{length}");
        assert_eq!(subject.get(&get).expect_success().resumed, 3 * MIB, "{length}");
        assert_eq!(names(folder.path()), [name.clone()]);
        assert_holds(&folder.path().join(name), &content());
    }
});

over_every_subject!(a_name_that_is_too_long_fails_before_the_first_request, |subject| {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let outcome = subject.get(&Get::new(origin.url("/file"), folder.path().join("n".repeat(256))));
    outcome.expect_failure("ERROR_FILENAME_EXCED_RANGE");
    assert!(subject == Subject::Embedded || outcome.said.contains("longer than the file system allows"), "{outcome:?}");
    assert!(origin.requests().is_empty() && names(folder.path()).is_empty());
});

over_every_subject!(a_target_that_is_no_file_is_named, |subject| {
    let folder = tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("plain"), "precious").unwrap();
    symlink("plain", path("link")).unwrap();
    assert!(Command::new("mkfifo").arg(path("fifo")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(path("socket")).unwrap();
    for (name, kind) in [
        ("link", "the target is a symbolic link"),
        ("fifo", "the target is a device, a FIFO or a socket"),
        ("socket", "the target is a device, a FIFO or a socket"),
        ("plain/file", "the path leads through a file that is not a directory"),
    ] {
        // The native program creates missing directories before it opens the engine.
        if name == "plain/file" && subject != Subject::Stock {
            continue;
        }
        let origin = origin(vec![]);
        let mut get = Get::new(origin.url("/file"), path(name));
        get.overwrite = true;
        let outcome = match name {
            "plain/file" => stock(&get, folder.path()),
            _ => subject.get(&get).said,
        };
        assert!(subject == Subject::Embedded || outcome.contains(kind), "{name}: {outcome}");
        assert!(origin.requests().is_empty(), "{name}");
    }
    assert_eq!(fs::read(path("plain")).unwrap(), b"precious");
});

/// The messages of the component under stock wasmtime, which has only this folder.
fn stock(get: &Get, folder: &Path) -> String {
    let mut command = haul_tests::subject::processes::stock(&[folder]);
    let output = command.args(["get", &get.url, "-o"]).arg(&get.path).output().unwrap();
    String::from_utf8_lossy(&output.stderr).into_owned()
}

over_every_subject!(a_replaced_file_keeps_its_mode, |subject| {
    // WASI 0.2 has no modes.
    if subject == Subject::Stock {
        return;
    }
    for mode in [0o600, 0o640, 0o755, 0o666] {
        let (origin, folder) = (origin(vec![]), tempdir().unwrap());
        let path = folder.path().join("file");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        let mut get = Get::new(origin.url("/file"), &path);
        get.overwrite = true;
        subject.get(&get).expect_success();
        assert_holds(&path, &content());
        assert_eq!(mode_of(&path), mode);
    }
});

fn mode_of(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Runs `haul get` after a setting of the shell.
fn after(setting: &str, origin: &Origin, path: &Path) -> Output {
    let script = format!("{setting}; exec \"$0\" \"$@\"");
    let mut shell = Command::new("bash");
    shell.args(["-c", &script]).arg(built("haul")).args(["get", "-q", &origin.url("/file"), "-o"]).arg(path);
    shell.env_remove("HOME").env_remove("XDG_STATE_HOME").output().unwrap()
}

#[test]
fn the_umask_applies_to_a_new_file() {
    for (umask, mode) in [("022", 0o644), ("027", 0o640), ("077", 0o600), ("002", 0o664)] {
        let (origin, folder) = (origin(vec![]), tempdir().unwrap());
        let path = folder.path().join("file");
        assert!(after(&format!("umask {umask}"), &origin, &path).status.success());
        assert_eq!(mode_of(&path), mode, "{umask}");
    }
}

#[test]
fn a_file_that_may_not_become_so_large_fails_before_its_first_byte() {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let output = after("ulimit -f 1024", &origin, &folder.path().join("file"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("cannot hold files of this size (ERROR_FILE_TOO_LARGE"), "{said}");
    assert_eq!((output.status.code(), names(folder.path())), (Some(1), vec![]));
}

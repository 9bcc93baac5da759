//! A transfer that is killed at random moments, many times, and still yields the right file.

use std::fs;

use tempfile::tempdir;

use crate::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use crate::process::wait_until;
use crate::subject::{Get, Subject};

const MIB: u64 = 1 << 20;

/// The parameters of the transfer and its kills.
#[derive(Clone, Copy, Debug)]
pub struct Torment {
    pub seed: u64,
    pub kills: u64,
    /// Length of the file, in bytes.
    pub length: u64,
    /// The most bytes that the origin sends between two kills.
    pub between: u64,
    pub connections: u32,
    pub sync: bool,
}

/// Kills `subject` each time the origin has sent another random number of bytes, then lets it finish. Returns the number of
/// kills.
///
/// # Panics
///
/// If a file gets its name before it is complete, or has wrong content at the end.
pub fn survive(subject: Subject, torment: Torment) -> u64 {
    let content = Content::new(torment.seed, torment.length);
    let representation = Representation::new(content.clone()).strong_etag("v1");
    let resource = Resource::new(representation).fault(When::Every, Fault::CapRate(24 * MIB));
    let origin = Origin::start(Site::new().resource("/file", resource));
    let folder = tempdir().expect("a temporary folder");
    let path = folder.path().join("file");
    let mut get = Get::new(origin.url("/file"), &path).connections(torment.connections);
    get.sync = torment.sync;
    let mut random = torment.seed;
    let mut killed = 0;
    while killed < torment.kills {
        random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let until = origin.body_bytes_sent() + (random >> 33) % torment.between;
        if !kill_after(subject, &get, || origin.body_bytes_sent() >= until) {
            break;
        }
        killed += 1;
        assert!(!path.exists(), "named before it was whole");
    }
    if !path.exists() {
        subject.get(&get).expect_success();
    }
    assert!(is_right(&path, &content), "the file is wrong after {killed} kills");
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1, "leftovers");
    killed
}

/// Whether this killed the process before it exited.
fn kill_after(subject: Subject, get: &Get, due: impl Fn() -> bool) -> bool {
    let mut child = subject.spawn(get);
    let mut ended = false;
    wait_until("bytes or an end", || {
        ended = child.try_wait().expect("it can be waited for").is_some();
        ended || due()
    });
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    !ended
}

fn is_right(path: &std::path::Path, content: &Content) -> bool {
    use std::os::unix::fs::FileExt;
    let file = fs::File::open(path).expect("the file");
    let mut at = 0;
    let mut part = vec![0; 1 << 20];
    while at < content.length() {
        let length = usize::try_from((content.length() - at).min(MIB)).expect("a MiB");
        let same = file.read_exact_at(&mut part[..length], at).is_ok()
            && part[..length] == content.bytes(at..at + length as u64)[..];
        if !same {
            return false;
        }
        at += length as u64;
    }
    file.metadata().is_ok_and(|found| found.len() == content.length())
}

//! The common scene: some content, an origin that serves it with faults, and a folder for the download.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use crate::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use crate::subject::Get;

pub const MIB: u64 = 1 << 20;

/// 8 MiB and a remainder.
pub fn content() -> Content {
    Content::new(7, 8 * MIB + 12345)
}

/// A date in 2020, old enough to be a strong validator.
pub fn old() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000)
}

/// `content` with a strong entity tag and an old date.
pub fn version(content: &Content, etag: &str) -> Representation {
    Representation::new(content.clone()).strong_etag(etag).last_modified(old())
}

/// An origin that serves [`content`] at `/file`, with faults.
pub fn origin(faults: Vec<(When, Fault)>) -> Origin {
    origin_of(&content(), faults)
}

pub fn origin_of(content: &Content, faults: Vec<(When, Fault)>) -> Origin {
    serving(version(content, "v1"), faults)
}

/// An origin that serves this representation at `/file`, with faults.
pub fn serving(representation: Representation, faults: Vec<(When, Fault)>) -> Origin {
    let resource = Resource::new(representation);
    let resource = faults.into_iter().fold(resource, |resource, (when, fault)| resource.fault(when, fault));
    Origin::start(Site::new().resource("/file", resource))
}

/// A request for `/file` of `origin`, saved as `file` in `folder`.
pub fn request(origin: &Origin, folder: &TempDir) -> Get {
    Get::new(origin.url("/file"), folder.path().join("file"))
}

/// `sha256:` and the digest of `content`.
pub fn checksum(content: &Content) -> String {
    format!("sha256:{}", content.sha256())
}

/// # Panics
///
/// If the folder contains anything but `content` as `file`.
#[track_caller]
pub fn assert_only(folder: &TempDir, content: &Content) {
    assert_eq!(names(folder.path()), ["file"]);
    assert_holds(&folder.path().join("file"), content);
}

/// # Panics
///
/// If the file differs from `content`.
#[track_caller]
pub fn assert_holds(path: &Path, content: &Content) {
    let bytes = fs::read(path).expect("the file");
    assert!(bytes == content.bytes(0..content.length()), "{} differs", path.display());
}

/// The names in a folder, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder");
    let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

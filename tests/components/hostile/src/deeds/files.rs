//! Deeds with files: out of the granted directory, or too many.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use wasip2::filesystem::preopens::get_directories;
use wasip2::filesystem::types::{Descriptor, DescriptorFlags, ErrorCode, OpenFlags, PathFlags};

pub fn done(deed: &str, with: &str) -> String {
    match deed {
        "file-open" => outcome(open(with, DescriptorFlags::READ)),
        "file-write" => outcome(create(with)),
        "file-open-many" => count(|| open(with, DescriptorFlags::READ)),
        "file-stream-many" => count(|| open(with, DescriptorFlags::READ)?.read_via_stream(0)),
        "file-list-many" => count(|| open(with, DescriptorFlags::READ)?.read_directory()),
        "file-grow" => outcome(open(with, DescriptorFlags::WRITE).and_then(|file| file.set_size(1 << 40))),
        "file-change-stream" => outcome(opened(with, OpenFlags::empty()).and_then(|file| {
            let written = file.write_via_stream(0)?.blocking_write_and_flush(b"other");
            written.map_err(|_| ErrorCode::Io)
        })),
        "file-change-write" => outcome(opened(with, OpenFlags::empty()).and_then(|file| file.write(b"other", 0))),
        "file-change-size" => outcome(opened(with, OpenFlags::empty()).and_then(|file| {
            let size = file.stat()?.size;
            file.set_size(1)?;
            file.set_size(size)
        })),
        "file-change-empty" => outcome(opened(with, OpenFlags::TRUNCATE)),
        "file-escape" => escape(with).join("\n"),
        "file-plant" => {
            let (link, target) = with.split_once(' ').expect("a link and its target");
            let (directory, name) = place(link).expect("a granted directory");
            let _ = directory.unlink_file_at(&name);
            outcome(directory.symlink_at(target, &name))
        }
        other => panic!("an unknown deed: {other}"),
    }
}

fn outcome<T>(result: Result<T, ErrorCode>) -> String {
    result.map_or_else(|error| error.name().into(), |_| "done".into())
}

/// The granted directories with their names.
pub fn grants() -> Vec<(Descriptor, String)> {
    get_directories()
}

/// The granted directory that contains a path, and the path relative to it.
fn place(path: &str) -> Result<(Descriptor, String), ErrorCode> {
    let holding = get_directories().into_iter().find_map(|(directory, name)| {
        let rest = path.strip_prefix(&name)?;
        Some((directory, rest.trim_start_matches('/').to_string()))
    });
    holding.ok_or(ErrorCode::NoEntry)
}

pub fn open(path: &str, access: DescriptorFlags) -> Result<Descriptor, ErrorCode> {
    let (directory, name) = place(path)?;
    let name = if name.is_empty() { "." } else { &name };
    directory.open_at(PathFlags::SYMLINK_FOLLOW, name, OpenFlags::empty(), access)
}

fn opened(path: &str, how: OpenFlags) -> Result<Descriptor, ErrorCode> {
    let (directory, name) = place(path)?;
    directory.open_at(PathFlags::empty(), &name, how, DescriptorFlags::READ | DescriptorFlags::WRITE)
}

fn create(path: &str) -> Result<Descriptor, ErrorCode> {
    let (directory, name) = place(path)?;
    directory.open_at(PathFlags::SYMLINK_FOLLOW, &name, OpenFlags::CREATE, DescriptorFlags::WRITE)
}

/// Calls `make` until it fails; returns the number of successes and the error.
fn count<T>(make: impl Fn() -> Result<T, ErrorCode>) -> String {
    let mut all = Vec::new();
    loop {
        match make() {
            Ok(one) => all.push(one),
            Err(error) => return format!("{} {}", all.len(), error.name()),
        }
    }
}

/// Tries every way out of the granted directory to `outside`, a directory with a file `secret`; returns the ways that succeeded.
fn escape(outside: &str) -> Vec<String> {
    let (directory, _) = get_directories().into_iter().next().expect("a directory");
    let mut links = Vec::new();
    for (name, target) in
        [("absolute", outside), ("up", ".."), ("far", "../../../../../../.."), ("self", "/proc/self/root")]
    {
        let planted = directory.symlink_at(target, name);
        links.push((name, planted));
    }
    let beyond = outside.trim_start_matches('/');
    let ways = [
        "../secret".to_string(),
        "inner/../../secret".into(),
        format!("{outside}/secret"),
        "absolute/secret".into(),
        "up/secret".into(),
        format!("far/{beyond}/secret"),
        format!("self/{beyond}/secret"),
        "secret\0".into(),
        format!("{}/../../secret", "a/".repeat(5000)),
    ];
    let mut found = Vec::new();
    for way in &ways {
        let mut tried = |what: &str, worked: bool| {
            if worked {
                found.push(format!("{what} {way:.80}"));
            }
        };
        let (follow, none) = (PathFlags::SYMLINK_FOLLOW, OpenFlags::empty());
        tried("read", directory.open_at(follow, way, none, DescriptorFlags::READ).is_ok());
        tried("write", directory.open_at(follow, way, OpenFlags::CREATE, DescriptorFlags::WRITE).is_ok());
        tried("truncate", directory.open_at(follow, way, OpenFlags::TRUNCATE, DescriptorFlags::WRITE).is_ok());
        tried("stat", directory.stat_at(follow, way).is_ok());
        tried("mkdir", directory.create_directory_at(&format!("{way}-folder")).is_ok());
        tried("link", directory.link_at(PathFlags::empty(), way, &directory, "stolen").is_ok());
        tried("give", directory.rename_at("up", &directory, way).is_ok());
        tried("take", directory.rename_at(way, &directory, "taken").is_ok());
        tried("unlink", directory.unlink_file_at(way).is_ok());
    }
    found
}

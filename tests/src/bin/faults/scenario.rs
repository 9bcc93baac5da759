//! The scenarios: the fault, and the right results.

mod changes;
mod connections;
mod files;
mod ranges;
mod trust;

use std::time::{Duration, UNIX_EPOCH};

use haul_tests::origin::{Content, RecordedRequest, Representation, Resource, Site};

use crate::stage::{PATH, Stage};

/// A scenario, as a row of the table.
pub struct Scenario {
    /// The argument that selects it.
    pub name: &'static str,
    /// Its title in the table.
    pub title: &'static str,
    /// Sets it up for a contender that makes this many probes before the download.
    pub stage: fn(usize) -> Stage,
}

const MIB: u64 = 1 << 20;

/// The length of the file.
const LENGTH: u64 = 8 * MIB;

/// The number of bytes after which a connection breaks.
const BREAK: u64 = 3 * MIB;

pub const ALL: [Scenario; 28] = [
    Scenario {
        name: "replaced",
        title: "replaced after the connection broke: same size, new ETag",
        stage: changes::replaced,
    },
    Scenario {
        name: "replaced-bare",
        title: "replaced after the connection broke: other size, no validators",
        stage: changes::replaced_without_validators,
    },
    Scenario {
        name: "replaced-later",
        title: "replaced between two runs (SIGKILL): same size, new ETag",
        stage: changes::replaced_between_runs,
    },
    Scenario {
        name: "replaced-4",
        title: "replaced while 4 connections run",
        stage: changes::replaced_under_four_connections,
    },
    Scenario {
        name: "edges",
        title: "another ETag on each connection, same bytes; the first breaks",
        stage: changes::edges,
    },
    Scenario {
        name: "edges-4",
        title: "another ETag on each of 4 connections, same bytes",
        stage: changes::edges_under_four_connections,
    },
    Scenario { name: "range-ignored", title: "a resume is answered with the whole file (200)", stage: ranges::ignored },
    Scenario {
        name: "range-early",
        title: "206 starts 64 KiB before the requested offset, and says so",
        stage: ranges::early,
    },
    Scenario {
        name: "range-late",
        title: "206 starts 64 KiB after the requested offset, and says so",
        stage: ranges::late,
    },
    Scenario { name: "range-unnamed", title: "206 without Content-Range", stage: ranges::unnamed },
    Scenario { name: "range-refused", title: "a resume is answered with 416", stage: ranges::refused },
    Scenario { name: "portal", title: "a resume meets a captive portal twice (200, text/html)", stage: ranges::portal },
    Scenario {
        name: "portal-later",
        title: "a second run meets a captive portal twice (SIGKILL before)",
        stage: ranges::portal_between_runs,
    },
    Scenario { name: "cut", title: "every connection ends after 3 MiB", stage: connections::cut },
    Scenario { name: "stall", title: "the first connection stalls for ever", stage: connections::stall },
    Scenario { name: "trickle", title: "a byte a second on one of 4 connections", stage: connections::trickle },
    Scenario { name: "chunked", title: "chunked, without a length, cut twice", stage: connections::chunked },
    Scenario {
        name: "truncated",
        title: "the last MiB of the declared length is never sent (an error is right)",
        stage: connections::truncated,
    },
    Scenario { name: "busy", title: "503 with Retry-After, twice", stage: connections::busy },
    Scenario {
        name: "signed",
        title: "redirect to a URL that works once, and ends after 3 MiB",
        stage: connections::signed,
    },
    Scenario { name: "complete", title: "the complete file exists already", stage: files::complete },
    Scenario { name: "stale", title: "a longer file with other content exists already", stage: files::stale },
    Scenario { name: "killed", title: "SIGKILL, then the same command, 1 connection", stage: files::killed },
    Scenario {
        name: "killed-4",
        title: "SIGKILL, then the same command, 4 connections",
        stage: files::killed_under_four_connections,
    },
    Scenario { name: "edited", title: "SIGKILL, then 4 KiB of the partial file are changed", stage: files::edited },
    Scenario { name: "disk-full", title: "the disk is full, then there is room", stage: files::disk_full },
    Scenario {
        name: "secrets",
        title: "Authorization and Cookie given; redirect to another host",
        stage: trust::secrets,
    },
    Scenario { name: "disposition", title: "Content-Disposition names `../../evil`", stage: trust::disposition },
];

/// The content of the file.
fn content() -> Content {
    Content::new(1, LENGTH)
}

/// The content with a strong ETag and an old date.
fn representation() -> Representation {
    versioned(content(), "v1", 1)
}

/// `content` with this ETag and a date this many days into 2020.
fn versioned(content: Content, tag: &str, day: u64) -> Representation {
    let date = UNIX_EPOCH + Duration::from_secs(1_577_836_800 + day * 86_400);
    Representation::new(content).strong_etag(tag).last_modified(date)
}

/// The resource at the path of the download.
fn serving(resource: impl Into<Resource>) -> Site {
    Site::new().resource(PATH, resource)
}

/// The first byte that a request asks for.
fn start(request: &RecordedRequest) -> u64 {
    let range = request.range().and_then(|range| range.strip_prefix("bytes="));
    range.and_then(|range| range.split('-').next()?.parse().ok()).unwrap_or(0)
}

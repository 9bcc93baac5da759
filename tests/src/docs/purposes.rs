//! The order in which the page presents the interfaces, and the need that leads to each.

/// A group of interfaces: its title, and for each interface the need that it serves.
pub type Group = (&'static str, &'static [(&'static str, &'static str)]);

pub const GROUPS: [Group; 3] = [
    (
        "Delivery Optimization",
        &[
            ("do-manager", "Create a download of one file or of its ranges; find one again"),
            ("do-download", "Start, pause, resume, finalize or abort a download; read and set its properties"),
            ("do-download-status-callback", "Be called when the state of a download changes"),
            (
                "do-download-internal",
                "Set piece hashes, decryption or a correlation vector, as DO's private clients do",
            ),
            ("delivery-optimization-job", "Add ranges, a length or an id to a file of a job"),
            ("delivery-optimization-file", "Choose the path of a job's file late; read the bytes that it took"),
        ],
    ),
    (
        "BITS",
        &[
            ("background-copy-manager", "Create a job of many files; find jobs; translate an error code"),
            ("background-copy-job", "Add files to a job, run it, complete or cancel it"),
            ("background-copy-job5", "Limit the networks of a job by their cost"),
            ("enum-background-copy-files", "List the files of a job"),
            ("background-copy-file", "Read the names and the progress of a file"),
            ("background-copy-file2", "Read the ranges of a file; replace its URL"),
            ("background-copy-file5", "Read the response headers of a file"),
            ("background-copy-error", "Learn why a job failed, and at which file"),
            ("background-copy-callback", "Be called when a job is transferred, fails or changes"),
        ],
    ),
    (
        "haul",
        &[
            ("engine", "Open an engine and drive it; set digests, mirrors and limits; read a report"),
            ("driver", "Write a host of the engine's component"),
            ("types", "Look a shared type up"),
        ],
    ),
];

/// The interfaces in the order of the page.
pub fn interfaces() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().flat_map(|(_, interfaces)| interfaces.iter().map(|(name, _)| *name))
}

//! Command lines for manual pages and help.

use crate::command::Example;

const fn example(purpose: &'static str, command: &'static str) -> Example {
    Example { purpose, command }
}

pub const GET: &[Example] = &[
    example("Download a file, or resume it after an interruption:", "haul get https://example.com/image.iso"),
    example(
        "Verify the file against a digest before it gets its name:",
        "haul get --checksum sha256:HEX https://example.com/image.iso",
    ),
    example("Download a list into a directory, eight files at a time:", "haul get -d downloads -j 8 -i list.txt"),
    example("Use two more sources:", "haul get --checksum sha256:HEX --mirror URL2 --mirror URL3 URL1"),
    example("Write to a pipe:", "haul get -o - https://example.com/backup.tar | tar x"),
    example("Keep a token out of the list of processes:", "haul get -H @token.txt https://example.com/private.bin"),
];

pub const ADD: &[Example] = &[
    example("Add a job, and download the queue:", "haul jobs add https://example.com/image.iso && haul jobs run"),
    example("Add a list of files in aria2's format as one job:", "haul jobs add --display-name maps -i list.txt"),
    example("Add files to a job:", "haul jobs add --job maps https://example.com/more.zip"),
];

pub const RUN: &[Example] = &[
    example("Download the queue, and exit:", "haul jobs run"),
    example("Download with a total rate of 2 MiB/s:", "haul jobs run --limit-rate 2M"),
];

pub const JOBS: &[Example] = &[
    example("Add a job:", "haul jobs add --display-name maps https://example.com/map.zip"),
    example("Download the queue:", "haul jobs run"),
    example("Look at it from another terminal:", "haul jobs list"),
    example("Stop a job and keep its bytes:", "haul jobs suspend maps"),
];

pub const HAUL: &[Example] = &[
    example("Download a file:", "haul get https://example.com/image.iso"),
    example("Add a job to the queue, and download the queue:", "haul jobs add URL && haul jobs run"),
    example("Explain an error code:", "haul errors 0x80D02013"),
];

pub const MAN: &[Example] = &[
    example("Read the page of a command:", "haul man jobs add"),
    example("Install all pages:", "haul man --dir ~/.local/share/man/man1"),
];

pub const ERRORS: &[Example] = &[example("Explain a code:", "haul errors DO_E_INVALID_STATE")];

pub const COMPLETIONS: &[Example] = &[example(
    "Install the completions of bash:",
    "haul completions bash > ~/.local/share/bash-completion/completions/haul",
)];

pub const FLEET: &[Example] = &[
    example(
        "Make a queue whose jobs every machine does on its own disk:",
        "haul fleet init --kind each --queue postgres://haul@db.example/fleet/images",
    ),
    example(
        "Add a job for the machines with a label:",
        "haul fleet add --select site=lab --queue postgres://haul@db.example/fleet/images https://example.com/image.iso",
    ),
    example("Run a worker on each machine:", "haul fleet work --label site=lab --dir /srv/images"),
    example("See how far the machines are:", "haul fleet show"),
];

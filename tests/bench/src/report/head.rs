//! The text of the page besides its tables.

use crate::document::Document;
use crate::group::Group;

pub fn head(document: &Document) -> String {
    format!(
        "{TITLE}\n\
         Machine: {}.\n\n\
         Programs: {}.\n\n\
         {METHOD}\n\
         ![The wall time of haul divided by that of each other program](bench.svg)\n",
        document.machine,
        document.programs.join(", ")
    )
}

const TITLE: &str = "\
# Bench

haul and its peers, side by side in one run on one machine. `make bench` repeats the run, `BENCH_ROWS=small,capped make bench` only rows
whose names contain one of these words, and `BENCH_RUNS=3 make bench` with fewer rounds. `BENCH_ACCEPT=1 make bench` writes this page,
its plot and the baseline for comparison with later runs.
";

const METHOD: &str = "\
Method:

- nginx with 2 workers and sendfile serves over loopback, from files in the page cache. It shares the cores with the programs.
- Each program runs once in a round. The next round begins with another program, and every second one runs backwards.
- Before each run, the previous output is removed and the file system synced. Afterwards the output is compared with the source byte by
  byte. A run that fails or leaves a wrong file counts as a failure and has no time.
- Wall time is from the start of the process to its end. CPU time is that of all its processes, in user and kernel mode, with the part of
  nginx's work that the kernel does on their account. Memory is the peak of the largest process.
- Wall and CPU times are medians; the brackets have the fastest and the slowest run. A ratio is the median of haul's time divided by the
  other program's time in the same round; the brackets have its quartiles.
- *Disturbance* is the average number of cores that were busy with other work: other processes, the kernel's writes to the disk, other
  guests of the host.
- curl opens one connection for each file. In rows with 8, 8 processes download 8 parts that are not joined, which is in its favour.
- `haul` is the native command. `haul.wasm` runs under the stock wasmtime, whose cache has the compiled component.
- `floor` is the least work of a native program: blocking threads that read and write at a position.
- The memory of a process is at least that of the bench when it starts the process, which is less than 10 MiB.
- No program sees a user's configuration. aria2c does not preallocate. If a row has several connections, wget2 downloads chunks of 2 MiB,
  its fastest setting; the tested version downloads them one after the other.
";

pub fn title(group: Group) -> &'static str {
    match group {
        Group::Large => "Large files",
        Group::Durable => "Durable files",
        Group::Verified => "SHA-256",
        Group::Secure => "TLS",
        Group::Small => "Small files",
        Group::Capped => "Connections that are capped",
        Group::Delayed => "High latency",
        Group::Chunked => "Small chunks",
    }
}

/// The common properties of a group's rows.
pub fn about(group: Group) -> &'static str {
    match group {
        Group::Large => "As durable as the peers are: nothing is synced.",
        Group::Durable => "The data of the file is synced in the end, by `sync -d` if the program does not do that.",
        Group::Verified => {
            "The file is verified by its SHA-256, by `sha256sum` if the program does not do that. Nothing is synced."
        }
        Group::Secure => {
            "From nginx with HTTP/2 beside HTTP/1.1. Each program negotiates the version, and trusts the certificate of nginx by an \
             option, or by the variable `SSL_CERT_FILE`. wget2 has an option for HTTP/1.1, which is the fastest for it. Nothing \
             is synced."
        }
        Group::Small => "8 files at a time. Nothing is synced.",
        Group::Capped => {
            "nginx gives each connection 10 MiB/s (`limit_rate 10m`). haul runs without an option for connections, curl opens \
             one, and the others open 16. nginx counts from the start of each request and sends the share of the first second \
             at once, so a program that requests small parts one after the other, as wget2 does, is not slowed down."
        }
        Group::Delayed => {
            "8 files at a time, one connection for each, through a proxy that holds every byte for half the round trip, with \
             at most 4 MiB on its way for each connection and direction; a connection costs a round trip more, and starts \
             with a full window. Responses that share a connection over HTTP/2 share its window. Nothing is synced."
        }
        Group::Chunked => {
            "One chunked response over HTTP/1.1, from a server of the bench: nginx makes larger chunks. Nothing is synced."
        }
    }
}

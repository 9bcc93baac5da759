//! What the page says besides figures.

use crate::document::Document;
use crate::row::Group;

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

haul and its peers, side by side in one run on one machine. `make bench` repeats it, `BENCH_ROWS=small,capped make bench`
only the rows whose names contain one of these words, `BENCH_RUNS=3 make bench` with fewer rounds; `BENCH_ACCEPT=1 make bench`
writes this page, its plot and the baseline with which later runs are compared.
";

const METHOD: &str = "\
Method:

- nginx with 2 workers and sendfile serves over loopback, from files in the page cache. It shares the cores with the programs.
- Each program runs once in a round. The next round starts with another program, and every second one runs in reverse order.
- Before each run the bench removes the output of the run before and syncs the file system; after it the bench compares the output
  with the source, byte for byte. A run that fails or leaves a wrong file counts as a failure and not as a time.
- Wall time is from the start of the process to its end. CPU time is that of all its processes, in user and kernel mode; the
  kernel does part of nginx's work on it. Memory is the peak of the process that used most.
- Wall and CPU times are medians, with the fastest and the slowest run in brackets. A ratio is the median of haul's time divided
  by the other program's time in the same round, with its quartiles in brackets.
- *Disturbance* is the average number of cores that were busy with other work: other processes, the kernel's writing to the disk,
  other guests of the host.
- curl uses one connection for each file: for 8 connections, 8 processes fetch 8 parts, and the parts are not joined. That favours
  curl.
- `haul` is the native command. `haul.wasm` runs under stock wasmtime, whose cache has the compiled component.
- `floor` is the least that a native program does: blocking threads, read and positioned write, nothing else.
- A process counts with at least the memory that the bench uses when it starts the process, which is less than 10 MiB.
- No program reads a user's configuration. aria2c does not preallocate. If several connections are requested, wget2 fetches chunks of
  2 MiB, which is the fastest for it; the tested version fetches them one after the other.
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

/// What the rows of a group have in common.
pub fn about(group: Group) -> &'static str {
    match group {
        Group::Large => "With the durability of the peers: nothing is synced.",
        Group::Durable => "The data of the file is synced at the end, by `sync -d` if the program does not do that.",
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
            "nginx gives each connection 10 MiB/s (`limit_rate 10m`). haul chooses the number of connections, the others have an \
             option for 16, and curl has one. nginx counts from the start of each request and sends the bytes of the first second \
             at once, so the limit does not slow down wget2, which requests small parts one after the other."
        }
        Group::Delayed => {
            "8 files at a time, one connection for each, through a proxy that delays every byte by half the round trip, with at \
             most 4 MiB in flight for each connection and direction. A new connection costs one more round trip, and starts with \
             a full window. Transfers that share a connection, over HTTP/2, share its window. Nothing is synced."
        }
        Group::Chunked => {
            "One chunked response over HTTP/1.1, from a server of the bench: nginx makes larger chunks. Nothing is synced."
        }
    }
}

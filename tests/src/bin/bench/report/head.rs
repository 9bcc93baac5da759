//! The text of the page besides its tables.

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
only rows whose names hold one of these words, `BENCH_RUNS=3 make bench` with fewer rounds; `BENCH_ACCEPT=1 make bench`
writes this page, its plot and the baseline, which later runs are held against.
";

const METHOD: &str = "\
How it was measured:

- nginx with 2 workers and sendfile serves over loopback, from files in the page cache. It shares the cores with the programs.
- Each program runs once in a round. The next round begins with another program, and every second one runs backwards.
- Before each run the output of the run before is removed and the file system synced; after it the output is compared with
  the source, byte for byte. A run that fails or leaves a wrong file counts as a failure and not as a time.
- Wall time is from the start of the process to its end. CPU time is that of all its processes, in user and kernel mode; the
  kernel does part of nginx's work on it. Memory is the peak of the process that held most.
- Wall and CPU times are medians; in brackets the fastest and the slowest run. A ratio is the median of what haul took divided
  by what the other took in the same round; in brackets its quartiles.
- *Disturbance* is how many cores were busy with something else on average: other processes, the kernel's writing to the disk,
  other guests of the host.
- curl knows one connection for each file: with 8, 8 processes fetch 8 parts, which nobody joins. That is in its favour.
- `haul` is the native command. `haul.wasm` runs under the stock wasmtime, whose cache has the compiled component.
- `floor` is the least that a native program does: blocking threads, read and positioned write, nothing else.
- A process counts with at least the memory that the bench holds when it starts it, which is less than 10 MiB.
- No program sees a user's configuration. aria2c allocates nothing beforehand. wget2 fetches chunks of 2 MiB where several
  connections are asked for, which is the fastest for it; the version that was tried fetches them one after the other.
";

pub fn title(group: Group) -> &'static str {
    match group {
        Group::Large => "Large files",
        Group::Durable => "Durable files",
        Group::Verified => "SHA-256",
        Group::Secure => "TLS",
        Group::Small => "Small files",
        Group::Capped => "Connections that are capped",
        Group::Delayed => "Long ways",
        Group::Chunked => "Small chunks",
    }
}

/// The common properties of a group's rows.
pub fn about(group: Group) -> &'static str {
    match group {
        Group::Large => "As durable as the peers are: nothing is synced.",
        Group::Durable => "The data of the file is synced in the end, by `sync -d` where the program does not do that.",
        Group::Verified => {
            "The file is verified by its SHA-256, by `sha256sum` where the program does not do that. Nothing is synced."
        }
        Group::Secure => {
            "From nginx with HTTP/2 beside HTTP/1.1; each program speaks what it likes, and trusts the certificate of nginx \
             by an option, or by the variable `SSL_CERT_FILE`. wget2 is told to speak HTTP/1.1, which is the fastest for it. \
             Nothing is synced."
        }
        Group::Small => "8 files at a time. Nothing is synced.",
        Group::Capped => {
            "nginx gives each connection 10 MiB/s (`limit_rate 10m`). haul is told no number of connections, others are told 16; \
             curl has one. nginx counts from the start of each request and sends what is due within the first second at once: \
             whoever asks for small parts one after the other, as wget2 does, is not slowed down at all."
        }
        Group::Delayed => {
            "8 files at a time, one connection for each, through a proxy that holds every byte for half the round trip, with \
             at most 4 MiB on its way for each connection and direction; a connection costs a round trip more, and starts \
             with a full window. What shares a connection, over HTTP/2, shares its window. Nothing is synced."
        }
        Group::Chunked => {
            "One chunked response over HTTP/1.1, from a server of the bench: nginx makes larger chunks. Nothing is synced."
        }
    }
}

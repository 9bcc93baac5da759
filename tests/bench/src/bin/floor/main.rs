//! A minimal native downloader over plain HTTP, as a lower bound for comparisons: blocking threads with one buffer each, reads
//! and positioned writes. It has no journal, no retries and no verification.

mod connection;

use std::error::Error;
use std::fs::{self, File};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clap::Parser;

use connection::{Connection, Url};

type Result<T = ()> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Downloads over plain HTTP with minimal work.
#[derive(Parser)]
struct Arguments {
    /// A URL, or with --list a file with lines of a URL, a tab and a name
    source: String,
    /// The file to write, or with --list the folder
    target: PathBuf,
    #[arg(long)]
    list: bool,
    /// Parts of the file, or files of the list, at once
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Sync the data of each file
    #[arg(long)]
    sync: bool,
}

fn main() -> Result {
    let arguments = Arguments::parse();
    match arguments.list {
        true => list(&arguments),
        false => one(&arguments),
    }
}

fn one(arguments: &Arguments) -> Result {
    let url = Url::parse(&arguments.source)?;
    let file = File::create(&arguments.target)?;
    if arguments.threads == 1 {
        Connection::open(&url)?.fetch(&url, None, &file)?;
    } else {
        let length = Connection::open(&url)?.length(&url)?;
        each(parts(length, arguments.threads as u64), |part| {
            Connection::open(&url)?.fetch(&url, Some(part.clone()), &file)
        })?;
    }
    sync(&file, arguments.sync)
}

/// Downloads with a pool of threads, each of which keeps its connection.
fn list(arguments: &Arguments) -> Result {
    let text = fs::read_to_string(&arguments.source)?;
    let lines: Vec<_> = text.lines().collect();
    let next = AtomicUsize::new(0);
    each(0..arguments.threads, |_| {
        let mut connection = None;
        while let Some(line) = lines.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (url, name) = line.split_once('\t').ok_or("a line without a name")?;
            let url = Url::parse(url)?;
            let connection = match &mut connection {
                Some(open) => open,
                none => none.insert(Connection::open(&url)?),
            };
            save(connection, &url, &arguments.target.join(name), arguments.sync)?;
        }
        Ok(())
    })
}

fn save(connection: &mut Connection, url: &Url, path: &Path, durable: bool) -> Result {
    let file = File::create(path)?;
    connection.fetch(url, None, &file)?;
    sync(&file, durable)
}

fn sync(file: &File, durable: bool) -> Result {
    if durable {
        file.sync_data()?;
    }
    Ok(())
}

/// Works on all items at once, each in a thread.
fn each<T: Send>(items: impl IntoIterator<Item = T>, work: impl Fn(T) -> Result + Sync) -> Result {
    thread::scope(|scope| {
        let threads: Vec<_> = items.into_iter().map(|item| scope.spawn(|| work(item))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("no panic"))
    })
}

/// Equal parts; the last one also has the remainder.
fn parts(length: u64, count: u64) -> Vec<Range<u64>> {
    let at = |part: u64| length / count * part;
    (0..count).map(|part| at(part)..if part + 1 == count { length } else { at(part + 1) }).collect()
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn parts_lie_side_by_side_and_end_with_the_file() {
        assert_eq!(parts(10, 3), [0..3, 3..6, 6..10]);
    }
}

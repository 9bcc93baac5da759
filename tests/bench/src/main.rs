//! `make bench`: haul and its peers interleaved, against nginx on this machine.

mod arguments;
mod baseline;
mod chunks;
mod contender;
mod date;
mod disturbance;
mod document;
mod errand;
mod group;
mod machine;
mod measure;
mod place;
mod record;
mod report;
mod row;
mod rows;
mod run;
mod script;
mod source;
mod stage;
mod statistics;
mod target;
mod workload;

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use clap::Parser;
use haul_lab::process::built;
use haul_tests::component;

use arguments::Arguments;
use contender::Contender;
use document::{Document, accepted};
use place::{Place, output};
use record::Record;
use report::Report;
use row::Row;
use source::Source;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let rows = rows::all();
    let selected: Vec<_> = rows.iter().filter(|row| arguments.selects(row)).collect();
    if arguments.list {
        selected.iter().for_each(|row| println!("{:<24}{}", row.name, row.title));
        return ExitCode::SUCCESS;
    }
    if arguments.page {
        Report::new(&rows, &Document::read(&accepted())).write(&report::published());
        return ExitCode::SUCCESS;
    }
    let document = match Document::here() {
        Ok(here) => Document { records: records(&selected, usize::from(arguments.runs)), ..here },
        Err(missing) => {
            eprintln!("bench: {missing}");
            return ExitCode::FAILURE;
        }
    };
    conclude(&rows, &document, arguments.accept)
}

fn records(selected: &[&Row], runs: usize) -> Vec<Record> {
    let cache = Place::Disk.folder();
    compile_once(cache.path());
    let longest = selected.iter().map(|row| row.files.count as u64 * row.files.length).max().unwrap_or(0);
    let content = source::content(longest);
    let mut sources: Vec<Source> = Vec::new();
    let mut records = Vec::new();
    for (number, row) in selected.iter().enumerate() {
        eprintln!("{} of {}: {}, {runs} rounds", number + 1, selected.len(), row.name);
        let began = Instant::now();
        if !sources.iter().any(|source| source.files == row.files) {
            sources.push(Source::new(row.files, &content));
        }
        let source = sources.iter().find(|source| source.files == row.files).expect("just made");
        let record = measure::measure(row, source, runs, cache.path());
        println!("{}", report::row(row, &record));
        eprintln!("{}: {:.0} s", row.name, began.elapsed().as_secs_f64());
        records.push(record);
        sources.retain(|source| selected[number + 1..].iter().any(|later| later.files == source.files));
    }
    records
}

/// Compiles the component under stock wasmtime and keeps the result in `cache`.
fn compile_once(cache: &Path) {
    let mut command = Command::new(built("wasmtime"));
    command.args(["run", "-S", "http"]).arg(component()).args(["get", "--help"]);
    let status = command.env("XDG_CACHE_HOME", cache).stdout(Stdio::null()).status();
    assert!(status.is_ok_and(|status| status.success()), "the stock runtime does not run");
}

/// Writes all reports, and prints regressions and failures.
fn conclude(rows: &[Row], document: &Document, accept: bool) -> ExitCode {
    let before = Document::read(&accepted());
    document.write(&output().join("bench.json"));
    if accept {
        let all = before.updated(document, rows);
        all.write(&accepted());
        Report::new(rows, &all).write(&report::published());
    } else {
        Report::new(rows, document).write(&output());
        println!("The page is {}.", output().join("bench.md").display());
    }
    if before.machine != document.machine && !before.records.is_empty() {
        println!("The baseline is of another machine: {}.", before.machine);
    }
    baseline::new_rows(&before, document).iter().for_each(|row| println!("new, without a baseline: {row}"));
    let regressions = baseline::regressions(&before, document);
    regressions.iter().for_each(|regression| println!("WORSE: {regression}"));
    match failed(document) || (!accept && !regressions.is_empty()) {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    }
}

/// Whether any run of haul failed, in any way of running it.
fn failed(document: &Document) -> bool {
    let contenders = document.records.iter().flat_map(|record| &record.contenders);
    let peers = Contender::PEERS.map(Contender::name);
    contenders
        .filter(|contender| !peers.contains(&contender.name.as_str()))
        .any(|contender| !contender.failures.is_empty())
}

//! The report on standard output and in a file, as Markdown.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::contender::{CONTENDERS, Contender};
use crate::errand::Errand;
use crate::process::LIMIT;
use crate::trial::RUNS;
use crate::verdict::Verdict;

/// The title of a scenario, and the verdict on each contender.
pub type Row = (&'static str, Vec<Verdict>);

/// The table, the legend, and the programs with their versions.
pub fn results(rows: &[Row], versions: &[String]) -> String {
    format!("{}\n{}\n{}", table(rows), legend(), programs(versions))
}

/// Writes the results with a heading and a description of the measurement.
///
/// # Panics
///
/// If the file cannot be written.
pub fn write(path: &Path, results: &str) {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).expect("a folder for the table");
    }
    fs::write(path, format!("{}\n{results}", introduction())).expect("a file for the table");
}

fn table(rows: &[Row]) -> String {
    let title_width = rows.iter().map(|(title, _)| title.len()).max().unwrap_or(0);
    let head = CONTENDERS.each_ref().map(|contender| format!(" {:<WIDTH$} |", contender.name)).concat();
    let rule = CONTENDERS.each_ref().map(|_| format!("{:-<1$}|", "", WIDTH + 2)).concat();
    let mut table = format!("| {:<title_width$} |{head}\n|{:-<2$}|{rule}\n", "", "", title_width + 2);
    for (title, verdicts) in rows {
        let cells: String = verdicts.iter().map(|verdict| format!(" {verdict:<WIDTH$} |")).collect();
        table += &format!("| {title:<title_width$} |{cells}\n");
    }
    table
}

/// The width of a verdict.
const WIDTH: usize = 11;

fn legend() -> String {
    format!(
        "- `ok`: success and the right file; `ok (n runs)`: in the n-th run of the same command.\n\
         - `error`: {RUNS} runs ended with an error, and none claimed success.\n\
         - `**WRONG**`: a run ended with success, but the file was missing, truncated, mixed or otherwise wrong.\n\
         - `hangs`: a run took more than {} s and was killed.\n\
         - `**LEAKED**`: the redirect's target got the Authorization or the Cookie meant for the first host.\n\
         - `**OUTSIDE**`: a file was written outside the working directory.\n\
         - `-`: no such mode, or not possible on this machine.\n",
        LIMIT.as_secs()
    )
}

/// The command line of each program.
fn programs(versions: &[String]) -> String {
    let alone = Errand::plain("URL");
    let together = Errand { connections: Some(4), ..alone };
    let line = |(contender, version): (&Contender, &String)| {
        let four = contender.can_use(together.connections).then(|| contender.typed(&together));
        let four = four.map(|typed| format!("  - 4 connections: `{typed}`\n")).unwrap_or_default();
        let (name, settings, typed) = (contender.name, contender.settings(), contender.typed(&alone));
        format!("- {name} {version}{settings}\n  - `{typed}`\n{four}")
    };
    let lines: String = CONTENDERS.iter().zip(versions).map(line).collect();
    format!("Measured on {} with\n\n{lines}", today())
}

fn today() -> String {
    // As in `Sun, 06 Nov 1994 08:49:37 GMT`.
    httpdate::fmt_http_date(SystemTime::now())[5..16].to_string()
}

fn introduction() -> String {
    format!(
        "# Faults\n\n\
         The same faults on a real wire for haul and its peers, and which of them end with the right file. `make faults`\n\
         repeats the measurement and writes this page.\n\n\
         An origin on the same machine serves a file of 8 MiB, with a strong ETag and an old Last-Modified unless the row\n\
         says otherwise, and commits the fault of the row. Each program has an origin and an empty folder of its own. A\n\
         command that ends with an error is repeated, up to {RUNS} runs; the run before a SIGKILL, the one on the full disk\n\
         and the one that completes the file are not counted. A right file is byte for byte one version that the origin\n\
         had. Some programs start over instead of resuming, and so never meet the fault. Rows with 4 connections leave out\n\
         programs that open only one; wget2 downloads chunks, in the version below one after the other. No program sees a\n\
         user's configuration.\n"
    )
}

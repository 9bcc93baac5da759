//! `make faults`: haul and its peers under the same faults on a real network, and the programs that end with the right file.

mod contender;
mod disk;
mod errand;
mod folder;
mod process;
mod scenario;
mod stage;
mod table;
mod trial;
mod verdict;

use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;

use clap::Parser;
use clap::builder::PossibleValuesParser;

use contender::{CONTENDERS, Contender};
use scenario::Scenario;
use trial::Trial;
use verdict::Verdict;

/// Runs haul and its peers under faults, and prints the programs that end with the right file.
#[derive(Parser)]
struct Arguments {
    /// Scenarios to run [default: all]
    #[arg(value_name = "SCENARIO", value_parser = PossibleValuesParser::new(names()))]
    scenarios: Vec<String>,

    /// Also write the table, with the description of the measurement, to this file
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

fn names() -> [&'static str; scenario::ALL.len()] {
    scenario::ALL.map(|scenario| scenario.name)
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let versions: Result<Vec<_>, _> = CONTENDERS.iter().map(Contender::version).collect();
    let versions = match versions {
        Ok(versions) => versions,
        Err(missing) => {
            eprintln!("faults: {missing}");
            return ExitCode::FAILURE;
        }
    };
    let chosen = |scenario: &Scenario| {
        arguments.scenarios.is_empty() || arguments.scenarios.iter().any(|name| name == scenario.name)
    };
    let rows = scenario::ALL.iter().filter(|scenario| chosen(scenario)).map(|scenario| (scenario.title, row(scenario)));
    let rows: Vec<_> = rows.collect();
    let results = table::results(&rows, &versions);
    println!("{results}");
    if let Some(path) = arguments.write {
        table::write(&path, &results);
    }
    ExitCode::SUCCESS
}

/// The verdict on each contender. They run in parallel, each with its own origin and folder.
fn row(scenario: &'static Scenario) -> Vec<Verdict> {
    thread::scope(|scope| {
        let trials = CONTENDERS.each_ref().map(|contender| scope.spawn(|| Trial { contender, scenario }.verdict()));
        trials.map(|trial| trial.join().expect("a verdict")).into()
    })
}

//! `make differential`: curl and haul on the scripted origin, with the whole corpus. Fails if they differ without a stated reason.

use std::process::ExitCode;

use haul_tests::differential::{corpus, differences};

fn main() -> ExitCode {
    let cases = corpus();
    let differences = differences(&cases);
    differences.iter().for_each(|difference| println!("{difference}"));
    let stated = cases.iter().filter(|case| case.reason.is_some()).count();
    println!("{} cases, {stated} stated differences, {} others", cases.len(), differences.len());
    if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

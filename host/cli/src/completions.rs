//! `haul completions`

use std::io::{self, Write};
use std::process::ExitCode;

use clap::CommandFactory;

use crate::arguments::{Arguments, Completions};
use crate::exit::Outcome;

pub fn run(completions: &Completions) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut Arguments::command(), "haul", &mut script);
    // A reader that leaves early has seen enough.
    let _ = io::stdout().lock().write_all(&script);
    Outcome::AllTransferred.into()
}

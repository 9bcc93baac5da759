//! `haul completions`

use std::io::{self, Write};

use haul_queue::Outcome;

use crate::arguments::{self, Completions};

pub fn run(completions: &Completions) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut arguments::command(), "haul", &mut script);
    // The reader may close the pipe early, as `head` does; that is not an error.
    let _ = io::stdout().lock().write_all(&script);
    Outcome::AllTransferred
}

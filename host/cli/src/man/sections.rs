//! The sections of manual pages that are not derived from the options.

use clap_mangen::roff::{Roff, bold, roman};
use haul_command::command::{Command, Example};
use haul_command::manual::{ENVIRONMENT, FILES, STATUSES};
use haul_command::table::HAUL;
use haul_command::table::examples::FLEET;

/// The sections of the page of a command, such as `haul jobs add`.
pub fn of(command: &str) -> Roff {
    let mut roff = Roff::new();
    let examples = examples(command);
    if !examples.is_empty() {
        roff.control("SH", ["EXAMPLES"]);
        for Example { purpose, command } in examples {
            roff.control("PP", []).text([roman(*purpose)]);
            roff.control("RS", ["4"]).text([bold(*command)]).control("RE", []);
        }
    }
    list(&mut roff, "ENVIRONMENT", &ENVIRONMENT);
    list(&mut roff, "FILES", &FILES);
    list(&mut roff, "EXIT STATUS", &STATUSES);
    roff.control("SH", ["SEE ALSO"]).text([roman(see_also(command))]);
    roff
}

fn examples(command: &str) -> &'static [Example] {
    // The table has no fleets, because the component has none.
    if command == "haul fleet" {
        return FLEET;
    }
    let words = command.split(' ').skip(1);
    words
        .fold(Some(&HAUL), |found, word| found.and_then(|command: &'static Command| command.find(word)))
        .map_or(&[], |found| found.examples)
}

fn see_also(command: &str) -> &'static str {
    match command {
        "haul" => {
            "haul-get(1), haul-jobs(1), haul-serve(1), haul-fleet(1), haul-errors(1), haul-completions(1), haul-man(1)"
        }
        "haul jobs" => "haul-jobs-add(1), haul-jobs-run(1), haul-jobs-list(1), haul(1)",
        other if other.starts_with("haul jobs ") => "haul-jobs(1), haul(1)",
        other if other.starts_with("haul fleet ") => "haul-fleet(1), haul(1)",
        _ => "haul(1), haul-jobs(1)",
    }
}

fn list(roff: &mut Roff, heading: &str, entries: &[(&str, &str)]) {
    roff.control("SH", [heading]);
    for (name, text) in entries {
        roff.control("TP", []).text([bold(*name)]).text([roman(*text)]);
    }
}

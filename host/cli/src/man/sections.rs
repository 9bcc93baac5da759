//! The sections of manual pages that are not derived from the options.

use clap_mangen::roff::{Roff, bold, roman};

/// A command line and its purpose.
struct Example {
    purpose: &'static str,
    command: &'static str,
}

const fn example(purpose: &'static str, command: &'static str) -> Example {
    Example { purpose, command }
}

const GET: [Example; 6] = [
    example("Download a file, or resume it after an interruption:", "haul get https://example.com/image.iso"),
    example(
        "Verify the file against a digest before it gets its name:",
        "haul get --checksum sha256:HEX https://example.com/image.iso",
    ),
    example("Download a list into a directory, eight files at a time:", "haul get -d downloads -j 8 -i list.txt"),
    example("Use two more sources:", "haul get --checksum sha256:HEX --mirror URL2 --mirror URL3 URL1"),
    example("Write to a pipe:", "haul get -o - https://example.com/backup.tar | tar x"),
    example("Keep a token out of the list of processes:", "haul get -H @token.txt https://example.com/private.bin"),
];

const ADD: [Example; 3] = [
    example("Add a job, and download the queue:", "haul jobs add https://example.com/image.iso && haul jobs run"),
    example("Add a list of files in aria2's format as one job:", "haul jobs add --display-name maps -i list.txt"),
    example("Add files to a job:", "haul jobs add --job maps https://example.com/more.zip"),
];

const RUN: [Example; 2] = [
    example("Download the queue, and exit:", "haul jobs run"),
    example("Download with a total rate of 2 MiB/s:", "haul jobs run --limit-rate 2M"),
];

const JOBS: [Example; 4] = [
    example("Add a job:", "haul jobs add --display-name maps https://example.com/map.zip"),
    example("Download the queue:", "haul jobs run"),
    example("Look at it from another terminal:", "haul jobs list"),
    example("Stop a job and keep its bytes:", "haul jobs suspend maps"),
];

const HAUL: [Example; 3] = [
    example("Download a file:", "haul get https://example.com/image.iso"),
    example("Add a job to the queue, and download the queue:", "haul jobs add URL && haul jobs run"),
    example("Explain an error code:", "haul errors 0x80D02013"),
];

const MAN: [Example; 2] = [
    example("Read the page of a command:", "haul man jobs add"),
    example("Install all pages:", "haul man --dir ~/.local/share/man/man1"),
];

const ERRORS: [Example; 1] = [example("Explain a code:", "haul errors DO_E_INVALID_STATE")];

const COMPLETIONS: [Example; 1] = [example(
    "Install the completions of bash:",
    "haul completions bash > ~/.local/share/bash-completion/completions/haul",
)];

/// Variables of the environment and their effects.
const ENVIRONMENT: [(&str, &str); 4] = [
    ("XDG_STATE_HOME", "Absolute path of the directory that has haul's state directory; default ~/.local/state."),
    ("HOME", "The home directory, if XDG_STATE_HOME is not set."),
    ("SSL_CERT_FILE", "File of root certificates in PEM, in the place of the system's."),
    ("SSL_CERT_DIR", "Directory of root certificates, in the place of the system's."),
];

const FILES: [(&str, &str); 4] = [
    ("FILE.part", "Received bytes of a file that is not complete."),
    ("FILE.haul", "Its journal: the bytes that are safe, and the version that they belong to."),
    ("$XDG_STATE_HOME/haul/queue.haul", "The queue of haul jobs."),
    ("$XDG_STATE_HOME/haul/key", "The key that authenticates journals. Only its owner can read it."),
];

const STATUSES: [(&str, &str); 7] = [
    ("0", "Success."),
    ("1", "A file, a job or a call failed."),
    ("2", "The command line is wrong."),
    ("3", "A policy refused the transfer, for example because of the network's cost."),
    ("4", "The content did not verify."),
    ("124", "The time of --max-time ran out."),
    ("130", "Interrupted."),
];

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
    match command {
        "haul" => &HAUL,
        "haul get" => &GET,
        "haul jobs" => &JOBS,
        "haul jobs add" => &ADD,
        "haul jobs run" => &RUN,
        "haul man" => &MAN,
        "haul errors" => &ERRORS,
        "haul completions" => &COMPLETIONS,
        _ => &[],
    }
}

fn see_also(command: &str) -> &'static str {
    match command {
        "haul" => "haul-get(1), haul-jobs(1), haul-errors(1), haul-completions(1), haul-man(1)",
        "haul jobs" => "haul-jobs-add(1), haul-jobs-run(1), haul-jobs-list(1), haul(1)",
        other if other.starts_with("haul jobs ") => "haul-jobs(1), haul(1)",
        _ => "haul(1), haul-jobs(1)",
    }
}

fn list(roff: &mut Roff, heading: &str, entries: &[(&str, &str)]) {
    roff.control("SH", [heading]);
    for (name, text) in entries {
        roff.control("TP", []).text([bold(*name)]).text([roman(*text)]);
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::arguments::Arguments;

    #[test]
    fn examples_are_valid_command_lines() {
        let digest = "0".repeat(64);
        for command in [HAUL.as_slice(), &GET, &JOBS, &ADD, &RUN, &MAN, &ERRORS, &COMPLETIONS].into_iter().flatten() {
            for part in command.command.split(" && ") {
                let part = part.split(['|', '>']).next().unwrap_or_default();
                let words = part.replace("HEX", &digest).replace("URL", "https://example.com/");
                Arguments::try_parse_from(words.split_whitespace()).unwrap_or_else(|error| panic!("{part}: {error}"));
            }
        }
    }
}

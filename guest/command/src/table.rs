//! Every command and every option.

// `Ok(field = value)` keeps the effect of an option on one line.
#![allow(clippy::unit_arg)]

pub mod examples;
pub mod files;
pub mod habits;
pub mod integrity;
pub mod jobs;
pub mod limits;
pub mod network;
pub mod output;
pub mod requests;

use crate::command::{COMMAND, Command, Group, Id, OPERAND, Operand};
use crate::option::{Kind, Opt, Place, Value};

/// The root of all commands.
pub static HAUL: Command = Command {
    name: "haul",
    about: "Download files over HTTP, and resume them after an interruption or a kill",
    more: "\
BYTES is a number with a unit: K, M, G and T are powers of 1024, KB, MB, GB and TB of 1000; 1.5M has 1,572,864 bytes. \
TIME is a number of seconds, or one with the unit ms, s, m, h or d. FILE is - for standard input if the option says so.",
    commands: &[GET, JOBS, CONFIG, ERRORS, COMPLETIONS, MAN],
    examples: examples::HAUL,
    ..COMMAND
};

const fn group(heading: &'static str, options: &'static [&'static Opt]) -> Group {
    Group { heading, more: "", options }
}

const GET: Command = Command {
    id: Id::Get,
    name: "get",
    about: "Download files",
    more: "\
An interrupted run keeps its bytes in FILE.part and their journal in FILE.haul; the same command resumes it. Success leaves only FILE.

Exit codes: 0 every file is complete, 1 another failure, 2 the command line is wrong, 3 refused by the cost policy or --max-filesize, 4 \
the content did not verify, 5 network, 6 the server answered with an error, 7 TLS, 8 disk, 124 --max-time is over, 130 interrupted.",
    operands: &[Operand {
        name: "URL",
        help: "http or https URL; - for a list on standard input, as for --input",
        value: Value::Repeated("URL", Kind::Url),
        instead: &["input", "metalink"],
        set: |to, word| Ok(to.urls.push(word.string()?)),
        ..OPERAND
    }],
    groups: &[
        group(
            "Files",
            &[
                &files::OUTPUT,
                &files::DIR,
                &files::STATE_DIR,
                &files::INPUT,
                &files::METALINK,
                &files::MIRROR,
                &files::GLOB,
                &files::RANGE,
                &files::MAX_FILESIZE,
                &files::CONTENT_DISPOSITION,
                &files::OVERWRITE,
                &files::FRESH,
                &files::REFRESH,
                &files::NO_SYNC,
            ],
        ),
        group(
            "Integrity",
            &[
                &integrity::CHECKSUM,
                &integrity::IGNORE_ORIGIN_DIGESTS,
                &integrity::PIECES,
                &integrity::INTEGRITY_INFO,
                &integrity::REQUIRE_INTEGRITY,
                &integrity::DECRYPT,
            ],
        ),
        group(
            "Requests",
            &[
                &requests::HEADER,
                &requests::AUTH_HEADER,
                &requests::CORRELATION_VECTOR,
                &requests::ALLOW_INSECURE_REDIRECT,
            ],
        ),
        group(
            "Identity",
            &[
                &requests::USER_AGENT,
                &requests::REFERER,
                &requests::USER,
                &requests::NETRC_FILE,
                &requests::NO_NETRC,
                &requests::LOAD_COOKIES,
            ],
        ),
        Group {
            heading: "Network",
            more: "\
Without these options the native command takes the proxies of the variables http_proxy, https_proxy, all_proxy and no_proxy, as curl \
does. Under a stock runtime, the runtime makes the connections.",
            options: NETWORK,
        },
        Group {
            heading: "TLS",
            more: "\
Stock wasmtime decides about TLS itself, so there these options fail with E_NOTIMPL. The native command trusts the system's authorities, \
or those of the variables SSL_CERT_FILE and SSL_CERT_DIR.",
            options: &[
                &requests::CACERT,
                &requests::CLIENT_CERTIFICATE,
                &requests::INSECURE,
                &requests::NO_CHECK_CERTIFICATE,
                &requests::CHECK_REVOCATION,
                &requests::CRL,
            ],
        },
        group(
            "Limits",
            &[
                &limits::CONNECTIONS,
                &limits::PARALLEL,
                &limits::MAX_PER_ORIGIN,
                &limits::LIMIT_RATE,
                &limits::LIMIT_RATE_PER_FILE,
                &limits::MIN_RATE,
                &limits::RETRIES,
                &limits::TIMEOUT,
                &limits::RETRY_CONNREFUSED,
                &limits::MAX_TIME,
                &limits::BACKGROUND,
            ],
        ),
        group("Network cost", &[&limits::COST_POLICY, &limits::NO_CELLULAR, &limits::NETWORK]),
        group(
            "Output",
            &[
                &output::ON_COMPLETE,
                &output::ON_ERROR,
                &output::JSON_OF_GET,
                &output::QUIET,
                &output::VERBOSE,
                &output::NO_CONFIG,
            ],
        ),
        Group {
            heading: "Habits",
            more: "haul does by itself what these options of curl and wget ask for, so they change nothing.",
            options: &[
                &habits::REMOTE_NAME,
                &habits::LOCATION,
                &habits::FAIL,
                &habits::CONTINUE_AT,
                &habits::CONTINUE,
            ],
        },
    ],
    examples: examples::GET,
    ..COMMAND
};

const NETWORK: &[&Opt] = &[
    &network::PROXY,
    &network::NO_PROXY,
    &network::CONNECT_TIMEOUT,
    &network::IPV4,
    &network::IPV6,
    &network::RESOLVE,
];

const JOBS: Command = Command {
    id: Id::Jobs,
    name: "jobs",
    about: "Keep a queue of jobs, and download it",
    more: "\
add makes a job of files, or adds files to a job; run downloads the queue and gives the files their names. The other commands work \
while a run is active, and without one. JOB is a job id, a unique prefix of one (four characters or more), or a unique display name.

Exit codes: 0 success, 1 another failure, 2 the command line is wrong, 3 refused by a policy, 4 the content did not verify, 5 network, \
6 the server answered with an error, 7 TLS, 8 disk, 130 interrupted.",
    inherited: &[&files::QUEUE_DIR, &output::JSON],
    commands: &[
        CREATE,
        ADD,
        LIST,
        SHOW,
        FILES,
        WATCH,
        SET,
        PRIORITY,
        changing(Id::Suspend, "suspend", &["pause"], "Stop jobs and keep their bytes"),
        changing(Id::Resume, "resume", &["start"], "Continue jobs that are new, suspended or failed"),
        COMPLETE,
        changing(Id::Cancel, "cancel", &["remove", "rm"], "Remove jobs and their partial files"),
        showing(Id::JobErrors, "errors", &["get-error"], "Show why jobs failed or wait"),
        RUN,
        RESET,
        LIMIT_RATE,
    ],
    examples: examples::JOBS,
    ..COMMAND
};

const SETTINGS: &[&Opt] = &[
    &jobs::DISPLAY_NAME,
    &jobs::DESCRIPTION,
    &jobs::PRIORITY,
    &jobs::RETRY_INTERVAL,
    &jobs::RETRY_TIMEOUT,
    &jobs::TRANSFER_POLICY,
    &jobs::PROXY_USAGE,
    &jobs::PROXY_LIST,
    &jobs::PROXY_BYPASS,
    &requests::HEADER,
    &requests::AUTH_HEADER,
    &jobs::KEEP_GOING,
    &limits::LIMIT_RATE_OF_JOB,
    &jobs::NOTIFY,
];

const CREATE: Command = Command {
    id: Id::Create,
    name: "create",
    about: "Make a job without files, and print its id",
    more: "The job is suspended until it is resumed.",
    operands: &[Operand {
        name: "NAME",
        help: "Display name, as --display-name",
        value: Value::One("NAME", Kind::Text),
        required: false,
        conflicts: &["display-name"],
        set: |to, word| Ok(to.display_name = Some(word.string()?)),
        ..OPERAND
    }],
    groups: &[group("Settings", SETTINGS)],
    ..COMMAND
};

/// The options of files that are added to a queue.
pub const FILES_TO_ADD: &[&Opt] = &[
    &files::OUTPUT_OF_JOB,
    &files::DIR,
    &files::INPUT,
    &files::METALINK,
    &files::MIRROR,
    &files::GLOB,
    &files::RANGE,
    &integrity::CHECKSUM,
    &limits::CONNECTIONS,
    &limits::LIMIT_RATE_PER_FILE,
    &files::CONTENT_DISPOSITION,
    &files::OVERWRITE,
    &files::NO_SYNC,
];

const ADD: Command = Command {
    id: Id::Add,
    name: "add",
    aliases: &["add-file"],
    about: "Add files to a new job, or with --job to an existing one, and print its id",
    more: "A new job is resumed unless --suspended is given; 'haul jobs run' downloads it.",
    operands: &[Operand {
        name: "URL",
        help: "http or https URL; - for a list on standard input, as for --input",
        value: Value::Repeated("URL", Kind::Url),
        instead: &["input", "metalink"],
        set: |to, word| Ok(to.urls.push(word.string()?)),
        ..OPERAND
    }],
    groups: &[
        group("", &[&jobs::JOB, &jobs::SUSPENDED]),
        group("Files", FILES_TO_ADD),
        group("Settings of the new job", SETTINGS),
    ],
    examples: examples::ADD,
    ..COMMAND
};

const JOBS_SHOWN: Operand = Operand {
    name: "JOB",
    help: "Jobs to show [default: all]",
    value: Value::Repeated("JOB", Kind::Job),
    required: false,
    conflicts: &["all"],
    set: |to, word| Ok(to.jobs.push(word.string()?)),
    ..OPERAND
};

const JOBS_CHANGED: Operand = Operand {
    name: "JOB",
    help: "Jobs to change",
    value: Value::Repeated("JOB", Kind::Job),
    instead: &["all"],
    conflicts: &["all"],
    set: |to, word| Ok(to.jobs.push(word.string()?)),
    ..OPERAND
};

const fn showing(id: Id, name: &'static str, aliases: &'static [&'static str], about: &'static str) -> Command {
    Command {
        id,
        name,
        aliases,
        about,
        operands: &[JOBS_SHOWN],
        groups: &[Group { heading: "", more: "", options: &[&jobs::ALL_SHOWN] }],
        ..COMMAND
    }
}

const fn changing(id: Id, name: &'static str, aliases: &'static [&'static str], about: &'static str) -> Command {
    Command {
        id,
        name,
        aliases,
        about,
        operands: &[JOBS_CHANGED],
        groups: &[Group { heading: "", more: "", options: &[&jobs::ALL_CHANGED] }],
        ..COMMAND
    }
}

const LIST: Command = Command {
    operands: &[Operand { help: "Jobs to show [default: all of the queue]", ..JOBS_SHOWN }],
    groups: &[group("", &[&jobs::HISTORY])],
    ..showing(Id::List, "list", &["ls"], "List jobs, a line each")
};

const RESET: Command = Command {
    id: Id::Reset,
    name: "reset",
    about: "Remove every job, as cancel --all",
    more: "On a terminal the native command asks first.",
    groups: &[group("", &[&jobs::YES])],
    ..COMMAND
};

const LIMIT_RATE: Command = Command {
    id: Id::LimitRate,
    name: "limit-rate",
    about: "Limit the rate of the process that runs the queue",
    more: "The limit counts for all jobs together, until that process ends or its schedule sets another rate.",
    operands: &[Operand {
        name: "BYTES",
        help: "Bytes per second (see BYTES), or unlimited",
        value: Value::One("BYTES", Kind::Text),
        set: |to, word| Ok(to.limit_rate = Some(limits::rate_or_none(word.text()?)?)),
        ..OPERAND
    }],
    place: Place::Native("while a component runs, no other process changes its queue"),
    ..COMMAND
};

const SHOW: Command = Command {
    groups: &[group("", &[&jobs::ALL_SHOWN, &jobs::SHOW_FILES])],
    ..showing(Id::Show, "show", &["info"], "Show all facts of jobs")
};

const FILES: Command = Command {
    more: "\
In a pipe, each line has the job's id, the file's state, its bytes so far, its size (- if unknown), its path and its URL, separated \
by tabs.",
    ..showing(Id::Files, "files", &["list-files"], "List the files of jobs, one line for each")
};

const WATCH: Command = Command {
    groups: &[group("", &[&jobs::ALL_SHOWN, &jobs::INTERVAL])],
    place: Place::Native("while a component runs, no other process changes its queue"),
    ..showing(Id::Watch, "watch", &["monitor"], "Follow jobs until each is suspended, failed, transferred or gone")
};

const SET: Command = Command {
    groups: &[group("", &[&jobs::ALL_CHANGED]), group("Settings", SETTINGS)],
    ..changing(Id::Set, "set", &[], "Change the settings of jobs")
};

const PRIORITY: Command = Command {
    operands: &[
        Operand {
            name: "LEVEL",
            help: "Priority of the jobs",
            value: Value::One("LEVEL", Kind::Words(jobs::PRIORITIES)),
            set: jobs::PRIORITY.set,
            ..OPERAND
        },
        JOBS_CHANGED,
    ],
    ..changing(Id::Priority, "priority", &["set-priority"], "Change the priority of jobs")
};

const COMPLETE: Command = Command {
    groups: &[group("", &[&jobs::ALL_CHANGED, &jobs::PARTIAL])],
    ..changing(Id::Complete, "complete", &[], "Give the files of transferred jobs their names")
};

const RUN: Command = Command {
    id: Id::Run,
    name: "run",
    about: "Download the queue",
    more: "\
The command ends when no job can continue by itself. It gives the files of a transferred job their names and removes the job. If it is \
interrupted, the next run continues.",
    groups: &[
        group(
            "",
            &[
                &jobs::WATCH,
                &jobs::NO_COMPLETE,
                &limits::PARALLEL,
                &limits::MAX_PER_ORIGIN,
                &limits::LIMIT_RATE,
                &jobs::SCHEDULE,
                &limits::NETWORK,
                &output::QUIET,
                &output::VERBOSE,
                &output::NO_CONFIG,
            ],
        ),
        group("Network", NETWORK),
        group("TLS", &[&requests::CACERT]),
    ],
    examples: examples::RUN,
    ..COMMAND
};

const CONFIG: Command = Command {
    id: Id::Config,
    name: "config",
    about: "Show the options that the configuration file and variables set",
    more: "\
The file is haul/config.toml in $XDG_CONFIG_HOME or ~/.config. Each key is the long name of an option: retries = 5, quiet = true, \
header = ['A: b']. Those under [get], [jobs] or [jobs.run] are for that command only. A variable such as HAUL_RETRIES goes before the \
file, and the command line before both.",
    groups: &[group("", &[&output::JSON])],
    place: Place::Native("a component reads no configuration file"),
    ..COMMAND
};

const ERRORS: Command = Command {
    id: Id::Errors,
    name: "errors",
    about: "Explain an error code",
    more: "Without CODE, list all codes. One of them stands for all HTTP statuses.",
    operands: &[Operand {
        name: "CODE",
        help: "Code, such as 0x80D02013, 80D02013, 2161123347 or -2133843949, or name, such as DO_E_INVALID_STATE, or HTTP status, such as 404",
        value: Value::One("CODE", Kind::Text),
        required: false,
        negative: true,
        set: |to, word| Ok(to.code = Some(word.string()?)),
        ..OPERAND
    }],
    groups: &[group("", &[&output::JSON])],
    examples: examples::ERRORS,
    ..COMMAND
};

const COMPLETIONS: Command = Command {
    id: Id::Completions,
    name: "completions",
    about: "Print a completion script for a shell",
    more: "For bash, for example: haul completions bash > ~/.local/share/bash-completion/completions/haul",
    operands: &[Operand {
        name: "SHELL",
        help: "Shell of the script",
        value: Value::One("SHELL", Kind::Words(&["bash", "elvish", "fish", "powershell", "zsh"])),
        set: |to, word| Ok(to.shell = Some(word.string()?)),
        ..OPERAND
    }],
    examples: examples::COMPLETIONS,
    place: Place::Native("a shell completes the native command"),
    ..COMMAND
};

const MAN: Command = Command {
    id: Id::Man,
    name: "man",
    about: "Print a manual page, or write all pages",
    more: "On a terminal the page opens in a pager.",
    operands: &[Operand {
        name: "COMMAND",
        help: "Command of the page, such as jobs add [default: haul itself]",
        value: Value::Repeated("COMMAND", Kind::Text),
        required: false,
        conflicts: &["dir"],
        set: |to, word| Ok(to.page.push(word.string()?)),
        ..OPERAND
    }],
    groups: &[group("", &[&output::PAGES_DIRECTORY])],
    examples: examples::MAN,
    place: Place::Native("a component has no pager; docs/reference/cli.md has the same text"),
    ..COMMAND
};

/// Whether messages must not show the value of the option with that name.
pub fn is_secret(long: &str) -> bool {
    fn of(command: &'static Command, long: &str) -> bool {
        command.options().any(|option| option.long == long && option.is_secret())
            || command.commands.iter().any(|command| of(command, long))
    }
    of(&HAUL, long)
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;
    use alloc::vec::Vec;

    use super::*;
    use crate::arguments::Arguments;
    use crate::option::Word;

    fn all(command: &'static Command) -> Vec<&'static Command> {
        [command].into_iter().chain(command.commands.iter().flat_map(all)).collect()
    }

    #[test]
    fn names_are_unique_within_a_command() {
        for command in all(&HAUL) {
            let mut known = BTreeSet::from(["help"]);
            let mut letters = BTreeSet::from(['h']);
            for option in command.options() {
                assert!(option.names().all(|name| known.insert(name)), "{} --{}", command.name, option.long);
                assert!(option.short.is_none_or(|letter| letters.insert(letter)), "{} --{}", command.name, option.long);
            }
            let names =
                command.commands.iter().flat_map(|one| [one.name].into_iter().chain(one.aliases.iter().copied()));
            let names: Vec<_> = names.collect();
            assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{}", command.name);
        }
    }

    #[test]
    fn every_default_is_the_value_of_an_option_that_is_not_given() {
        for option in all(&HAUL).into_iter().flat_map(Command::options).filter(|option| !option.default.is_empty()) {
            let mut arguments = Arguments::default();
            (option.set)(&mut arguments, Word(option.default.as_bytes())).unwrap();
            assert_eq!(arguments, Arguments::default(), "--{}", option.long);
        }
    }

    #[test]
    fn options_refer_to_options_of_some_command() {
        let commands = all(&HAUL);
        let known: BTreeSet<_> =
            commands.iter().flat_map(|command| command.options()).map(|option| option.long).collect();
        for option in commands.iter().flat_map(|command| command.options()) {
            for other in option.conflicts.iter().chain(option.requires) {
                assert!(known.contains(other), "--{}: {other}", option.long);
            }
            assert!(!option.help.is_empty() && !option.help.ends_with('.'), "--{}", option.long);
        }
    }

    #[test]
    fn every_word_of_a_list_is_a_value() {
        for option in all(&HAUL).into_iter().flat_map(Command::options) {
            if let Some((_, Kind::Words(words))) = option.value.described() {
                for word in words {
                    (option.set)(&mut Arguments::default(), Word(word.as_bytes())).unwrap();
                }
                assert!((option.set)(&mut Arguments::default(), Word(b"other")).is_err(), "--{}", option.long);
            }
        }
    }
}

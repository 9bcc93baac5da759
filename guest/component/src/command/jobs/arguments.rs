//! Arguments of `jobs`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use getargs::{Arg, Options};
use haul_core::job::Priority;
use haul_core::settings::network::Network;

use crate::command::values::{bytes, count, network, number, place};
use crate::command::{Parsed, quoted};

pub const HELP: &str = "\
Usage: haul.wasm jobs COMMAND [OPTIONS]

The queue: jobs of many files, kept in a directory between runs. JOB is the id of a job, the beginning of one, or a display name.

  create [NAME]           make a job without files, and print its id
  add URL...              make a job of these files and resume it, or add them to one with --job
  list                    all jobs, a line each
  show JOB...             all that is known of jobs, and their files
  suspend JOB...          stop jobs, and keep what has come
  resume JOB...           let jobs run that are suspended or have failed
  priority LEVEL JOB...   foreground, high, normal or low
  complete JOB...         give files that are here their names; --partial: and drop the others
  cancel JOB...           drop jobs, and what has come of their files
  errors [JOB...]         why jobs have failed, or wait
  run                     fetch what is in the queue, and complete it

      --state-dir DIR     where the queue is kept (.haul)
      --json              one JSON object per line
      --all               in the place of JOB: every job
  -h, --help

create, add:
      --display-name NAME --description TEXT --priority LEVEL
      --retry-interval SECONDS --retry-timeout SECONDS --keep-going

add:
      --job JOB           the job that gets the files
      --suspended         leave the new job suspended
  -d, --dir DIR           directory for the files (.)
  -o, --output FILE       where the file goes; one URL only
  -i, --input-file FILE   list of URLs, a line each; - for standard input

run:
      --no-complete       leave jobs that are transferred
  -j, --jobs N            files in flight (5)
      --limit-rate BYTES  per second, with K, M or G
      --max-per-origin N  connections to one origin
      --network COST,...  what the network is, as for get
  -q, --quiet             errors only
";

pub struct Jobs {
    pub state_directory: String,
    pub json: bool,
    pub action: Action,
}

pub enum Action {
    Create(Create),
    Add(Add),
    List,
    Show(Selection),
    Errors(Selection),
    Change(Change, Selection),
    Run(Run),
}

#[derive(Clone, Copy)]
pub enum Change {
    Suspend,
    Resume,
    Priority(Priority),
    Complete { partial: bool },
    Cancel,
}

pub enum Selection {
    All,
    Named(Vec<String>),
}

/// The settings of a new job.
#[derive(Default)]
pub struct Create {
    pub display_name: Option<String>,
    pub description: Option<String>,
    pub priority: Option<Priority>,
    pub retry_interval: Option<u32>,
    pub retry_timeout: Option<u32>,
    pub keep_going: bool,
}

#[derive(Default)]
pub struct Add {
    pub job: Option<String>,
    pub suspended: bool,
    pub directory: Option<String>,
    pub output: Option<String>,
    pub input: Option<String>,
    pub urls: Vec<String>,
    pub create: Create,
}

pub struct Run {
    pub no_complete: bool,
    pub jobs: Option<u32>,
    pub limit_rate: Option<u64>,
    pub max_per_origin: Option<u32>,
    pub network: Network,
    pub quiet: bool,
}

/// All options, before the command decides which of them it takes.
#[derive(Default)]
struct Typed {
    state_directory: Option<String>,
    json: bool,
    all: bool,
    partial: bool,
    no_complete: bool,
    quiet: bool,
    running: Option<u32>,
    limit_rate: Option<u64>,
    max_per_origin: Option<u32>,
    network: Network,
    add: Add,
    words: Vec<String>,
    /// Options that only some commands take, as they were typed.
    special: Vec<String>,
}

/// # Errors
///
/// The mistake in the command line, and the correct form.
pub fn parse(words: &[&str]) -> Result<Parsed<Jobs>, String> {
    let mut typed = Typed::default();
    let mut options = Options::new(words.iter().copied());
    while let Some(option) = options.next_arg().map_err(|error| error.to_string())? {
        let mut value = || options.value().map_err(|error| error.to_string());
        let add = &mut typed.add;
        match option {
            Arg::Short('h') | Arg::Long("help") => return Ok(Parsed::Help),
            Arg::Long("state-dir") => typed.state_directory = Some(place("--state-dir", value()?)?),
            Arg::Long("json") => typed.json = true,
            Arg::Positional(word) => typed.words.push(word.into()),
            special => {
                typed.special.push(special.to_string());
                match special {
                    Arg::Long("all") => typed.all = true,
                    Arg::Long("partial") => typed.partial = true,
                    Arg::Long("no-complete") => typed.no_complete = true,
                    Arg::Short('q') | Arg::Long("quiet") => typed.quiet = true,
                    Arg::Short('j') | Arg::Long("jobs") => typed.running = Some(count("--jobs", value()?)?),
                    Arg::Long("limit-rate") => typed.limit_rate = Some(bytes("--limit-rate", value()?)?),
                    Arg::Long("max-per-origin") => {
                        typed.max_per_origin = Some(count("--max-per-origin", value()?)?);
                    }
                    Arg::Long("network") => typed.network = network(value()?)?,
                    Arg::Long("display-name" | "name") => add.create.display_name = Some(value()?.into()),
                    Arg::Long("description") => add.create.description = Some(value()?.into()),
                    Arg::Long("priority") => add.create.priority = Some(priority(value()?)?),
                    Arg::Long("retry-interval") => {
                        add.create.retry_interval = Some(number("--retry-interval", value()?)?)
                    }
                    Arg::Long("retry-timeout") => add.create.retry_timeout = Some(number("--retry-timeout", value()?)?),
                    Arg::Long("keep-going") => add.create.keep_going = true,
                    Arg::Long("job") => add.job = Some(value()?.into()),
                    Arg::Long("suspended") => add.suspended = true,
                    Arg::Short('d') | Arg::Long("dir") => add.directory = Some(place("--dir", value()?)?),
                    Arg::Short('o') | Arg::Long("output") => add.output = Some(place("--output", value()?)?),
                    Arg::Short('i') | Arg::Long("input-file") => add.input = Some(value()?.into()),
                    other => return Err(format!("unknown option {}", quoted(&other.to_string()))),
                }
            }
        }
    }
    typed.finish().map(Parsed::Run)
}

impl Typed {
    fn finish(mut self) -> Result<Jobs, String> {
        if self.words.is_empty() {
            return Err("'jobs' needs a command, such as list or run".into());
        }
        let command = self.words.remove(0);
        let state_directory = self.state_directory.take().unwrap_or_else(|| ".haul".into());
        let json = self.json;
        let action = self.action(&command)?;
        Ok(Jobs { state_directory, json, action })
    }

    fn action(mut self, command: &str) -> Result<Action, String> {
        const TOLD: [&str; 7] = [
            "--display-name",
            "--name",
            "--description",
            "--priority",
            "--retry-interval",
            "--retry-timeout",
            "--keep-going",
        ];
        const FILES: [&str; 8] = ["--job", "--suspended", "--dir", "-d", "--output", "-o", "--input-file", "-i"];
        const RUN: [&str; 8] =
            ["--no-complete", "--jobs", "-j", "--limit-rate", "--max-per-origin", "--network", "--quiet", "-q"];
        let takes = |known: &[&[&str]]| {
            let wrong = self.special.iter().find(|option| !known.concat().contains(&option.as_str()));
            wrong.map_or(Ok(()), |option| Err(format!("'jobs {command}' takes no {option}")))
        };
        match command {
            "create" => {
                takes(&[&TOLD])?;
                let mut create = self.add.create;
                match &mut self.words[..] {
                    [] => {}
                    [name] if create.display_name.is_none() => create.display_name = Some(core::mem::take(name)),
                    _ => return Err("'jobs create' takes one name".into()),
                }
                Ok(Action::Create(create))
            }
            "add" => {
                takes(&[&TOLD, &FILES])?;
                self.add.urls = self.words;
                if self.add.urls.is_empty() && self.add.input.is_none() {
                    return Err("'jobs add' needs a URL or --input-file".into());
                }
                Ok(Action::Add(self.add))
            }
            "list" => {
                takes(&[])?;
                if self.words.is_empty() {
                    Ok(Action::List)
                } else {
                    Err("'jobs list' takes no job; see 'jobs show'".into())
                }
            }
            "run" => {
                takes(&[&RUN])?;
                if !self.words.is_empty() {
                    return Err("'jobs run' takes no job".into());
                }
                let Self { no_complete, running, limit_rate, max_per_origin, network, quiet, .. } = self;
                Ok(Action::Run(Run { no_complete, jobs: running, limit_rate, max_per_origin, network, quiet }))
            }
            "complete" => {
                takes(&[&["--all", "--partial"]])?;
                let partial = self.partial;
                Ok(Action::Change(Change::Complete { partial }, self.selection(command)?))
            }
            "priority" => {
                takes(&[&["--all"]])?;
                if self.words.is_empty() {
                    return Err("'jobs priority' needs foreground, high, normal or low".into());
                }
                let level = priority(&self.words.remove(0))?;
                Ok(Action::Change(Change::Priority(level), self.selection(command)?))
            }
            "show" | "suspend" | "resume" | "cancel" => {
                takes(&[&["--all"]])?;
                let which = self.selection(command)?;
                Ok(match command {
                    "show" => Action::Show(which),
                    "suspend" => Action::Change(Change::Suspend, which),
                    "resume" => Action::Change(Change::Resume, which),
                    _ => Action::Change(Change::Cancel, which),
                })
            }
            "errors" => {
                takes(&[&["--all"]])?;
                self.all |= self.words.is_empty();
                Ok(Action::Errors(self.selection(command)?))
            }
            other => Err(format!("unknown command {} of 'jobs'", quoted(other))),
        }
    }

    fn selection(self, command: &str) -> Result<Selection, String> {
        match (self.all, self.words.is_empty()) {
            (true, true) => Ok(Selection::All),
            (false, false) => Ok(Selection::Named(self.words)),
            (true, false) => Err("--all stands in the place of jobs".into()),
            (false, true) => Err(format!("'jobs {command}' needs a job, or --all")),
        }
    }
}

fn priority(word: &str) -> Result<Priority, String> {
    match word {
        "foreground" => Ok(Priority::Foreground),
        "high" => Ok(Priority::High),
        "normal" => Ok(Priority::Normal),
        "low" => Ok(Priority::Low),
        _ => Err(format!("{} is no priority; write foreground, high, normal or low", quoted(word))),
    }
}

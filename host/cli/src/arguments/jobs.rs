//! Arguments of `haul jobs`.

use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, FromArgMatches};
use haul::{ExpectedDigest, Network};
use haul_command::arguments::{Arguments, Rate, RequestedRange};
use haul_command::command::Id;
use haul_command::table::FILES_TO_ADD;
use haul_queue::file::Part;
use haul_queue::schedule::{self, Window};
use haul_queue::vocabulary::{Priority, ProxyUsage, Word};
use haul_queue::{Limit, Selection, Settings};

use super::{Limits, Volume, builder, convert};
use crate::documents::path;
use crate::network::Connections;

#[derive(Debug)]
pub struct Jobs {
    pub command: Command,
    pub common: Common,
}

#[derive(Debug)]
pub struct Common {
    pub state_dir: Option<PathBuf>,
    pub json: bool,
}

#[derive(Debug)]
pub enum Command {
    Create(Settings),
    Add(Box<Add>),
    List(List),
    Show(Show),
    Files(Chosen),
    Watch(Watch),
    Set(Set),
    Priority(SetPriority),
    Suspend(Chosen),
    Resume(Chosen),
    Complete(Complete),
    Cancel(Chosen),
    Errors(Chosen),
    Run(Run),
    Reset(Reset),
    LimitRate(Limit),
}

/// The jobs of a command.
#[derive(Debug)]
pub struct Chosen(Selection);

#[derive(Debug)]
pub struct List {
    pub listed: Chosen,
    /// Whether jobs that ended are shown too.
    pub history: bool,
}

#[derive(Debug)]
pub struct Reset {
    pub yes: bool,
}

impl Chosen {
    pub fn selection(&self) -> Selection {
        self.0.clone()
    }
}

#[derive(Debug)]
pub struct Show {
    pub listed: Chosen,
    pub files: bool,
}

#[derive(Debug)]
pub struct Watch {
    pub listed: Chosen,
    pub interval: Duration,
}

#[derive(Debug)]
pub struct Set {
    pub chosen: Chosen,
    pub settings: Settings,
}

#[derive(Debug)]
pub struct SetPriority {
    pub level: Priority,
    pub chosen: Chosen,
}

#[derive(Debug)]
pub struct Complete {
    pub chosen: Chosen,
    pub partial: bool,
}

#[derive(Debug)]
pub struct Add {
    pub urls: Vec<String>,
    pub job: Option<String>,
    pub suspended: bool,
    pub files: Files,
    pub settings: Settings,
}

#[derive(Debug)]
pub struct Files {
    pub output: Option<PathBuf>,
    pub dir: PathBuf,
    pub input_file: Option<PathBuf>,
    pub metalink: Option<PathBuf>,
    pub mirror: Vec<String>,
    pub glob: bool,
    pub ranges: Vec<Part>,
    pub checksum: Vec<ExpectedDigest>,
    pub sums: Vec<PathBuf>,
    pub connections: Option<u32>,
    pub limit_rate_per_file: Option<u64>,
    pub content_disposition: bool,
    pub overwrite: bool,
    pub no_sync: bool,
    /// The error if the command has several files: an option is for one.
    pub only_for_one: Option<String>,
}

#[derive(Debug)]
pub struct Run {
    pub watch: bool,
    pub no_complete: bool,
    pub limits: Limits,
    pub schedule: Vec<Window>,
    pub network: Option<Network>,
    pub connections: Connections,
    pub volume: Volume,
}

impl Jobs {
    /// # Errors
    ///
    /// A value is wrong that only the queue can read, or options contradict each other.
    pub fn of(id: Id, mut arguments: Arguments) -> Result<Self, String> {
        arguments.share_standard_input()?;
        let common = Common { state_dir: arguments.state_directory.take().as_ref().map(path), json: arguments.json };
        Ok(Self { command: Command::of(id, arguments)?, common })
    }
}

impl Command {
    fn of(id: Id, mut arguments: Arguments) -> Result<Self, String> {
        let chosen = match std::mem::take(&mut arguments.jobs) {
            named if named.is_empty() => Chosen(Selection::All),
            named => Chosen(Selection::Named(named)),
        };
        Ok(match id {
            Id::Create => Self::Create(settings(&mut arguments)?),
            Id::Add => Self::Add(Box::new(Add::of(arguments)?)),
            Id::List => Self::List(List { listed: chosen, history: arguments.history }),
            Id::Show => Self::Show(Show { listed: chosen, files: arguments.show_files }),
            Id::Files => Self::Files(chosen),
            Id::Watch => Self::Watch(Watch { listed: chosen, interval: arguments.interval }),
            Id::Set => Self::Set(Set { chosen, settings: settings(&mut arguments)? }),
            Id::Priority => {
                let level = word(arguments.priority.as_deref())?.ok_or("no priority was given")?;
                Self::Priority(SetPriority { level, chosen })
            }
            Id::Suspend => Self::Suspend(chosen),
            Id::Resume => Self::Resume(chosen),
            Id::Complete => Self::Complete(Complete { chosen, partial: arguments.partial }),
            Id::Cancel => Self::Cancel(chosen),
            Id::JobErrors => Self::Errors(chosen),
            Id::Run => Self::Run(Run::of(&arguments)?),
            Id::LimitRate => Self::LimitRate(arguments.limit_rate.map(limit).ok_or("no rate was given")?),
            _ => Self::Reset(Reset { yes: arguments.yes }),
        })
    }
}

impl Add {
    fn of(mut arguments: Arguments) -> Result<Self, String> {
        Ok(Self {
            settings: settings(&mut arguments)?,
            job: arguments.job.take(),
            suspended: arguments.suspended,
            urls: std::mem::take(&mut arguments.urls),
            files: Files::of(arguments)?,
        })
    }
}

impl Files {
    fn of(arguments: Arguments) -> Result<Self, String> {
        let for_ranges = (!arguments.ranges.is_empty()).then(|| "--range takes one URL".to_owned());
        Ok(Self {
            only_for_one: arguments.refuse_options_for_one().err().or(for_ranges),
            output: arguments.output.as_ref().map(path),
            dir: path(&arguments.directory),
            input_file: arguments.input.as_ref().map(path),
            metalink: arguments.metalink.as_ref().map(path),
            mirror: arguments.mirrors,
            glob: arguments.glob,
            ranges: arguments.ranges.into_iter().map(part).collect::<Result<_, _>>()?,
            checksum: arguments.checksums.into_iter().map(convert::digest).collect(),
            sums: arguments.sums.iter().map(path).collect(),
            connections: arguments.connections,
            limit_rate_per_file: arguments.limit_rate_per_file,
            content_disposition: arguments.origin_names,
            overwrite: arguments.overwrite,
            no_sync: arguments.no_sync,
        })
    }
}

/// The options of files, within a command that clap derives.
impl Args for Files {
    fn augment_args(command: clap::Command) -> clap::Command {
        builder::add_options(command, FILES_TO_ADD, &[], false)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Files {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let arguments = builder::taken(FILES_TO_ADD, matches);
        Self::of(arguments).map_err(|wrong| clap::Error::raw(ErrorKind::ValueValidation, wrong))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Run {
    fn of(arguments: &Arguments) -> Result<Self, String> {
        let window = |text: &String| schedule::window(text).map_err(|wrong| format!("--schedule: {wrong}"));
        Ok(Self {
            watch: arguments.watch,
            no_complete: arguments.no_complete,
            limits: Limits::of(arguments),
            schedule: arguments.schedule.iter().map(window).collect::<Result<_, _>>()?,
            network: arguments.network.map(convert::network),
            connections: Connections::of(arguments),
            volume: Volume::of(arguments),
        })
    }
}

const fn limit(rate: Rate) -> Limit {
    match rate {
        Rate::Limited(rate) => Limit(Some(rate)),
        Rate::Unlimited => Limit(None),
    }
}

/// A range of a job's file.
fn part(range: RequestedRange) -> Result<Part, String> {
    match range {
        RequestedRange::Bounded { offset, length } => Ok(Part { offset, length: Some(length) }),
        RequestedRange::From { offset } => Ok(Part { offset, length: None }),
        RequestedRange::Suffix { .. } => Err("jobs have no -SUFFIX; write FIRST-LAST or FIRST-".into()),
    }
}

/// The settings of a job. With a list of proxies the job uses it, unless another source is given.
fn settings(arguments: &mut Arguments) -> Result<Settings, String> {
    let by_list = arguments.proxy_list.is_some().then_some(ProxyUsage::Override);
    Ok(Settings {
        display_name: arguments.display_name.take(),
        description: arguments.description.take(),
        priority: word(arguments.priority.as_deref())?,
        retry_interval: arguments.retry_interval,
        retry_timeout: arguments.retry_timeout,
        cost_policy: word(arguments.transfer_policy.as_deref())?,
        proxy_usage: word(arguments.proxy_usage.as_deref())?.or(by_list),
        proxy_list: arguments.proxy_list.take(),
        proxy_bypass: arguments.proxy_bypass.take(),
        header: std::mem::take(&mut arguments.headers),
        auth_header: std::mem::take(&mut arguments.auth_headers),
        keep_going: arguments.keep_going,
        limit_rate: arguments.limit_rate.map(limit),
        notify: arguments.notify.iter().map(|one| known(one)).collect::<Result<_, _>>()?,
    })
}

fn word<W: Word>(given: Option<&str>) -> Result<Option<W>, String> {
    given.map(known).transpose()
}

/// The word of the queue. The table has the same words.
fn known<W: Word>(given: &str) -> Result<W, String> {
    let found = W::ALL.iter().copied().find(|word| word.as_str() == given);
    found.ok_or_else(|| format!("the queue does not know '{given}'"))
}

#[cfg(test)]
mod tests {
    use haul_command::table::jobs::{NOTIFICATIONS, PRIORITIES, PROXY_USAGES, TRANSFER_POLICIES};
    use haul_queue::vocabulary::{CostPolicy, Notification};

    use super::*;

    fn words<W: Word>() -> Vec<&'static str> {
        W::ALL.iter().map(Word::as_str).collect()
    }

    #[test]
    fn the_table_has_the_words_of_the_queue() {
        assert_eq!(words::<Priority>(), PRIORITIES);
        assert_eq!(words::<ProxyUsage>(), PROXY_USAGES);
        assert_eq!(words::<Notification>(), NOTIFICATIONS);
        assert_eq!(words::<CostPolicy>(), TRANSFER_POLICIES.map(|(word, _)| word));
    }
}

//! Options of a job, as settings of the engine.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use haul_command::arguments::{Arguments, Rate};
use haul_command::headers;
use haul_command::table::jobs::TRANSFER_POLICIES;
use haul_core::border::identity::JobId;
use haul_core::job::{Job, Priority, Setting};
use haul_core::settings::network::CostFlags;

use super::Problem;
use crate::command::documents;
use crate::shell::Shell;

/// Changes the settings of a job that are given.
pub fn apply(shell: &mut Shell, job: JobId, arguments: &Arguments) -> Result<(), Problem> {
    let policy = TRANSFER_POLICIES.iter().find(|(word, _)| Some(*word) == arguments.transfer_policy.as_deref());
    let settings = [
        arguments.display_name.clone().map(Setting::DisplayName),
        arguments.description.clone().map(Setting::Description),
        arguments.priority.as_deref().map(priority).map(Setting::Priority),
        arguments.retry_interval.map(Setting::MinimumRetryDelay),
        arguments.retry_timeout.map(Setting::NoProgressTimeout),
        policy.map(|(_, flags)| Setting::CostFlags(CostFlags::from_bits(*flags))),
        options(shell, job, arguments)?,
    ];
    Ok(settings.into_iter().flatten().try_for_each(|setting| shell.set_job(job, setting))?)
}

/// The options beyond the properties of BITS; `None` if they stay.
fn options(shell: &Shell, job: JobId, arguments: &Arguments) -> Result<Option<Setting>, Problem> {
    let Some(before) = shell.job(job).map(Job::options) else { return Ok(None) };
    let mut options = before.clone();
    if let Some(lines) = lines("--header", &arguments.headers)? {
        options.custom_headers = lines.into();
    }
    if let Some(lines) = lines("--auth-header", &arguments.auth_headers)? {
        options.auth_headers = lines.into();
    }
    options.keep_going = arguments.keep_going.unwrap_or(options.keep_going);
    options.max_rate = match arguments.limit_rate {
        Some(Rate::Limited(rate)) => Some(rate),
        Some(Rate::Unlimited) => None,
        None => options.max_rate,
    };
    Ok((options != *before).then_some(Setting::Options(options)))
}

fn lines(option: &str, given: &[String]) -> Result<Option<String>, String> {
    let read: Vec<String> = headers::read(option, given.to_vec(), |path| documents::text(&path.into()))?;
    Ok((!read.is_empty()).then(|| read.iter().map(|header| format!("{header}\r\n")).collect()))
}

/// The priority of a word of the table.
fn priority(word: &str) -> Priority {
    match word {
        "foreground" => Priority::Foreground,
        "high" => Priority::High,
        "low" => Priority::Low,
        _ => Priority::Normal,
    }
}

//! Facts of a job, one on each line.

use std::path::PathBuf;

use haul_queue::{ErrorView, FileView, JobView};
use indicatif::HumanBytes;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::known;

/// A label and its value.
pub type Fact = (&'static str, String);

/// All facts of a job; sizes are in bytes, or rounded for people if `human`.
pub fn of_job(job: &JobView, human: bool) -> Vec<Fact> {
    let bytes = |bytes: u64| if human { HumanBytes(bytes).to_string() } else { bytes.to_string() };
    let interval =
        if job.retry_interval == 0 { "the engine's choice".into() } else { format!("{} s", job.retry_interval) };
    let proxy = [
        Some(job.proxy_usage.to_string()),
        job.proxy_list.clone(),
        job.proxy_bypass.as_ref().map(|list| format!("but for {list}")),
    ];
    let mut facts = vec![
        ("id", job.id.clone()),
        ("display name", job.display_name.clone()),
        ("description", job.description.clone()),
        ("state", job.state.to_string()),
        ("priority", job.priority.to_string()),
        ("files", format!("{} of {}", job.files_transferred, job.files)),
        ("bytes", format!("{} of {}", bytes(job.bytes), known(job.total.map(bytes)))),
        ("created", local(job.created)),
        ("changed", local(job.changed)),
        ("transferred", known(job.transferred.map(local))),
        ("retry interval", interval),
        ("retry timeout", format!("{} s", job.retry_timeout)),
        ("cost policy", job.cost_policy.map_or_else(|| "of its own".into(), |policy| policy.to_string())),
        ("proxy", proxy.into_iter().flatten().collect::<Vec<_>>().join(" ")),
        ("notify", job.notify.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")),
        ("keep going", if job.keep_going { "yes" } else { "no" }.into()),
        ("limit rate", job.limit_rate.map_or_else(|| "unlimited".into(), |rate| format!("{}/s", bytes(rate)))),
        ("error count", job.error_count.to_string()),
    ];
    facts.extend(job.error.iter().flat_map(of_error));
    facts
}

/// The error of a job that failed or waits.
pub fn of_error(error: &ErrorView) -> Vec<Fact> {
    let code = [&error.cause.code, &error.cause.name].map(|part| part.clone().unwrap_or_default()).join(" ");
    let about = error.url.is_some() || error.path.is_some();
    let file = about.then(|| ("file", source(error.url.as_ref(), error.path.as_ref())));
    let advice = error.cause.advice.clone().map(|advice| ("advice", advice));
    let certain = [("context", error.context.to_string()), ("code", code), ("what", error.cause.message.clone())];
    file.into_iter().chain(certain).chain(advice).collect()
}

/// The error of a file that failed or waits.
pub fn of_file(file: &FileView) -> Vec<Fact> {
    let what = file.error.as_ref().map(|cause| ("what", cause.to_string()));
    [("file", source(file.url.as_ref(), file.path.as_ref()))].into_iter().chain(what).collect()
}

fn source(url: Option<&String>, path: Option<&PathBuf>) -> String {
    let url = known(url.cloned());
    let path = known(path.map(|path| path.to_string_lossy().into_owned()));
    format!("{url} -> {path}")
}

/// Date and time in the local time zone.
fn local(time: Timestamp) -> String {
    time.to_zoned(TimeZone::system()).strftime("%F %T").to_string()
}

//! The client's steps with jobs.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Outcome;
use crate::bindings::haul::delivery_optimization::background_copy_file2::get_file_ranges;
use crate::bindings::haul::delivery_optimization::background_copy_file5::{
    FileProperty, FilePropertyId, get_property as get_file_property,
};
use crate::bindings::haul::delivery_optimization::background_copy_job::{Job, JobState};
use crate::bindings::haul::delivery_optimization::background_copy_job5::{
    JobProperty, JobPropertyId, get_property as get_job_property, set_property as set_job_property,
};
use crate::bindings::haul::delivery_optimization::background_copy_manager::{create_job, enum_jobs, get_job};
use crate::bindings::haul::delivery_optimization::delivery_optimization_file::{
    DoFileProperty, get_stats, set_property as set_file_property,
};
use crate::bindings::haul::delivery_optimization::delivery_optimization_job::{add_file, add_file_with_ranges};
use crate::bindings::haul::delivery_optimization::engine;
use crate::bindings::haul::delivery_optimization::types::{
    CostFlags, Failure, FileInfo, FileRange, JobType, NotifyFlags,
};
use crate::callback;

/// Number of files in a job.
const FILES: usize = 3;

pub fn take(step: &str, url: &str, path: &str) -> Outcome {
    match step {
        "job-drive" => drive(url, path),
        "job-enumerate" => enumerate(url, path),
        "job-properties" => properties(url, path),
        "job-create" => Ok(create(url, path)?.get_id()),
        "job-list" => list(),
        "job-list-all" => enum_jobs(true).map(|_| "all".into()),
        "job-find" => Ok(get_job(url)?.get_display_name()),
        "job-hear" => hear(),
        "job-take" => get_job(url)?.take_ownership().map(|()| "taken".into()),
        callback => follow(callback.trim_start_matches("job-"), url, path),
    }
}

fn create(url: &str, path: &str) -> Result<Job, Failure> {
    let job = create_job("of a client", JobType::Download)?;
    let file = |number| FileInfo { remote_name: format!("{url}{number}"), local_name: format!("{path}{number}") };
    job.add_file_set(&(0..FILES).map(file).collect::<Vec<_>>())?;
    Ok(job)
}

/// Downloads the files without a callback; returns the number of events about the job and about its files.
fn drive(url: &str, path: &str) -> Outcome {
    let job = create(url, path)?;
    job.set_notify_flags(NotifyFlags::DISABLE)?;
    job.resume()?;
    let (mut of_job, mut of_files, mut of_others) = (0, 0, 0);
    while job.get_state() != JobState::Transferred {
        for event in engine::drive(None, Some(5_000_000_000))?.events {
            match event.subject {
                engine::Subject::Job(id) if id == job.get_id() => of_job += 1,
                engine::Subject::File((id, _)) if id == job.get_id() => of_files += 1,
                _ => of_others += 1,
            }
        }
    }
    let completion = job.complete()?;
    let progress = job.get_progress();
    Ok(format!("{completion:?} {} {} {} {of_others}", progress.files_transferred, of_job > 0, of_files > 0))
}

/// Runs a job with a callback that behaves as ordered.
fn follow(manner: &str, url: &str, path: &str) -> Outcome {
    callback::behave(manner);
    let job = create(url, path)?;
    if manner == "modify" {
        job.set_notify_flags(NotifyFlags::JOB_TRANSFERRED | NotifyFlags::JOB_MODIFICATION)?;
    }
    let (custom_headers, auth_headers) = (String::new(), String::new());
    let options = engine::JobOptions { custom_headers, auth_headers, keep_going: true, max_rate: None };
    engine::set_job_options(&job, &options)?;
    job.set_notify_interface(true)?;
    job.resume()?;
    Ok(job.get_id())
}

/// The number of job events that are pending now.
fn hear() -> Outcome {
    let events = engine::drive(None, Some(0))?.events;
    let is_of_job = |event: &&engine::Event| !matches!(event.subject, engine::Subject::Download(_));
    Ok(events.iter().filter(is_of_job).count().to_string())
}

fn list() -> Outcome {
    let jobs = enum_jobs(false)?.next(u32::MAX);
    Ok(jobs.iter().map(Job::get_id).collect::<Vec<_>>().join(" "))
}

/// Next, Skip, Reset, Clone and GetCount over the files of a job.
fn enumerate(url: &str, path: &str) -> Outcome {
    let job = create(url, path)?;
    let files = job.enum_files()?;
    let first = files.next(1)[0].get_local_name()?;
    let copy = files.clone();
    let (skipped, beyond) = (files.skip(1), files.skip(2));
    files.reset();
    let counts = [files.get_count() as usize, copy.next(9).len(), files.next(9).len()];
    job.cancel()?;
    Ok(format!("{} {skipped} {beyond} {counts:?}", first.ends_with('0')))
}

/// Adds a file that gets its path later and one with ranges, and returns the properties of both.
fn properties(url: &str, path: &str) -> Outcome {
    let job = create_job("ranges", JobType::Download)?;
    let ranges =
        [FileRange { initial_offset: 1000, length: Some(500) }, FileRange { initial_offset: 0, length: Some(10) }];
    add_file_with_ranges(&job, "first", &format!("{url}0"), &format!("{path}0"), &ranges, None)?;
    let later = add_file(&job, "second", Some(&format!("{url}1")), &[])?;
    let too_early = job.resume().err().map(|failure| failure.name).unwrap_or_default();
    set_file_property(&later, &DoFileProperty::DownloadSinkFilePath(format!("{path}1")))?;
    set_job_property(&job, &JobProperty::CostFlags(CostFlags::UNRESTRICTED | CostFlags::BELOW_CAP))?;
    let unknown = get_job_property(&job, JobPropertyId::OnDemandMode).err().map(|failure| failure.name);
    job.set_notify_flags(NotifyFlags::DISABLE)?;
    job.resume()?;
    while job.get_state() != JobState::Transferred {
        engine::drive(None, Some(5_000_000_000))?;
    }
    let FileProperty::HttpResponseHeaders(headers) = get_file_property(&later, FilePropertyId::HttpResponseHeaders)?;
    let first = job.enum_files()?.next(1);
    let asked: Vec<u64> = get_file_ranges(&first[0]).iter().map(|range| range.initial_offset).collect();
    let from_http = get_stats(&first[0]).bytes_from_http;
    job.complete()?;
    let line = headers.lines().find(|line| line.starts_with("etag")).unwrap_or_default().to_string();
    Ok([too_early, unknown.unwrap_or_default(), line, format!("{asked:?} {from_http}")].join(" | "))
}

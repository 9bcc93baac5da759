//! The examples of docs/reference/interfaces.md: one function for each interface that a client calls, named after it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::bindings::haul::delivery_optimization as haul;
use haul::background_copy_job::{Job, JobState};
use haul::do_download::{Download, Property, PropertyId, StartMode};
use haul::types::{CostFlags, DownloadState, DownloadStatus, Failure, FileInfo, FileRange, JobType};
use haul::{
    background_copy_file2, background_copy_file5, background_copy_job5, background_copy_manager,
    delivery_optimization_file, delivery_optimization_job, do_download_internal, do_manager, engine,
};

/// Runs the example of an interface.
pub fn take(interface: &str, url: &str, path: &str) -> Result<String, Failure> {
    match interface {
        "do-manager" => do_manager(url, path),
        "do-download" => do_download(url, path),
        "do-download-internal" => do_download_internal(),
        "engine" => engine(url, path),
        "background-copy-manager" => background_copy_manager(url, path),
        "background-copy-job" => background_copy_job(url, path),
        "background-copy-job5" => with_job(url, path, |job| background_copy_job5(job).map(|()| String::new())),
        "enum-background-copy-files" => with_job(url, path, enum_background_copy_files),
        "background-copy-file" => with_job(url, path, background_copy_file),
        "background-copy-file2" => with_job(url, path, |job| background_copy_file2(job, url)),
        "background-copy-file5" => background_copy_file5(url, path),
        "background-copy-error" => background_copy_error(url, path),
        "delivery-optimization-job" => delivery_optimization_job(url, path),
        "delivery-optimization-file" => delivery_optimization_file(url, path),
        unknown => Ok(unknown.to_string()),
    }
}

/// Runs an example with a job of one file, and cancels the job.
fn with_job(url: &str, path: &str, example: impl FnOnce(&Job) -> Result<String, Failure>) -> Result<String, Failure> {
    let job = background_copy_manager::create_job("example", JobType::Download)?;
    job.add_file(url, path)?;
    let result = example(&job);
    job.cancel()?;
    result
}

/// Drives the engine until a job has no work left.
fn wait_for_job(job: &Job) -> Result<(), Failure> {
    while !matches!(job.get_state(), JobState::Transferred | JobState::Error) {
        engine::drive(None, None)?;
    }
    Ok(())
}

fn do_manager(url: &str, path: &str) -> Result<String, Failure> {
    let download = do_manager::create_download()?;
    download.set_property(&Property::Uri(url.into()))?;
    download.set_property(&Property::LocalPath(path.into()))?;

    // Finds it again, also after a restart if the property `non-volatile` is set.
    let same_url = do_manager::Category::Uri(url.into());
    let found = do_manager::enum_downloads(Some(&same_url))?.next(10);
    download.abort()?;
    Ok(found.len().to_string())
}

fn do_download(url: &str, path: &str) -> Result<String, Failure> {
    let download = do_manager::create_download()?;
    download.set_property(&Property::Uri(url.into()))?;
    download.set_property(&Property::LocalPath(path.into()))?;
    download.start(&StartMode::WholeFile)?;
    loop {
        let status = download.get_status();
        match (status.state, status.error) {
            (DownloadState::Transferred, _) => break,
            (_, Some(failure)) => return Err(failure),
            // Bytes move only during a call of `drive`.
            _ => engine::drive(None, None)?,
        };
    }
    // Gives the file its name.
    download.finalize()?;
    Ok(download.get_status().bytes_transferred.to_string())
}

fn do_download_internal() -> Result<String, Failure> {
    use do_download_internal::{PropertyEx, set_property_ex};

    let download = do_manager::create_download()?;
    set_property_ex(&download, &PropertyEx::CorrelationVector("cV.1".into()))?;
    let read = download.get_property(PropertyId::CorrelationVector)?;
    download.abort()?;
    Ok(if let Property::CorrelationVector(text) = read { text } else { String::new() })
}

fn engine(url: &str, path: &str) -> Result<String, Failure> {
    // A plugin finds the engine open. A consumer calls `open` first and `close` at the end.
    let name = engine::suggest_file_name(url);
    let download = do_manager::create_download()?;
    download.set_property(&Property::Uri(url.into()))?;
    download.set_property(&Property::LocalPath(path.into()))?;
    download.start(&StartMode::WholeFile)?;
    while download.get_status().state != DownloadState::Transferred {
        engine::drive(None, None)?;
    }
    download.finalize()?;
    let report = engine::get_report(&download);
    Ok([name, report.bytes_fetched.to_string(), report.restarts.to_string()].join(" "))
}

fn background_copy_manager(url: &str, path: &str) -> Result<String, Failure> {
    let job = background_copy_manager::create_job("nightly maps", JobType::Download)?;
    job.add_file(url, path)?;

    // A job outlives its handle: its id finds it again.
    let again = background_copy_manager::get_job(&job.get_id())?;
    let name = again.get_display_name();
    again.cancel()?;
    Ok(name)
}

fn background_copy_job(url: &str, path: &str) -> Result<String, Failure> {
    let job = background_copy_manager::create_job("example", JobType::Download)?;
    job.add_file_set(&[FileInfo { remote_name: url.into(), local_name: path.into() }])?;
    job.resume()?;
    while job.get_state() != JobState::Transferred {
        if job.get_state() == JobState::Error {
            return Err(job.get_error()?.get_error().1);
        }
        engine::drive(None, None)?;
    }
    // Gives the files their names and removes the job.
    job.complete()?;
    Ok(job.get_progress().bytes_transferred.to_string())
}

fn background_copy_job5(job: &Job) -> Result<(), Failure> {
    use background_copy_job5::{JobProperty, set_property};

    // Only on a network without a charge, or below its cap.
    let cost = CostFlags::UNRESTRICTED | CostFlags::BELOW_CAP;
    set_property(job, &JobProperty::CostFlags(cost))
}

fn enum_background_copy_files(job: &Job) -> Result<String, Failure> {
    let files = job.enum_files()?;
    let mut names = Vec::new();
    while let [file] = &files.next(1)[..] {
        names.push(file.get_local_name()?);
    }
    Ok(names.join("\n"))
}

fn background_copy_file(job: &Job) -> Result<String, Failure> {
    let files = job.enum_files()?.next(1);
    let progress = files[0].get_progress();
    // The length is unknown until the origin has declared it.
    let total = progress.bytes_total.map_or("?".into(), |total| total.to_string());
    Ok([progress.bytes_transferred.to_string(), total].join(" of "))
}

fn background_copy_file2(job: &Job, new_url: &str) -> Result<String, Failure> {
    let files = job.enum_files()?.next(1);
    // The bytes that arrived from the old URL are kept if they are proven to be the same.
    background_copy_file2::set_remote_name(&files[0], new_url)?;
    // Empty: the whole file.
    Ok(background_copy_file2::get_file_ranges(&files[0]).len().to_string())
}

fn background_copy_file5(url: &str, path: &str) -> Result<String, Failure> {
    use background_copy_file5::{FileProperty, FilePropertyId, get_property};

    let job = background_copy_manager::create_job("example", JobType::Download)?;
    job.add_file(url, path)?;
    job.resume()?;
    wait_for_job(&job)?;
    let files = job.enum_files()?.next(1);
    let FileProperty::HttpResponseHeaders(headers) = get_property(&files[0], FilePropertyId::HttpResponseHeaders)?;
    job.complete()?;
    Ok(headers.lines().find(|line| line.starts_with("etag")).unwrap_or_default().to_string())
}

fn background_copy_error(url: &str, path: &str) -> Result<String, Failure> {
    let job = background_copy_manager::create_job("example", JobType::Download)?;
    job.add_file(&[url, ".missing"].concat(), path)?;
    job.resume()?;
    wait_for_job(&job)?;
    let (_, failure) = job.get_error()?.get_error();
    let file = job.get_error()?.get_file()?.get_local_name()?;
    job.cancel()?;
    Ok([failure.name, file].join(" "))
}

fn delivery_optimization_job(url: &str, path: &str) -> Result<String, Failure> {
    let job = background_copy_manager::create_job("example", JobType::Download)?;
    let first = FileRange { initial_offset: 0, length: Some(1000) };
    delivery_optimization_job::add_file_with_ranges(&job, "first-kilobyte", url, path, &[first], None)?;
    job.resume()?;
    wait_for_job(&job)?;
    job.complete()?;
    Ok(job.get_progress().bytes_transferred.to_string())
}

fn delivery_optimization_file(url: &str, path: &str) -> Result<String, Failure> {
    use delivery_optimization_file::{DoFileProperty, get_stats, set_property};

    let job = background_copy_manager::create_job("example", JobType::Download)?;
    // The file gets its path later.
    let file = delivery_optimization_job::add_file(&job, "whole-file", Some(url), &[])?;
    set_property(&file, &DoFileProperty::DownloadSinkFilePath(path.into()))?;
    job.resume()?;
    wait_for_job(&job)?;
    let stats = get_stats(&file);
    job.complete()?;
    Ok(stats.bytes_from_http.to_string())
}

/// The host calls `on-status-change` with each change.
pub fn do_download_status_callback(download: &Download, status: &DownloadStatus) -> Result<(), Failure> {
    match status.state {
        DownloadState::Transferred => download.finalize(),
        _ => Ok(()),
    }
}

/// The host calls `job-transferred` until it succeeds.
pub fn background_copy_callback(job: &Job) -> Result<(), ()> {
    job.complete().map(|_| ()).map_err(|_| ())
}

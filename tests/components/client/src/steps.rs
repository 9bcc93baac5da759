//! The steps that a test can order from the client.

mod hostile;
mod jobs;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use wasip2::filesystem::preopens::get_directories;
use wasip2::filesystem::types::{DescriptorFlags, OpenFlags, PathFlags};
use wasip2::io::streams::OutputStream;

use crate::bindings::haul::delivery_optimization::do_download::{Download, Property, PropertyId, StartMode};
use crate::bindings::haul::delivery_optimization::do_download_internal::{
    PropertyEx, PropertyIdEx, get_property_ex, set_property_ex,
};
use crate::bindings::haul::delivery_optimization::do_manager::{Category, create_download, enum_downloads};
use crate::bindings::haul::delivery_optimization::engine;
use crate::bindings::haul::delivery_optimization::types::{DownloadState, Failure, RequestedRange};
use crate::{callback, examples};

type Outcome = Result<String, Failure>;

pub fn take(step: &str, url: &str, path: &str) -> Outcome {
    match step {
        "fetch" => fetch(url, path),
        "fetch-blocking" => fetch_blocking(url, path),
        "ranges" => ranges(url, path),
        "pause-and-resume" => pause_and_resume(url, path),
        "leave-behind" => leave_behind(url, path),
        "find-and-finish" => find_and_finish(path),
        "count" => count(),
        "enumerate" => enumerate(),
        "stream" => stream(url, path),
        "internal" => internal(),
        "open" => engine::open(&settings()).map(|()| "opened".into()),
        "close" => {
            engine::close();
            Ok("closed".into())
        }
        _ if step.starts_with("example-") => examples::take(&step["example-".len()..], url, path),
        _ if step.starts_with("hostile-") => hostile::take(step, url, path),
        _ if step.starts_with("job") => jobs::take(step, url, path),
        callback => follow(callback, url, path),
    }
}

fn settings() -> engine::Settings {
    let driver = engine::Driver {
        computes_digests: false,
        locks_files: false,
        takes_exchange_fields: false,
        resolves_content: false,
        waits_for_callers: false,
    };
    engine::Settings {
        driver,
        state_directory: None,
        records_directory: None,
        network: None,
        max_running: None,
        max_rate: None,
        max_per_origin: None,
    }
}

fn created(url: &str, path: &str) -> Result<Download, Failure> {
    let download = create_download()?;
    download.set_property(&Property::Uri(url.into()))?;
    download.set_property(&Property::LocalPath(path.into()))?;
    Ok(download)
}

fn id(download: &Download) -> Result<String, Failure> {
    match download.get_property(PropertyId::Id)? {
        Property::Id(id) => Ok(id),
        _ => Ok(String::new()),
    }
}

/// Drives the engine until the download has stopped; returns the error if it failed for good.
fn wait(download: &Download) -> Result<DownloadState, Failure> {
    loop {
        let status = download.get_status();
        match (status.state, status.error, status.extended_error) {
            (DownloadState::Transferring, _, _) | (_, _, Some(_)) => {}
            (_, Some(failure), _) => return Err(failure),
            (state, None, None) => return Ok(state),
        }
        engine::drive(None, Some(5_000_000_000))?;
    }
}

fn finish(download: &Download) -> Outcome {
    wait(download)?;
    download.finalize()?;
    Ok(download.get_status().bytes_transferred.to_string())
}

fn fetch(url: &str, path: &str) -> Outcome {
    let download = created(url, path)?;
    download.start(&StartMode::WholeFile)?;
    finish(&download)
}

fn fetch_blocking(url: &str, path: &str) -> Outcome {
    let download = created(url, path)?;
    download.set_property(&Property::BlockingMode(true))?;
    download.start(&StartMode::WholeFile)?;
    download.finalize()?;
    Ok(download.get_status().bytes_transferred.to_string())
}

fn ranges(url: &str, path: &str) -> Outcome {
    let download = created(url, path)?;
    let wanted = [RequestedRange::Bounded((1000, 500)), RequestedRange::Bounded((0, 100)), RequestedRange::Suffix(50)];
    download.start(&StartMode::Ranges(wanted.to_vec()))?;
    finish(&download)
}

fn pause_and_resume(url: &str, path: &str) -> Outcome {
    let download = created(url, path)?;
    download.start(&StartMode::WholeFile)?;
    while download.get_status().bytes_transferred == 0 {
        engine::drive(None, Some(5_000_000_000))?;
    }
    download.pause()?;
    wait(&download)?;
    let kept = download.get_status().bytes_transferred;
    download.start(&StartMode::Resume)?;
    finish(&download)?;
    let resumed = engine::get_report(&download).bytes_resumed;
    Ok(format!("{kept} {resumed}"))
}

/// Leaves a non-volatile download behind, paused after its first bytes.
fn leave_behind(url: &str, path: &str) -> Outcome {
    let download = created(url, path)?;
    download.set_property(&Property::NonVolatile(true))?;
    download.set_property(&Property::DisplayName("left behind".into()))?;
    download.start(&StartMode::WholeFile)?;
    while download.get_status().bytes_transferred == 0 {
        engine::drive(None, Some(5_000_000_000))?;
    }
    download.pause()?;
    wait(&download)?;
    id(&download)
}

/// Finds a download by its display name and finishes it.
fn find_and_finish(name: &str) -> Outcome {
    let found = enum_downloads(Some(&Category::DisplayName(name.into())))?.next(1);
    let Some(download) = found.first() else { return Ok("none".into()) };
    let before = download.get_status();
    download.start(&StartMode::Resume)?;
    finish(download)?;
    let resumed = engine::get_report(download).bytes_resumed;
    Ok(format!("{} {:?} {resumed}", id(download)?, before.state))
}

fn count() -> Outcome {
    Ok(enum_downloads(None)?.next(u32::MAX).len().to_string())
}

/// Next, Skip, Reset and Clone over five downloads.
fn enumerate() -> Outcome {
    let made: Vec<Download> = (0..5).map(|_| create_download()).collect::<Result<_, _>>()?;
    let ids = |downloads: &[Download]| downloads.iter().map(id).collect::<Result<Vec<_>, _>>();
    let all = ids(&made)?;
    let first = enum_downloads(None)?;
    let two = ids(&first.next(2))?;
    let copy = first.clone();
    let skipped = (first.skip(2), first.skip(2));
    let none = first.next(1).len();
    let rest = ids(&copy.next(9))?;
    first.reset();
    let again = ids(&first.next(1))?;
    made.iter().try_for_each(Download::abort)?;
    let right = two == all[..2] && skipped == (true, false) && none == 0 && rest == all[2..] && again == all[..1];
    let gone = enum_downloads(None).err().map_or("still there".into(), |failure| failure.name);
    Ok(format!("{right} {gone}"))
}

fn sink(path: &str) -> OutputStream {
    let (directory, _) = get_directories().into_iter().next().expect("a directory");
    let file = directory
        .open_at(PathFlags::empty(), path, OpenFlags::CREATE | OpenFlags::TRUNCATE, DescriptorFlags::WRITE)
        .expect("a file of the client's own");
    file.write_via_stream(0).expect("a stream")
}

/// Downloads two ranges into a stream that the client opened.
fn stream(url: &str, path: &str) -> Outcome {
    let download = create_download()?;
    download.set_property(&Property::Uri(url.into()))?;
    download.set_stream_interface(sink(path))?;
    let wanted = [RequestedRange::Bounded((0, 100)), RequestedRange::Bounded((200, 1000))];
    download.start(&StartMode::Ranges(wanted.to_vec()))?;
    finish(&download)
}

fn internal() -> Outcome {
    let download = create_download()?;
    set_property_ex(&download, &PropertyEx::CorrelationVector("cV.1".into()))?;
    let same =
        matches!(download.get_property(PropertyId::CorrelationVector)?, Property::CorrelationVector(v) if v == "cV.1");
    let refused = [
        get_property_ex(&download, PropertyIdEx::UpdateId).err(),
        get_property_ex(&download, PropertyIdEx::IntegrityCheckInfo).err(),
        get_property_ex(&download, PropertyIdEx::TotalSizeBytes).err(),
    ];
    let names: Vec<_> = refused.into_iter().flatten().map(|failure| failure.name).collect();
    download.abort()?;
    Ok(format!("{same} {}", names.join(" ")))
}

/// Runs a download to its end with a callback that behaves as ordered.
fn follow(manner: &str, url: &str, path: &str) -> Outcome {
    if manner == "told" {
        return Ok(callback::told());
    }
    callback::behave(manner);
    let download = created(url, path)?;
    download.set_property(&Property::CallbackFreqSeconds(0))?;
    if manner == "register-late" {
        download.start(&StartMode::WholeFile)?;
        wait(&download)?;
    }
    download.set_property(&Property::CallbackInterface(true))?;
    if manner != "register-late" {
        download.start(&StartMode::WholeFile)?;
    }
    id(&download)
}

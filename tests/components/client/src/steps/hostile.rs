//! Steps of a client that exceeds its limits or touches objects of other callers.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Outcome, created, id};
use crate::bindings::haul::delivery_optimization::background_copy_manager::{create_job, get_job};
use crate::bindings::haul::delivery_optimization::do_download::{Download, Property, StartMode};
use crate::bindings::haul::delivery_optimization::do_manager::{Category, create_download, enum_downloads};
use crate::bindings::haul::delivery_optimization::types::{Failure, FileInfo, JobType};

pub fn take(step: &str, url: &str, path: &str) -> Outcome {
    match step {
        "hostile-downloads" => count(create_download),
        "hostile-jobs" => count(|| create_job("a job", JobType::Download)),
        "hostile-enumerators" => {
            let _one = create_download()?;
            count(|| enum_downloads(None))
        }
        "hostile-huge" => huge(url, path),
        "hostile-guess" => guess(url),
        "hostile-dropped" => {
            let download = create_download()?;
            let handle = download.handle();
            drop(download);
            // SAFETY: none is needed: the runtime must detect the dropped handle.
            let dropped = unsafe { Download::from_handle(handle) };
            Ok(format!("{:?}", dropped.get_status().state))
        }
        "hostile-unread" => unread(url, path),
        other => panic!("an unknown step: {other}"),
    }
}

/// Calls `make` until it fails; returns the number of objects made and the name of the error.
fn count<T>(make: impl Fn() -> Result<T, Failure>) -> Outcome {
    let mut all = Vec::new();
    loop {
        match make() {
            Ok(one) => all.push(one),
            Err(failure) => return Ok(format!("{} {}", all.len(), failure.name)),
        }
    }
}

/// Passes texts and lists that are far too long, such as 20 MiB.
fn huge(url: &str, path: &str) -> Outcome {
    let (download, job) = (create_download()?, create_job("a job", JobType::Download)?);
    let long = || "a".repeat(20 << 20);
    let header = || format!("A: {}\r\n", long());
    let info = |_| FileInfo { remote_name: url.into(), local_name: path.into() };
    let outcomes = [
        download.set_property(&Property::Uri(long())),
        download.set_property(&Property::LocalPath(long())),
        download.set_property(&Property::DisplayName(long())),
        download.set_property(&Property::HttpCustomHeaders(header())),
        job.add_file(&long(), &long()),
        job.add_file_set(&(0..200_000).map(info).collect::<Vec<_>>()),
        create_job(&long(), JobType::Download).map(drop),
    ];
    let names: Vec<String> =
        outcomes.into_iter().map(|outcome| outcome.err().map_or("accepted".into(), |failure| failure.name)).collect();
    Ok(names.join(" "))
}

/// Looks up objects of another caller by their id.
fn guess(other: &str) -> Outcome {
    let download = enum_downloads(Some(&Category::Id(other.into()))).err();
    let job = get_job(other).err();
    let names: Vec<_> = [download, job].into_iter().flatten().map(|failure| failure.name).collect();
    Ok(names.join(" "))
}

/// Starts 100 downloads with events enabled and never reads an event.
fn unread(url: &str, path: &str) -> Outcome {
    let mut ids = Vec::new();
    for number in 0..100 {
        let download = created(url, &format!("{path}{number}"))?;
        download.set_property(&Property::CallbackInterface(true))?;
        download.start(&StartMode::WholeFile)?;
        ids.push(id(&download)?);
    }
    Ok(ids.len().to_string())
}

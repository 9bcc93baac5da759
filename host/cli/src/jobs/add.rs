//! `haul jobs add`

mod collection;

use std::collections::BTreeMap;

use haul::Engine;
use haul_queue::{Action, Client, CommandError, JobView, NewFile, NewJob, Outcome, Request, Selection, Settings};

use self::collection::{Wanted, collect, share_standard_input};
use super::render::{self, Renderer};
use super::{settings, succeeded};
use crate::arguments::jobs::Add;
use crate::output;

/// Adds all files to the named job, or to a new one. Files with their own request headers get a new job for each set of headers.
///
/// Either all files are added, or none.
pub async fn add(client: &mut Client, add: Add, renderer: &Renderer) -> Result<Outcome, CommandError> {
    share_standard_input(&add)?;
    let settings = settings::settled(add.settings)?;
    if add.job.is_some() && !settings.is_empty() {
        return Err(CommandError::misuse("--job takes files only; 'haul jobs set' changes what a job was told"));
    }
    // This engine only parses documents and names files. It must not open the queue.
    let reader = Engine::builder().open().await?;
    let wanted = collect(&reader, &add.urls, &add.files).await;
    reader.close().await;
    let request = match add.job {
        Some(job) => more_files(job, wanted?)?,
        None => new_jobs(&settings, !add.suspended, wanted?),
    };
    let (jobs, outcome) = succeeded(client.ask(&request).await?.jobs()?);
    renderer.made(&jobs);
    if output::failure().is_some() {
        return Err(unheard(client, &request, &jobs).await?);
    }
    if render::to_person() && !client.is_remote() && !renderer.json {
        output::say("no process runs the queue; start one with 'haul jobs run'");
    }
    Ok(outcome)
}

/// Cancels new jobs if their ids could not be written: the caller does not know them, and the command fails.
async fn unheard(client: &mut Client, request: &Request, jobs: &[JobView]) -> Result<CommandError, CommandError> {
    let Request::Create { .. } = request else { return Ok(CommandError::failed("the files were added all the same")) };
    let jobs = Selection::Named(jobs.iter().map(|job| job.id.clone()).collect());
    let (_, outcome) = succeeded(client.ask(&Request::Act { jobs, action: Action::Cancel }).await?.jobs()?);
    Ok(match outcome {
        Outcome::AllTransferred => CommandError::failed("nothing was added"),
        _ => CommandError::failed("the job was added all the same"),
    })
}

fn more_files(job: String, wanted: Vec<Wanted>) -> Result<Request, CommandError> {
    match <[_; 1]>::try_from(by_headers(wanted)) {
        Ok([(headers, files)]) if headers.is_empty() => Ok(Request::Add { job, files }),
        _ => Err(CommandError::misuse("header= belongs to a job; leave out --job, or take 'haul jobs set --header'")),
    }
}

fn new_jobs(settings: &Settings, resume: bool, wanted: Vec<Wanted>) -> Request {
    let job = |(headers, files): (Vec<String>, Vec<NewFile>)| {
        let mut settings = settings.clone();
        settings.display_name = settings.display_name.or_else(|| name_of(&files));
        settings.header.extend(headers);
        NewJob { settings, files, resume }
    };
    Request::Create { jobs: by_headers(wanted).into_iter().map(job).collect() }
}

/// Groups files by their headers, in the given order.
fn by_headers(wanted: Vec<Wanted>) -> Vec<(Vec<String>, Vec<NewFile>)> {
    let mut groups: Vec<(Vec<String>, Vec<NewFile>)> = Vec::new();
    let mut places = BTreeMap::new();
    for Wanted { headers, file } in wanted {
        let place = *places.entry(headers.clone()).or_insert_with(|| {
            groups.push((headers, Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(file);
    }
    groups
}

/// The display name of a job if none is given.
fn name_of(files: &[NewFile]) -> Option<String> {
    let first = files.first()?.path.file_name()?.to_string_lossy().into_owned();
    Some(match files.len() {
        1 => first,
        several => format!("{first} and {} more", several - 1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(name: &str, headers: &[&str]) -> Wanted {
        let file = NewFile { path: format!("/d/{name}").into(), ..NewFile::default() };
        Wanted { headers: headers.iter().map(|header| (*header).to_owned()).collect(), file }
    }

    #[test]
    fn files_with_headers_of_their_own_get_a_job_of_their_own() {
        let groups = by_headers(vec![
            wanted("a", &[]),
            wanted("b", &["Cookie: x"]),
            wanted("c", &[]),
            wanted("d", &["Cookie: x"]),
        ]);
        let names: Vec<_> = groups.iter().map(|(headers, files)| (headers.len(), name_of(files).unwrap())).collect();
        assert_eq!(names, [(0, "a and 1 more".to_owned()), (1, "b and 1 more".to_owned())]);
    }
}

//! `haul jobs add`

mod collecting;

use std::collections::BTreeMap;

use haul::Engine;

use self::collecting::{Wanted, collect, share_standard_input};
use super::file::NewFile;
use super::problem::Problem;
use super::protocol::{Action, NewJob, Request, Selection};
use super::queue::Queue;
use super::shown::Shown;
use super::told;
use super::view::JobView;
use crate::arguments::jobs::Add;
use crate::exit::Outcome;
use crate::output;

/// All files go to the one job that was named, or to a new one; those with request headers of their own to one for these headers.
///
/// Either everything is added, or nothing.
pub async fn add(queue: &mut Queue, mut add: Add, shown: &Shown) -> Result<Outcome, Problem> {
    share_standard_input(&add)?;
    add.settings.settle()?;
    if add.job.is_some() && !add.settings.is_empty() {
        return Err(Problem::misuse("--job takes files only; 'haul jobs set' changes what a job was told"));
    }
    // It reads documents and names files, and has nothing to do with the queue.
    let reader = Engine::builder().open().await?;
    let wanted = collect(&reader, &add).await;
    reader.close().await;
    let request = request(add, wanted?)?;
    let (jobs, outcome) = told(queue.ask(&request).await?.jobs()?);
    shown.made(&jobs);
    if output::failure().is_some() {
        return Err(unheard(queue, &request, &jobs).await?);
    }
    if super::shown::to_person() && !queue.is_run() && !shown.json {
        output::say("nobody runs the queue now; 'haul jobs run' does");
    }
    Ok(outcome)
}

/// The ids of new jobs could not be written: the caller, who could do nothing with the jobs, takes the command for failed.
async fn unheard(queue: &mut Queue, request: &Request, jobs: &[JobView]) -> Result<Problem, Problem> {
    let Request::Create { .. } = request else { return Ok(Problem::failed("the files were added all the same")) };
    let jobs = Selection::Named(jobs.iter().map(|job| job.id.clone()).collect());
    let (_, outcome) = told(queue.ask(&Request::Act { jobs, action: Action::Cancel }).await?.jobs()?);
    Ok(match outcome {
        Outcome::AllTransferred => Problem::failed("nothing was added"),
        _ => Problem::failed("the job was added all the same"),
    })
}

fn request(add: Add, wanted: Vec<Wanted>) -> Result<Request, Problem> {
    let groups = by_headers(wanted);
    if let Some(job) = add.job {
        let files = match <[_; 1]>::try_from(groups) {
            Ok([(headers, files)]) if headers.is_empty() => files,
            _ => {
                return Err(Problem::misuse(
                    "header= belongs to a job; leave out --job, or take 'haul jobs set --header'",
                ));
            }
        };
        return Ok(Request::Add { job, files });
    }
    let job = |(headers, files): (Vec<String>, Vec<NewFile>)| {
        let mut settings = add.settings.clone();
        settings.display_name = settings.display_name.or_else(|| name_of(&files));
        settings.header.extend(headers);
        NewJob { settings, files, resume: !add.suspended }
    };
    Ok(Request::Create { jobs: groups.into_iter().map(job).collect() })
}

/// Files with the same headers together, in the order in which they were given.
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

/// What people will know the job by.
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

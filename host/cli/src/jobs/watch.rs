//! `haul jobs watch`

use std::collections::HashSet;
use std::io::{self, IsTerminal};

use haul_queue::{Answer, Client, CommandError, JobView, Outcome, Reply, Request};

use super::live::Live;
use crate::arguments::jobs::Watch;
use crate::interrupts::Interrupts;
use crate::progress::Loudness;

/// Shows the jobs until none of them continues without a request.
pub async fn watch(client: &mut Client, watch: &Watch, json: bool) -> Result<Outcome, CommandError> {
    let mut live = Live::new(Loudness { quiet: false, json, verbose: 0, drowned: false });
    let request = Request::Describe { jobs: watch.listed.selection() };
    let mut jobs = all_of(client.ask(&request).await?)?;
    let mut interrupts = Interrupts::new().map_err(|error| CommandError::failed(error.to_string()))?;
    let mut hinted = !io::stderr().is_terminal();
    loop {
        let there: HashSet<_> = jobs.iter().map(|job| job.id.as_str()).collect();
        live.keep(|id| there.contains(id));
        jobs.iter().for_each(|job| live.show(job));
        if !jobs.iter().any(JobView::is_under_way) {
            live.clear();
            return Ok(worst(&jobs));
        }
        if !hinted && !client.is_remote() {
            live.display().mention("no process runs the queue; start one with 'haul jobs run'");
            hinted = true;
        }
        // Release the queue, so that another process may run it between two updates.
        client.release().await;
        tokio::select! {
            () = tokio::time::sleep(watch.interval) => {}
            () = interrupts.next() => {
                live.clear();
                return Ok(Outcome::Interrupted);
            }
        }
        jobs = those_left(client.ask(&request).await?)?;
    }
}

/// Every job; an error if one of them does not exist.
fn all_of(reply: Reply) -> Result<Vec<JobView>, CommandError> {
    let job = |answer| match answer {
        Answer::Job(job) => Ok(*job),
        Answer::Error(error) => Err(error),
    };
    reply.jobs()?.into_iter().map(job).collect()
}

/// The jobs that still exist; completed ones are gone.
fn those_left(reply: Reply) -> Result<Vec<JobView>, CommandError> {
    let job = |answer| match answer {
        Answer::Job(job) => Some(*job),
        Answer::Error(_) => None,
    };
    Ok(reply.jobs()?.into_iter().filter_map(job).collect())
}

fn worst(jobs: &[JobView]) -> Outcome {
    let outcomes = jobs.iter().filter_map(|job| job.error.as_ref()).map(|error| error.outcome);
    outcomes.max().unwrap_or(Outcome::AllTransferred)
}

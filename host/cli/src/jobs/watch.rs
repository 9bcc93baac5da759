//! `haul jobs watch`

use std::collections::HashSet;
use std::io::{self, IsTerminal};

use super::board::Board;
use super::problem::Problem;
use super::protocol::{Reply, Request, Told};
use super::queue::Queue;
use super::view::JobView;
use crate::arguments::jobs::Watch;
use crate::exit::Outcome;
use crate::interrupts::Interrupts;
use crate::progress::Loudness;

/// Until nothing happens any more.
pub async fn watch(queue: &mut Queue, watch: &Watch, json: bool) -> Result<Outcome, Problem> {
    let mut board = Board::new(Loudness { quiet: false, json, verbose: 0, drowned: false });
    let request = Request::Describe { jobs: watch.listed.selection() };
    let mut jobs = all_of(queue.ask(&request).await?)?;
    let mut interrupts = Interrupts::new().map_err(|error| Problem::failed(error.to_string()))?;
    let mut hinted = !io::stderr().is_terminal();
    loop {
        let there: HashSet<_> = jobs.iter().map(|job| job.id.as_str()).collect();
        board.keep(|id| there.contains(id));
        jobs.iter().for_each(|job| board.show(job));
        if !jobs.iter().any(JobView::is_under_way) {
            board.clear();
            return Ok(worst(&jobs));
        }
        if !hinted && !queue.is_run() {
            board.display().mention("nobody runs the queue now; 'haul jobs run' does");
            hinted = true;
        }
        // Somebody may want to run it.
        queue.release().await;
        tokio::select! {
            () = tokio::time::sleep(watch.interval) => {}
            () = interrupts.next() => {
                board.clear();
                return Ok(Outcome::Interrupted);
            }
        }
        jobs = those_left(queue.ask(&request).await?)?;
    }
}

/// Every job that was asked for.
fn all_of(reply: Reply) -> Result<Vec<JobView>, Problem> {
    let job = |told| match told {
        Told::Job(job) => Ok(*job),
        Told::Problem(problem) => Err(problem),
    };
    reply.jobs()?.into_iter().map(job).collect()
}

/// Jobs are completed, and gone then.
fn those_left(reply: Reply) -> Result<Vec<JobView>, Problem> {
    let job = |told| match told {
        Told::Job(job) => Some(*job),
        Told::Problem(_) => None,
    };
    Ok(reply.jobs()?.into_iter().filter_map(job).collect())
}

fn worst(jobs: &[JobView]) -> Outcome {
    let outcomes = jobs.iter().filter_map(|job| job.error.as_ref()).map(|error| error.outcome);
    outcomes.max().unwrap_or(Outcome::AllTransferred)
}

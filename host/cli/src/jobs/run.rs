//! `haul jobs run`

mod driver;

use haul::{Builder, Engine};
use haul_queue::schedule::Schedule;
use haul_queue::{CommandError, Location, Outcome, Queue, Server};
use jiff::Zoned;
use tokio::task::LocalSet;

use self::driver::{Driver, End};
use crate::arguments::jobs::Run;
use crate::interrupts::Interrupts;
use crate::progress::Loudness;

/// Runs the queue until no job continues without a request, or the user interrupts.
pub async fn run(location: &Location, run: &Run, json: bool) -> Result<Outcome, CommandError> {
    let interrupts = Interrupts::new().map_err(|error| CommandError::failed(error.to_string()))?;
    let queue = haul_queue::acquire(location, |builder| set_up(builder, run)).await?;
    let ended = LocalSet::new().run_until(drive(location, &queue, run, json, interrupts)).await;
    queue.close().await;
    ended
}

fn set_up(builder: Builder, run: &Run) -> Builder {
    let builder = builder.max_running(run.limits.jobs);
    let builder = match schedule(run).rate_at(Zoned::now().datetime()) {
        Some(rate) => builder.max_rate(rate),
        None => builder,
    };
    let builder = match run.limits.max_per_origin {
        Some(most) => builder.max_per_origin(most),
        None => builder,
    };
    match run.network {
        Some(network) => builder.network(network),
        None => builder,
    }
}

fn schedule(run: &Run) -> Schedule {
    Schedule { windows: run.schedule.clone(), otherwise: run.limits.limit_rate }
}

async fn drive(
    location: &Location,
    queue: &Queue,
    run: &Run,
    json: bool,
    mut interrupts: Interrupts,
) -> Result<Outcome, CommandError> {
    let loudness = Loudness { quiet: run.volume.quiet, json, verbose: run.volume.verbose, drowned: false };
    let mut driver = Driver::new(queue, loudness, !run.no_complete);
    let pace = tokio::task::spawn_local(follow_schedule(queue.engine().clone(), schedule(run)));
    let ended = loop {
        let server = serve(queue, location)?;
        let end = tokio::select! {
            end = driver.until_nothing_moves(run.watch) => end,
            () = interrupts.next() => Ok(End::Interrupted),
        };
        tokio::select! {
            () = server.close() => {}
            // A second interrupt ends the command without waiting for clients.
            () = interrupts.next() => break Ok(End::Interrupted),
        }
        // A client may have added files just before the server closed.
        if !matches!(end, Ok(End::Idle)) || !driver.moves().await? {
            break end;
        }
    };
    pace.abort();
    driver.clear();
    Ok(match ended? {
        End::Idle => driver.outcome(),
        End::Interrupted => {
            driver.say("haul: interrupted; 'haul jobs run' goes on");
            Outcome::Interrupted
        }
    })
}

fn serve(queue: &Queue, location: &Location) -> Result<Server, CommandError> {
    Server::open(queue.clone(), location).map_err(|error| {
        let shorter = "choose another state directory, with a short path";
        CommandError::failed(format!("{} cannot be listened at: {error}; {shorter}", location.socket().display()))
    })
}

/// Sets the rates of the schedule. The engine has the first one already; setting it again changes nothing.
async fn follow_schedule(engine: Engine, schedule: Schedule) {
    let tell = async |rate| engine.set_max_rate(rate).await.is_ok();
    schedule.follow(Zoned::now, tokio::time::sleep, tell).await;
}

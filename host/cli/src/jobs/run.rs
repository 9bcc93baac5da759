//! `haul jobs run`

mod driving;

use std::process::ExitCode;

use haul::{Builder, Engine};
use jiff::Zoned;
use tokio::task::LocalSet;

use self::driving::{Driving, End};
use super::desk::Desk;
use super::place::Place;
use super::problem::Problem;
use super::queue;
use super::socket::Socket;
use crate::arguments::jobs::Run;
use crate::exit;
use crate::interrupts::Interrupts;
use crate::progress::Loudness;
use crate::schedule::Schedule;

/// Until no job can go on, or somebody interrupts.
pub async fn run(place: &Place, run: &Run, json: bool) -> Result<ExitCode, Problem> {
    let interrupts = Interrupts::new().map_err(|error| Problem::failed(error.to_string()))?;
    let engine = queue::take(place, |builder| set_up(builder, run)).await?;
    let ended = LocalSet::new().run_until(drive(place, &engine, run, json, interrupts)).await;
    engine.close().await;
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
    place: &Place,
    engine: &Engine,
    run: &Run,
    json: bool,
    mut interrupts: Interrupts,
) -> Result<ExitCode, Problem> {
    let loudness = Loudness { quiet: run.volume.quiet, json, verbose: run.volume.verbose, drowned: false };
    let mut driving = Driving::new(engine.clone(), loudness, !run.no_complete);
    let pace = tokio::task::spawn_local(follow_schedule(engine.clone(), schedule(run)));
    let ended = loop {
        let desk = Desk::open(engine.clone(), listen(place)?);
        let end = tokio::select! {
            end = driving.until_nothing_moves(run.watch) => end,
            () = interrupts.next() => Ok(End::Interrupted),
        };
        tokio::select! {
            () = desk.close() => {}
            // Who asks twice does not want to wait.
            () = interrupts.next() => break Ok(End::Interrupted),
        }
        // Somebody may have added files in the last moment.
        if !matches!(end, Ok(End::Idle)) || !driving.moves().await? {
            break end;
        }
    };
    pace.abort();
    driving.clear();
    Ok(match ended? {
        End::Idle => driving.outcome().into(),
        End::Interrupted => {
            driving.say("haul: interrupted; 'haul jobs run' goes on");
            ExitCode::from(exit::INTERRUPTED)
        }
    })
}

fn listen(place: &Place) -> Result<Socket, Problem> {
    let path = place.socket();
    Socket::listen(path.clone()).map_err(|error| {
        let shorter = "choose another state directory, with a short path";
        Problem::failed(format!("{} cannot be listened at: {error}; {shorter}", path.display()))
    })
}

/// The engine has the first rate already; telling it again changes nothing.
async fn follow_schedule(engine: Engine, schedule: Schedule) {
    let tell = async |rate| engine.set_max_rate(rate).await.is_ok();
    schedule.follow(Zoned::now, tokio::time::sleep, tell).await;
}

//! A worker: it claims tasks, hands them to the queue of its machine, renews their leases, and reports their ends.

mod budget;
mod credentials;
mod guard;
mod identity;
mod local;
mod notice;
mod publication;
mod session;
mod tasks;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use haul_queue::{Cause, Change, Event, Subscription};
use tokio::time::{Instant, sleep_until};

pub use self::notice::Notice;
use self::tasks::Worker;
use crate::address::Address;
use crate::error::Error;

/// The settings of a worker.
#[derive(Clone)]
pub struct Options {
    /// The queue of the fleet.
    pub address: Address,
    /// The state directory: the local queue, and the id of the worker. Each worker needs one of its own.
    pub state: PathBuf,
    /// The directory of the files.
    pub directory: PathBuf,
    /// The name of the machine. In a queue of kind each it has one task of each job.
    pub host: String,
    /// The labels that the selectors of jobs ask for.
    pub labels: BTreeMap<String, String>,
    /// The directory of the credentials.
    pub credentials: Option<PathBuf>,
    /// The most tasks that it holds at a time.
    pub tasks: u32,
    /// Files in flight.
    pub files: u32,
    /// Whether it ends when it holds no task and finds none to claim.
    pub exits_when_idle: bool,
}

/// Time between two looks for tasks, so that a new job begins within it if no notification arrives; less a jitter of up to a fifth, so that workers which started together do not poll together.
/// Notifications are only hints: this bounds the time until a new job begins.
const POLL: Duration = Duration::from_secs(5);

/// Time between two decisions on the tasks that may move bytes, so that the end of a hold is late by this much at most.
const PACE: Duration = Duration::from_secs(1);

/// Renewals in the time of a lease, so that one may be lost and there is time to connect again.
const RENEWALS: u32 = 3;

/// The longest wait before another attempt to connect, so that a server that restarts is not flooded. With leases of 30 s, the clients of a server that restarts come back within 10 s,
/// so 1,000 workers make 100 connections a second.
const RECONNECT: Duration = Duration::from_secs(10);

/// The reason the loop goes on.
enum Wake {
    Event(Option<Event>),
    /// A notification; `None` when the connection has ended.
    Hint(Option<String>),
    Connect,
    Renew,
    Poll,
    Pace,
    Stop,
}

/// The moments at which something is due.
struct Schedule {
    connect: Instant,
    renew: Instant,
    poll: Instant,
    pace: Instant,
}

/// Runs a worker until `stop` completes; then it gives its tasks back. `notify` is called for everything that an operator may want to
/// read.
///
/// # Errors
///
/// The queue does not exist, the database refuses the role, or the local queue fails. If the database cannot be reached, the worker tries
/// again, for ever.
pub async fn run(options: Options, notify: impl FnMut(Notice), stop: impl Future<Output = ()>) -> Result<(), Error> {
    let exits = options.exits_when_idle;
    let mut worker = Worker::open(options, notify).await?;
    let mut events = worker.subscribe();
    let ended = follow(&mut worker, &mut events, exits, stop).await;
    worker.close().await;
    ended
}

async fn follow<N: FnMut(Notice)>(
    worker: &mut Worker<N>,
    events: &mut Subscription,
    exits: bool,
    stop: impl Future<Output = ()>,
) -> Result<(), Error> {
    let now = Instant::now();
    let mut due = Schedule { connect: now, renew: now, poll: now, pace: now + PACE };
    tokio::pin!(stop);
    loop {
        let is_connected = worker.is_connected();
        let wake = tokio::select! {
            () = &mut stop => Wake::Stop,
            event = events.next() => Wake::Event(event),
            hint = worker.hint(), if is_connected => Wake::Hint(hint),
            () = sleep_until(due.connect), if !is_connected => Wake::Connect,
            () = sleep_until(due.renew), if is_connected => Wake::Renew,
            () = sleep_until(due.poll), if is_connected => Wake::Poll,
            () = sleep_until(due.pace) => Wake::Pace,
        };
        let done = match wake {
            Wake::Stop => return Ok(()),
            Wake::Event(None) => return Err(haul_queue::CommandError::from(haul::Error::Closed).into()),
            Wake::Event(Some(Event::Missed { .. })) => worker.look_at_all().await,
            Wake::Event(Some(Event::Job { job, file, change })) => match change {
                Change::Changed => worker.look_at_local(&job).await,
                Change::Retrying { cause, after, asked } => {
                    let is_busy = asked || is_too_many(&cause);
                    if is_busy { worker.hold_origin(&job, file, after).await } else { Ok(()) }
                }
                _ => Ok(()),
            },
            Wake::Connect => {
                due.renew = Instant::now() + worker.lease() / RENEWALS;
                due.poll = Instant::now();
                worker.connect().await
            }
            Wake::Renew => {
                due.renew = Instant::now() + worker.lease() / RENEWALS;
                worker.renew().await
            }
            Wake::Poll => {
                due.poll = Instant::now() + POLL.mul_f64(0.8 + fastrand::f64() / 5.0);
                let looked = worker.poll().await;
                if exits && looked.is_ok() && worker.is_idle() {
                    return Ok(());
                }
                looked
            }
            Wake::Hint(Some(_)) => {
                due.poll = Instant::now();
                worker.learn_holds().await
            }
            Wake::Hint(None) => Err(worker.disconnected()),
            Wake::Pace => {
                due.pace = Instant::now() + PACE;
                worker.pace_and_refill().await
            }
        };
        match done {
            Err(error) if error.is_passing() => {
                let wait = RECONNECT.min(worker.lease() / RENEWALS).mul_f64(fastrand::f64());
                due.connect = Instant::now() + wait;
                worker.disconnect(&error, wait);
            }
            other => other?,
        }
    }
}

/// Whether the origin answered 429, with or without Retry-After: `0x8019` is the facility of HRESULTs that carry an HTTP status.
fn is_too_many(cause: &Cause) -> bool {
    let code = cause.code.as_deref().and_then(|code| u32::from_str_radix(code.strip_prefix("0x")?, 16).ok());
    code.is_some_and(|code| (code >> 16, code & 0xFFFF) == (0x8019, 429))
}

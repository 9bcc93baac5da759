//! Queues, jobs and machines of a fleet on standard output.

use console::Term;
use haul_command::terminal::escaped;
use haul_fleet::{Error, Failed, JobSummary, Machine, MachineTask, OriginUse, QueueInfo, Store, Totals};
use serde::Serialize;

use crate::output::write;
use crate::report;
use crate::table::{Cut, Table, separated};

/// Failures on the screen of a queue, so that the machines stay on it too.
const FAILURES: u32 = 10;

pub struct Renderer {
    json: bool,
    /// Columns of the terminal; `None` if standard output is not one.
    width: Option<usize>,
}

#[derive(Serialize)]
struct Added<'a> {
    id: &'a str,
    name: &'a str,
}

/// All facts of a queue.
#[derive(Serialize)]
struct Overview<'a> {
    name: &'a str,
    #[serde(flatten)]
    queue: QueueInfo,
    totals: Vec<Totals>,
    machines: Vec<Machine>,
    failures: Vec<Failed>,
    origins: Vec<OriginUse>,
}

impl Renderer {
    pub fn new(json: bool) -> Self {
        Self { json, width: Term::stdout().size_checked().map(|(_, width)| usize::from(width)) }
    }

    /// Prints the ids of new jobs, for scripts.
    pub fn added(&self, jobs: &[(String, String)]) {
        match self.json {
            true => jobs.iter().for_each(|(id, name)| report::print(&Added { id, name })),
            false => write(&jobs.iter().map(|(id, _)| format!("{id}\n")).collect::<String>()),
        }
    }

    pub fn jobs(&self, jobs: &[JobSummary]) {
        if self.json {
            return jobs.iter().for_each(report::print);
        }
        let row = |job: &JobSummary| {
            let state =
                if job.cancelled { "cancelled".into() } else { counts(job.ready, job.held, job.done, job.failed) };
            [job.id.clone(), escaped(&job.name).into_owned(), age(job.age), state]
        };
        self.table(["ID", "NAME", "AGE", "STATE"], jobs.iter().map(row).collect(), 1);
    }

    pub fn tasks(&self, tasks: &[MachineTask]) {
        if self.json {
            return tasks.iter().for_each(report::print);
        }
        let row = |task: &MachineTask| {
            let bytes = match task.total {
                Some(total) => format!("{} of {total}", task.bytes),
                None => task.bytes.to_string(),
            };
            [
                known(&task.host),
                task.state.clone(),
                task.attempts.to_string(),
                bytes,
                known(task.error.as_deref().unwrap_or("")),
            ]
        };
        self.table(["MACHINE", "STATE", "ATTEMPTS", "BYTES", "ERROR"], tasks.iter().map(row).collect(), 4);
    }

    pub async fn overview(&self, name: &str, store: &Store) -> Result<(), Error> {
        let overview = Overview {
            name,
            queue: store.queue().await?,
            totals: store.totals().await?,
            machines: store.machines().await?,
            failures: store.failures(FAILURES).await?,
            origins: store.origins().await?,
        };
        if self.json {
            report::print(&overview);
        } else {
            self.screen(&overview);
        }
        Ok(())
    }

    fn screen(&self, overview: &Overview<'_>) {
        let Overview { name, queue, totals, machines, failures, origins } = overview;
        let paused = if queue.paused { ", paused" } else { "" };
        let states =
            totals.iter().map(|known| format!("{} {}", known.tasks, known.state)).collect::<Vec<_>>().join(", ");
        let states = if states.is_empty() { "no tasks".into() } else { states };
        write(&format!("{name}: kind {}, lease {} s{paused}: {states}\n", queue.kind, queue.lease));
        let machine = |machine: &Machine| {
            let seen = machine.seen.map_or_else(|| "-".into(), age);
            let state = counts(machine.ready, machine.held, machine.done, machine.failed);
            [escaped(&machine.host).into_owned(), seen, machine.bytes.to_string(), state]
        };
        self.section(["MACHINE", "SEEN", "BYTES", "STATE"], machines.iter().map(machine).collect());
        let origin = |origin: &OriginUse| {
            let slots = origin.slots.map_or_else(|| "-".into(), |slots| format!("{} of {slots}", origin.used));
            let rate = origin.rate.map_or_else(|| "-".into(), |rate| rate.to_string());
            let wait = if origin.held > 0.0 { format!("waits {:.0} s", origin.held) } else { "-".into() };
            [escaped(&origin.origin).into_owned(), slots, rate, wait]
        };
        self.section(["ORIGIN", "EXCHANGES", "BYTES/S", "WAIT"], origins.iter().map(origin).collect());
        let failure = |failure: &Failed| {
            let error = known(failure.error.as_deref().unwrap_or(""));
            [failure.job.clone(), escaped(&failure.name).into_owned(), known(&failure.host), error]
        };
        self.section(["FAILED", "NAME", "MACHINE", "ERROR"], failures.iter().map(failure).collect());
    }

    /// A table after an empty line; nothing without rows.
    fn section(&self, headings: [&'static str; 4], rows: Vec<[String; 4]>) {
        if !rows.is_empty() {
            write("\n");
            self.table(headings, rows, 3);
        }
    }

    fn table<const N: usize>(&self, headings: [&'static str; N], rows: Vec<[String; N]>, yielding: usize) {
        write(&match self.width {
            Some(width) => Table { headings, rows, yielding: vec![(yielding, Cut::End)] }.aligned(width),
            None => separated(&rows),
        });
    }
}

/// The tasks of each state that has some.
fn counts(ready: i64, held: i64, done: i64, failed: i64) -> String {
    let all = [(ready, "ready"), (held, "held"), (done, "done"), (failed, "failed")];
    let some = all.into_iter().filter(|(count, _)| *count > 0).map(|(count, state)| format!("{count} {state}"));
    known(&some.collect::<Vec<_>>().join(", "))
}

/// The text, or a hyphen if it is empty.
fn known(text: &str) -> String {
    if text.is_empty() { "-".into() } else { escaped(text).into_owned() }
}

/// Seconds, in the largest unit of which there are two or more.
fn age(seconds: f64) -> String {
    let units = [(86_400.0, "d"), (3600.0, "h"), (60.0, "min")];
    let unit = units.into_iter().find(|(length, _)| seconds >= 2.0 * length);
    unit.map_or_else(
        || format!("{:.0} s", seconds.max(0.0)),
        |(length, name)| format!("{:.0} {name}", (seconds / length).floor()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_has_one_unit() {
        for (seconds, shown) in [(0.4, "0 s"), (119.0, "119 s"), (120.0, "2 min"), (7200.0, "2 h"), (200_000.0, "2 d")]
        {
            assert_eq!(age(seconds), shown);
        }
    }

    #[test]
    fn only_states_with_tasks_are_counted() {
        assert_eq!(counts(1, 0, 20, 0), "1 ready, 20 done");
        assert_eq!(counts(0, 0, 0, 0), "-");
    }
}

//! A large fleet in a database, and the statements of `haul-fleet`.

use std::fs;

use crate::page::repository;

/// Jobs for a queue `q`, which exists: 100,000, of which 10,000 are held by [`WORKER`]. And a queue `many` of 1,000 machines with 10 jobs
/// each.
pub const ROWS: &str = "
    INSERT INTO haul.queue (name, kind, lease, max_attempts) VALUES ('many', 'each', '30 s', 10);
    INSERT INTO haul.job (id, queue, name, priority, spec, selector)
        SELECT haul.new_id(), 'q', 'job ' || i, 0, '{}', '{}' FROM generate_series(1, 100000) i;
    INSERT INTO haul.task (job, queue, priority, state, gen, holder, lease_until)
        SELECT id, queue, 0, CASE WHEN n <= 10000 THEN 'held' WHEN n <= 11000 THEN 'failed' WHEN n <= 40000 THEN 'done' ELSE 'ready' END, 1,
               '11111111-1111-1111-1111-111111111111', CASE WHEN n <= 10000 THEN now() + interval '1 h' END
          FROM (SELECT id, queue, row_number() OVER () n FROM haul.job) numbered;
    INSERT INTO haul.job (id, queue, name, priority, spec, selector)
        SELECT haul.new_id(), 'many', 'job ' || i, 0, '{}', '{}' FROM generate_series(1, 10) i;
    INSERT INTO haul.task (job, host, queue, priority)
        SELECT j.id, 'm' || h, 'many', 0 FROM haul.job j, generate_series(1, 1000) h WHERE j.queue = 'many';
    INSERT INTO haul.worker SELECT gen_random_uuid(), 'many', 'm' || h, '0', '{}', now(), now() FROM generate_series(1, 1000) h;
    ANALYZE haul.job; ANALYZE haul.task; ANALYZE haul.worker;";

/// The id of the worker that holds tasks, as an SQL literal.
pub const WORKER: &str = "'11111111-1111-1111-1111-111111111111'";

/// The text of a statement.
///
/// # Panics
///
/// If there is no such statement.
pub fn statement(name: &str) -> String {
    let path = repository().join("host/fleet/sql").join(name).with_extension("sql");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The statement without comments, in one line, with values in the place of its parameters.
pub fn called(name: &str, values: &[&str]) -> String {
    let text = statement(name);
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("--"));
    let text = lines.collect::<Vec<_>>().join(" ");
    // From the last one down, because $1 is the beginning of $10.
    values.iter().enumerate().rev().fold(text, |text, (index, value)| text.replace(&format!("${}", index + 1), value))
}

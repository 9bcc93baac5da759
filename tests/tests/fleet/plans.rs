//! Each statement, explained against 100,000 tasks: a lost index shows here.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use haul_tests::fleet_rows::{ROWS, WORKER, statement};

use crate::fleet::Fleet;

/// Statements that read a whole queue on purpose: an operator asks for them now and then.
const WHOLE: [&str; 2] = ["machines", "totals"];

#[test]
fn no_statement_reads_all_tasks() {
    let fleet = Fleet::new("once");
    let database = &fleet.database;
    database.sql(ROWS);
    let of_held = "FROM (SELECT job FROM haul.task WHERE queue = 'q' AND state = 'held' LIMIT 20) held";
    let jobs = format!("'{}'", database.sql(&format!("SELECT array_agg(job) {of_held}")));
    let job = format!("'{}'", database.sql(&format!("SELECT min(job::text) {of_held}")));
    let numbers = "array_fill(1::bigint, ARRAY[20])";
    let statements = [
        ("add", "'q', ARRAY['a', 'b'], ARRAY['{}', '{}'], 0::smallint, '{}'".into()),
        ("cancel", format!("'q', {jobs}")),
        ("claim", format!("'q', '', {WORKER}, 20")),
        ("create_queue", "'r', 'once', 30, 10".into()),
        ("done", format!("{job}, '', 1, {WORKER}, 5")),
        ("enrol", "'many', 'new', '{}'".into()),
        ("fail", format!("{job}, '', 1, {WORKER}, 'x', false")),
        ("failures", "'q', 10".into()),
        ("find", "'q', 'job 5', '0194ab00-0000-0000-0000-000000000000', '0194abff-ffff-ffff-ffff-ffffffffffff'".into()),
        ("hold", "'http://h:80', 30".into()),
        ("holds", String::new()),
        ("installed", String::new()),
        ("limit", "'http://h:80', 3, 100".into()),
        ("list", "'q', 1000".into()),
        ("machines", "'many'".into()),
        ("new_worker", String::new()),
        ("origins", String::new()),
        ("pause", "'q', true".into()),
        ("queue", "'q'".into()),
        ("release", format!("'', {WORKER}, {jobs}, {numbers}")),
        ("renew", format!("'q', '', {WORKER}, {jobs}, {numbers}, {numbers}, {numbers}")),
        ("retry", format!("'q', {jobs}")),
        ("share", format!("{WORKER}, ARRAY['http://h:80'], ARRAY[3], 'q'")),
        ("states", format!("'', {WORKER}, {jobs}")),
        ("tasks", job.clone()),
        ("totals", "'q'".into()),
        ("version", String::new()),
        ("worker", format!("{WORKER}, 'q', 'h', 'v', '{{}}', true")),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../host/fleet/sql");
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let files: BTreeSet<_> = files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(files, statements.iter().map(|(name, _)| (*name).to_owned()).collect(), "each statement is explained");
    for (name, parameters) in statements {
        let statement = statement(name);
        let call = if parameters.is_empty() { String::new() } else { format!("({parameters})") };
        let plan = database.sql(&format!("PREPARE s AS {statement}; EXPLAIN EXECUTE s{call}"));
        let reads_all = ["Seq Scan on task", "Seq Scan on job"].iter().any(|step| plan.contains(step));
        assert_eq!(reads_all, WHOLE.contains(&name), "{name}:\n{plan}");
    }
}

/// A claim that compares leases with `clock_timestamp()` reads every held row, because that function is volatile.
#[test]
fn the_end_of_a_lease_is_looked_up_in_the_index() {
    let fleet = Fleet::new("once");
    fleet.database.sql(ROWS);
    let claim = statement("claim");
    let explain =
        |claim: &str| fleet.database.sql(&format!("PREPARE s AS {claim}; EXPLAIN EXECUTE s('q', '', {WORKER}, 20)"));
    let uses_index =
        |plan: &str| plan.lines().any(|line| line.contains("Index Cond") && line.contains("lease_until <"));
    assert!(uses_index(&explain(&claim)), "{}", explain(&claim));
    let volatile = claim.replace("lease_until < statement_timestamp()", "lease_until < clock_timestamp()");
    assert!(!uses_index(&explain(&volatile)), "{}", explain(&volatile));
}

//! The cost of a fleet's statements, with 100,000 tasks of which 10,000 are held, as the table of `docs/decisions/fleet.md`.

use std::process::Command;
use std::time::Instant;

use haul_lab::postgres::Postgres;
use haul_lab::process::built;
use haul_tests::fleet_rows::{ROWS, WORKER, called};

/// Simulated workers with a connection each: as many as the page plans from, because operators ask for 1,000 machines.
const WORKERS: u32 = 1000;

fn main() {
    let database = Postgres::for_clients(WORKERS + 50);
    let made =
        Command::new(built("haul")).args(["fleet", "init", "--kind", "once", "--queue", &database.url("q")]).status();
    assert!(made.expect("haul runs").success());
    database.sql(ROWS);
    database.sql("INSERT INTO haul.origin VALUES ('http://h:80', 16, NULL, NULL)");
    let held = |offset: &str| {
        format!(
            "(SELECT array_agg(job::text) FROM (SELECT job FROM haul.task WHERE queue = 'q' AND host = '' AND state = 'held' ORDER BY lease_until LIMIT 20 OFFSET {offset}) h)"
        )
    };
    let numbers = "array_fill(1::bigint, ARRAY[20])";
    let uuid = "lpad(:client_id::text, 32, '2')::uuid::text";
    println!("| statement | a second | median | p99 |\n|---|---|---|---|");
    let row = |name: &str, options: &[&str], script: &str| {
        let begun = Instant::now();
        let mut times = database.bench(options, script);
        let seconds = begun.elapsed().as_secs_f64();
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        println!("| {name} | {:.0} | {:.1} ms | {:.1} ms |", times.len() as f64 / seconds, at(0.5), at(0.99));
    };
    let four = ["-c", "4", "-j", "2", "-t", "250"];
    let one = ["-c", "1", "-t", "250"];
    let claim = |most: &str| called("claim", &["'q'", "''", uuid, most]);
    row("claim one task, 4 clients", &four, &claim("1"));
    row("claim 20 tasks, 4 clients", &four, &claim("20"));
    row(
        "renew 20 tasks, 1 client",
        &one,
        &called("renew", &["'q'", "''", WORKER, &held("0"), numbers, numbers, numbers]),
    );
    row(
        "finish a task, 1 client",
        &one,
        &called(
            "done",
            &[
                "(SELECT job::text FROM haul.task WHERE queue = 'q' AND host = '' AND state = 'held' AND holder = '11111111-1111-1111-1111-111111111111' LIMIT 1)",
                "''",
                "1",
                WORKER,
                "5",
            ],
        ),
    );
    row(
        "lease a share of one origin, 4 clients",
        &four,
        &called("share", &[uuid, "ARRAY['http://h:80']", "ARRAY[4]", "'q'"]),
    );
    let enrol = "\\set machine random(1, 1000000000)\n".to_owned()
        + &called("enrol", &["'many'", "'n' || :machine::text", "'{}'"]);
    row("enrol a machine for 10 jobs, 4 clients", &four, &enrol);
    row("show 1,000 machines with 10 jobs each", &["-c", "1", "-t", "20"], &called("machines", &["'many'"]));
    // A worker renews every 10 s (shares, renewal, registration, holds) and polls every 4.5 s (queue, claim).
    let machine = "'m' || :client_id::text";
    let poll = [called("queue", &["'many'"]), called("claim", &["'many'", machine, uuid, "0"])].join(";\n");
    let renew = [
        called(
            "renew",
            &[
                "'many'",
                machine,
                uuid,
                "ARRAY[]::text[]",
                "ARRAY[]::bigint[]",
                "ARRAY[]::bigint[]",
                "ARRAY[]::bigint[]",
            ],
        ),
        called("worker", &[uuid, "'many'", machine, "'0'", "'{}'", "false"]),
        called("holds", &[]),
    ];
    let script = format!("\\set part random(1, 3)\n\\if :part = 1\n{};\n\\else\n{poll};\n\\endif\n", renew.join(";\n"));
    // 100 renewals and 222 polls a second.
    let many = ["-c", &WORKERS.to_string(), "-j", "2", "-T", "20", "-R", "322"];
    row("1,000 connected workers, which renew and poll", &many, &script);
    let memory = database.sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'");
    println!("\n{memory} connection is left.");
}

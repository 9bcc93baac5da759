//! The results of a row.

use std::collections::BTreeSet;

use crate::contender::Contender;
use crate::record::{Measured, Record};
use crate::row::Row;
use crate::statistics::Spread;

const COLUMNS: &str = "\
| | wall s | CPU s | peak MiB | wall, haul / this | CPU, haul / this |
| --- | ---: | ---: | ---: | ---: | ---: |
";

/// A heading, the table, and the programs that are left out.
pub fn row(row: &Row, record: &Record) -> String {
    let lines: String = record.contenders.iter().map(|contender| line(record, contender)).collect();
    let failures: String = record.contenders.iter().map(|contender| failures(record, contender)).collect();
    format!(
        "\n### {}\n\n`{}`, {}; rounds: {}; disturbance: {:.2} cores.\n\n{COLUMNS}{lines}{failures}{}",
        row.title,
        record.row,
        record.date,
        record.runs,
        record.disturbance,
        left_out(record)
    )
}

fn line(record: &Record, contender: &Measured) -> String {
    let Some(times) = contender.times else {
        return format!("| {} | **FAILED** | | | | |\n", contender.name);
    };
    let ratio = record.ratio(Contender::Haul.name(), &contender.name);
    let ratio = |value: fn(&crate::record::Ratio) -> Spread| {
        ratio.map(|ratio| with_quartiles(value(ratio))).unwrap_or_default()
    };
    format!(
        "| {} | {:.3} ({:.3}–{:.3}) | {:.3} | {:.0} | {} | {} |\n",
        contender.name,
        times.wall.median,
        times.wall.min,
        times.wall.max,
        times.cpu.median,
        times.memory.median,
        ratio(|ratio| ratio.wall),
        ratio(|ratio| ratio.cpu)
    )
}

fn with_quartiles(spread: Spread) -> String {
    format!("{:.2} [{:.2}–{:.2}]", spread.median, spread.lower_quartile, spread.upper_quartile)
}

fn failures(record: &Record, contender: &Measured) -> String {
    let kinds: BTreeSet<_> = contender.failures.iter().map(String::as_str).collect();
    let kinds: Vec<_> = kinds.into_iter().collect();
    match contender.failures.len() {
        0 => String::new(),
        count => format!("\n**{} FAILED in {count} of {} runs**: {}.\n", contender.name, record.runs, kinds.join("; ")),
    }
}

fn left_out(record: &Record) -> String {
    let reasons: Vec<_> =
        record.left_out.iter().map(|left_out| format!("{} ({})", left_out.name, left_out.why)).collect();
    if reasons.is_empty() { String::new() } else { format!("\nLeft out: {}.\n", reasons.join(", ")) }
}

/// The command lines of these rows, without duplicates.
pub fn commands(records: &[&Record]) -> String {
    let mut lines = Vec::new();
    for contender in records.iter().flat_map(|record| &record.contenders) {
        let line = format!("- {}: `{}`\n", contender.name, contender.command);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.sort_by_key(|line| line.split(':').next().map(str::to_owned));
    format!("Commands:\n\n{}", lines.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::LeftOut;
    use crate::record::tests::record;
    use crate::rows;

    fn table(record: &Record) -> String {
        row(&rows::all()[0], record)
    }

    #[test]
    fn a_line_has_times_and_what_haul_takes_of_them() {
        let table = table(&record(&[("haul", 1.0), ("curl", 2.0)]));
        let line = "| curl | 2.000 (2.000–2.000) | 2.000 | 1 | 0.50 [0.50–0.50] | 0.50 [0.50–0.50] |\n";
        assert!(table.contains(line), "{table}");
        assert!(table.contains("| haul | 1.000 (1.000–1.000) | 1.000 | 1 |  |  |\n"), "{table}");
    }

    #[test]
    fn who_failed_is_named_with_the_reason() {
        let mut record = record(&[("haul", 1.0)]);
        record.contenders.push(Measured::new("wget2", "wget2".into(), vec![Err("file is WRONG".into())]));
        let table = table(&record);
        assert!(table.contains("| wget2 | **FAILED** |"), "{table}");
        assert!(table.contains("**wget2 FAILED in 1 of 1 runs**: file is WRONG.\n"), "{table}");
    }

    #[test]
    fn who_is_left_out_is_named_with_the_reason() {
        let mut record = record(&[("haul", 1.0)]);
        record.left_out.push(LeftOut { name: "axel".into(), why: "it takes no list".into() });
        assert!(table(&record).ends_with("\nLeft out: axel (it takes no list).\n"));
    }

    #[test]
    fn a_way_of_being_called_is_told_once() {
        let record = record(&[("haul", 1.0), ("curl", 1.0)]);
        assert_eq!(commands(&[&record, &record]), "Commands:\n\n- curl: `curl`\n- haul: `haul`\n");
    }
}

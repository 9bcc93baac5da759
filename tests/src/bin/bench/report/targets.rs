//! Which targets were met.

use std::collections::BTreeMap;

use crate::record::Record;
use crate::row::Row;
use crate::target::{Limit, Target};

/// The table of all targets, and what bounds the rows that miss one.
pub fn section(measured: &[(&Row, &Record)], notes: &BTreeMap<String, String>) -> String {
    let mut met = 0;
    let mut table = String::new();
    let mut missed = Vec::new();
    for (row, record) in measured {
        for target in &row.targets {
            let Some(figure) = target.figure(record) else {
                continue;
            };
            let is_met = target.is_met_by(figure);
            table += &line(&row.name, target, figure, is_met);
            met += usize::from(is_met);
            if !is_met && missed.last() != Some(&row.name) {
                missed.push(row.name.clone());
            }
        }
    }
    let count = table.lines().count();
    let bounds: String = missed.iter().filter_map(|row| Some(format!("\n`{row}`: {}\n", notes.get(row)?))).collect();
    let bounds = if bounds.is_empty() { bounds } else { format!("\n### What bounds it\n{bounds}") };
    format!(
        "\n## Targets\n\n{met} of {count} are met.\n\n| row | target | measured | |\n| --- | --- | ---: | --- |\n{table}{bounds}"
    )
}

fn line(row: &str, target: &Target, figure: f64, is_met: bool) -> String {
    let verdict = if is_met { "met" } else { "**missed**" };
    match target.limit {
        Limit::Memory(_) => format!("| `{row}` | {target} | {figure:.0} | {verdict} |\n"),
        _ => format!("| `{row}` | {target} | {figure:.2} | {verdict} |\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contender::Contender;
    use crate::record::tests::record;
    use crate::rows;

    #[test]
    fn a_row_that_misses_a_target_says_what_bounds_it() {
        let limits = [Limit::Wall(0.75, Contender::Curl), Limit::Memory(40.0), Limit::Wall(1.2, Contender::Floor)];
        let mut row = rows::all().swap_remove(0);
        row.targets = limits.map(|limit| Target { of: Contender::Haul, limit }).into();
        let record = record(&[("haul", 1.0), ("curl", 1.0)]);
        let notes = BTreeMap::from([(row.name.clone(), "The disk.".to_owned())]);
        let section = section(&[(&row, &record)], &notes);
        assert!(section.contains("1 of 2 are met."), "{section}");
        let name = &row.name;
        assert!(
            section.contains(&format!("| `{name}` | haul: wall ≤ 0.75 of curl | 1.00 | **missed** |\n")),
            "{section}"
        );
        assert!(section.ends_with(&format!("\n### What bounds it\n\n`{name}`: The disk.\n")), "{section}");
    }
}

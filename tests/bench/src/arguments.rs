//! The command line.

use clap::Parser;

use crate::row::Row;

/// Measures haul side by side with its peers, on this machine.
#[derive(Parser)]
pub struct Arguments {
    /// Rows whose names contain this; several with commas [default: all]
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    rows: Vec<String>,

    /// Number of runs of each program in a row
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..))]
    pub runs: u16,

    /// Write docs/reference/bench.md, docs/reference/bench.svg and the baseline; rows that were not measured stay unchanged
    #[arg(long)]
    pub accept: bool,

    /// List the rows and exit
    #[arg(long)]
    pub list: bool,

    /// Write docs/reference/bench.md and docs/reference/bench.svg from the accepted results and exit
    #[arg(long)]
    pub page: bool,
}

impl Arguments {
    pub fn selects(&self, row: &Row) -> bool {
        self.rows.is_empty() || self.rows.iter().any(|pattern| row.name.contains(pattern.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows;

    fn selected(line: &[&str]) -> Vec<String> {
        let arguments = Arguments::parse_from([&["bench"], line].concat());
        rows::all().into_iter().filter(|row| arguments.selects(row)).map(|row| row.name).collect()
    }

    #[test]
    fn rows_are_selected_by_parts_of_their_names() {
        assert_eq!(selected(&[]).len(), rows::all().len());
        assert_eq!(selected(&["--rows", "capped,sha256-2g"]), ["sha256-2g", "capped-100m"]);
        assert!(selected(&["--rows", "nothing"]).is_empty());
    }
}

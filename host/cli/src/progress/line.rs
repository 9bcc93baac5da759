//! One line of progress, laid out for the width of a terminal.

use std::time::Instant;

use console::{Style, measure_text_width, pad_str, truncate_str};

use super::meter::Meter;
use crate::units;

/// Columns below which a line has short sizes and no bar, because names, cells and the least bar take this many.
const NARROW: usize = 60;

/// Columns from which a line also has the remark, so that the bar keeps 16 columns or more.
const WIDE: usize = 100;

/// Columns of percentage, sizes, rate and time to the end in a line that is not narrow, so that the widest values fit: `100%`,
/// `1023.9/1023.9 MiB`, `1023.99 KiB/s`, `ETA 99:59:59`.
const CELLS: usize = 4 + 17 + 13 + 12;

/// The same in a narrow line, so that these fit: `1023M`, `1023K/s`, `ETA 59:59`.
const SHORT_CELLS: usize = 4 + 5 + 7 + 9;

/// The least columns of a bar and of a name, because shorter ones say nothing.
const LEAST_BAR: usize = 6;
const LEAST_NAME: usize = 8;

/// The most columns of a name, so that a wide terminal has a long bar.
const MOST_NAME: usize = 40;

/// The progress of one file, one job or the whole run.
#[derive(Clone, Debug)]
pub struct Row {
    /// Escaped.
    pub name: String,
    pub meter: Meter,
    pub total: Option<u64>,
    /// Bytes that an earlier run kept.
    pub kept: u64,
    /// A word about connections or files.
    pub remark: String,
    pub wait: Option<Wait>,
}

/// The reason why no byte arrives, and the time at which that is tried to change.
#[derive(Clone, Debug)]
pub struct Wait {
    pub reason: String,
    /// The next attempt: its number since the last byte, and the most that are made if there is a limit.
    pub attempt: u32,
    pub attempts: Option<u32>,
    pub until: Instant,
    /// The server named the time.
    pub asked: bool,
}

impl Wait {
    fn seconds(&self, now: Instant) -> u64 {
        let left = self.until.saturating_duration_since(now);
        left.as_secs() + u64::from(left.subsec_nanos() > 0)
    }

    /// Such as `host not found, retry 3 of 10 in 2 s`.
    pub fn text(&self, now: Instant) -> String {
        let seconds = units::time(self.seconds(now));
        if self.asked {
            return format!("server asked to wait {seconds}: {}", self.reason);
        }
        let of = self.attempts.map_or_else(String::new, |attempts| format!(" of {attempts}"));
        format!("{}, retry {}{of} in {seconds}", self.reason, self.attempt)
    }

    /// The same in fewer words.
    fn short(&self, now: Instant) -> String {
        let seconds = units::time(self.seconds(now));
        if self.asked { format!("asked to wait {seconds}") } else { format!("{}, {seconds}", self.reason) }
    }
}

/// The styles of a line.
pub struct Palette {
    pub bar: Style,
    pub wait: Style,
}

impl Palette {
    pub fn new(coloured: bool) -> Self {
        // Style::new() follows standard output; progress is on standard error.
        let style = Style::new().force_styling(coloured);
        Self { bar: style.clone().green(), wait: style.yellow() }
    }
}

impl Row {
    pub fn new(name: String, now: Instant) -> Self {
        Self { name, meter: Meter::new(now), total: None, kept: 0, remark: String::new(), wait: None }
    }

    /// Takes the present state; arriving bytes end a wait. Returns the bytes that an earlier run kept and that were not known before.
    pub fn update(&mut self, now: Instant, bytes: u64, kept: u64, total: Option<u64>) -> u64 {
        if bytes != self.meter.bytes() {
            self.wait = None;
        }
        let newly_kept = kept.saturating_sub(self.kept);
        self.meter.skip(newly_kept);
        self.meter.update(now, bytes);
        (self.kept, self.total) = (kept, total);
        newly_kept
    }

    /// The seconds to the last byte; `None` while the rate is not known, and while no byte arrives.
    pub fn eta(&self, now: Instant) -> Option<u64> {
        let rate = self.meter.rate(now).filter(|rate| *rate > 0 && self.wait.is_none())?;
        Some(self.total?.saturating_sub(self.meter.bytes()).div_ceil(rate))
    }

    /// The reason why no byte arrives: in full, and in fewer words.
    pub fn status(&self, now: Instant) -> Option<(String, String)> {
        if let Some(wait) = &self.wait {
            return Some((wait.text(now), wait.short(now)));
        }
        let stalled = self.meter.stalled(now).filter(|_| !self.is_complete()).map(|time| units::time(time.as_secs()));
        match (stalled, self.meter.bytes()) {
            (Some(time), 0) => Some((format!("no answer for {time}"), format!("no answer {time}"))),
            (Some(time), _) => Some((format!("stalled {time}"), format!("stalled {time}"))),
            (None, 0) if self.total.is_none() => Some(("connecting".into(), "connecting".into())),
            (None, _) => None,
        }
    }

    fn is_complete(&self) -> bool {
        self.total == Some(self.meter.bytes()) && self.meter.bytes() > 0
    }

    fn percent(&self) -> String {
        self.total.map_or_else(String::new, |total| format!("{}%", units::percent(self.meter.bytes(), total)))
    }

    /// The line for this width, with names of `name` columns. It never fills the last column, where terminals differ.
    pub fn line(&self, now: Instant, width: usize, name: usize, palette: &Palette) -> String {
        let width = width.saturating_sub(1);
        let shown = pad_str(&shortened(&self.name, name), name, console::Alignment::Left, None).into_owned();
        let line = if width < NARROW - 1 {
            self.narrow(now, width, shown, palette)
        } else {
            self.full(now, width, shown, palette)
        };
        truncate_str(line.trim_end(), width, "").into_owned()
    }

    fn narrow(&self, now: Instant, width: usize, mut line: String, palette: &Palette) -> String {
        line.push_str(&format!(" {:>4}", self.percent()));
        match self.status(now) {
            Some((_, short)) => {
                let room = width.saturating_sub(measure_text_width(&line) + 1);
                line.push_str(&format!(" {}", palette.wait.apply_to(truncate_str(&short, room, "…"))));
            }
            None => {
                let rate = self.meter.rate(now).map_or_else(String::new, |rate| units::short(rate) + "/s");
                let bytes = units::short(self.meter.bytes());
                line.push_str(&format!(" {bytes:>5} {rate:>7} {}", eta(self.eta(now))));
            }
        }
        line
    }

    fn full(&self, now: Instant, width: usize, name: String, palette: &Palette) -> String {
        let bytes = self.meter.bytes();
        let amount = self.total.map_or_else(|| units::size(bytes), |total| units::share(bytes, total));
        let cells = format!("{:>4} {amount:>17}", self.percent());
        let remark = if width + 1 >= WIDE { self.remark.as_str() } else { "" };
        if let Some((status, _)) = self.status(now) {
            let room = width.saturating_sub(measure_text_width(&name) + measure_text_width(&cells) + 3);
            let status = truncate_str(&status, room, "…").into_owned();
            return format!("{name} {cells}  {}", palette.wait.apply_to(status));
        }
        let rate = self.meter.rate(now).map_or_else(String::new, units::rate);
        let rest = format!("{cells} {rate:>13} {:<12}", eta(self.eta(now)));
        let remark = if remark.is_empty() { String::new() } else { format!(" {remark:<11}") };
        let used = measure_text_width(&name) + measure_text_width(&rest) + measure_text_width(&remark) + 2;
        let bar = match (self.total, width.saturating_sub(used)) {
            (Some(total), columns) if columns >= LEAST_BAR => bar(bytes, total, columns, palette),
            (_, columns) => " ".repeat(columns),
        };
        format!("{name} {bar} {rest}{remark}")
    }
}

fn eta(seconds: Option<u64>) -> String {
    seconds.map_or_else(String::new, |seconds| format!("ETA {}", units::time(seconds)))
}

fn bar(bytes: u64, total: u64, columns: usize, palette: &Palette) -> String {
    let full = (bytes.min(total) as f64 / total.max(1) as f64 * columns as f64) as usize;
    format!("{}{}", palette.bar.apply_to("█".repeat(full)), "░".repeat(columns - full))
}

/// The columns of the names in lines of this width.
pub fn name_width<'a>(names: impl Iterator<Item = &'a str>, width: usize) -> usize {
    let cells = if width < NARROW { SHORT_CELLS + 5 } else { CELLS + 5 + LEAST_BAR };
    let most = width.saturating_sub(cells).clamp(LEAST_NAME, MOST_NAME);
    names.map(measure_text_width).max().unwrap_or(0).min(most)
}

/// Cuts the beginning of a long name, because the end identifies the file better.
fn shortened(name: &str, columns: usize) -> String {
    if measure_text_width(name) <= columns {
        return name.into();
    }
    let rest = |from: usize| name.chars().skip(from).collect::<String>();
    let fits = |from: &usize| measure_text_width(&rest(*from)) < columns;
    (0..=name.chars().count()).find(fits).map_or_else(String::new, |from| format!("…{}", rest(from)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn row(total: Option<u64>) -> (Row, Instant) {
        let start = Instant::now();
        let mut row = Row::new("disk1.img".into(), start);
        row.total = total;
        row.remark = "8 segments".into();
        for second in 1..=10 {
            row.meter.update(start + Duration::from_secs(second), second << 20);
        }
        (row, start + Duration::from_secs(10))
    }

    fn lines(row: &Row, now: Instant) -> Vec<String> {
        let palette = Palette::new(false);
        [40, 80, 120].map(|width| row.line(now, width, 9, &palette)).into()
    }

    #[test]
    fn every_width_has_percentage_bytes_rate_and_a_labelled_eta() {
        let (row, now) = row(Some(40 << 20));
        assert_eq!(
            lines(&row, now),
            [
                "disk1.img  25% 10.0M  1.0M/s ETA 30 s",
                "disk1.img ████░░░░░░░░░░░░░░░  25%     10.0/40.0 MiB    1.00 MiB/s ETA 30 s",
                "disk1.img ███████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  25%     10.0/40.0 MiB    1.00 MiB/s ETA 30 s     8 segments",
            ]
        );
    }

    #[test]
    fn a_wait_shows_its_reason_and_no_eta() {
        let (mut row, now) = row(Some(40 << 20));
        let until = now + Duration::from_millis(1500);
        row.wait = Some(Wait { reason: "host not found".into(), attempt: 3, attempts: Some(10), until, asked: false });
        assert_eq!(
            lines(&row, now),
            [
                "disk1.img  25% host not found, 2 s",
                "disk1.img  25%     10.0/40.0 MiB  host not found, retry 3 of 10 in 2 s",
                "disk1.img  25%     10.0/40.0 MiB  host not found, retry 3 of 10 in 2 s",
            ]
        );
        row.wait = Some(Wait {
            reason: "503".into(),
            attempt: 1,
            attempts: None,
            until: now + Duration::from_secs(30),
            asked: true,
        });
        assert_eq!(lines(&row, now)[1], "disk1.img  25%     10.0/40.0 MiB  server asked to wait 30 s: 503");
    }

    #[test]
    fn a_stall_and_a_missing_answer_show_their_time() {
        let (row, now) = row(None);
        let later = now + Duration::from_secs(12);
        assert_eq!(row.line(later, 80, 9, &Palette::new(false)), "disk1.img              10.00 MiB  stalled 12 s");
        let silent = Row::new("a".into(), now);
        let shown = |at| silent.line(at, 80, 1, &Palette::new(false));
        assert!(shown(now).ends_with("  connecting") && shown(later).ends_with("  no answer for 12 s"));
    }

    #[test]
    fn long_names_keep_their_end() {
        assert_eq!(shortened("out/f1", 20), "out/f1");
        assert_eq!(shortened("downloads/2026/images/disk.iso", 20), "…026/images/disk.iso");
        assert_eq!(name_width(["a", "disk.img"].into_iter(), 80), 8);
        let long = "n".repeat(100);
        let widths = [20, 40, 60, 80, 120, 300].map(|width| name_width([long.as_str()].into_iter(), width));
        assert_eq!(widths, [8, 10, 8, 23, 40, 40]);
    }
}

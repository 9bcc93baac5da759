//! Progress for people: bars on a terminal, a line every few seconds elsewhere.

use std::io::{self, IsTerminal};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, MultiProgress, ProgressBar, ProgressStyle};

use crate::arguments::Get;
use crate::output;
use crate::terminal_text::escaped;

/// Characters of a bar's name, so that a line fits in a terminal of 80 columns.
const NAME: usize = 20;

/// Time between two lines of one file or job, so that the log of an hour has hundreds of lines, not thousands.
const LINES: Duration = Duration::from_secs(5);

/// Progress of a whole run.
pub struct Display {
    mode: Mode,
    /// Whether lines about events are printed.
    mentions: bool,
}

enum Mode {
    Silent,
    Lines,
    Bars(MultiProgress),
}

/// The amount of output.
#[derive(Clone, Copy, Debug)]
pub struct Loudness {
    pub quiet: bool,
    pub json: bool,
    pub verbose: u8,
    /// The downloaded bytes go to the terminal, so progress would be lost among them.
    pub drowned: bool,
}

/// Progress of one file or job.
pub struct Progress {
    name: String,
    shown: Shown,
}

enum Shown {
    Nothing,
    Lines { last: Mutex<Instant> },
    Bar(ProgressBar),
}

impl Display {
    /// If the log is on, progress is shown in lines, because log lines would tear bars.
    pub fn new(loudness: Loudness) -> Self {
        let Loudness { quiet, json, verbose, drowned } = loudness;
        let mode = match quiet || json || drowned {
            true => Mode::Silent,
            false if io::stderr().is_terminal() && verbose < 2 => Mode::Bars(MultiProgress::new()),
            false => Mode::Lines,
        };
        Self { mode, mentions: !quiet && (!json || verbose > 0) }
    }

    pub fn begin(&self, name: &str) -> Progress {
        let shown = match &self.mode {
            Mode::Silent => Shown::Nothing,
            Mode::Lines => Shown::Lines { last: Mutex::new(Instant::now()) },
            Mode::Bars(bars) => Shown::Bar(bar(bars, name)),
        };
        Progress { name: name.into(), shown }
    }

    /// Whether [`Progress::update`] shows anything.
    pub const fn shows_progress(&self) -> bool {
        !matches!(self.mode, Mode::Silent)
    }

    /// Whether [`Self::mention`] prints nothing.
    pub const fn is_silent(&self) -> bool {
        !self.mentions
    }

    /// Prints a line, above the bars if there are any.
    pub fn say(&self, line: &str) {
        match &self.mode {
            Mode::Bars(bars) => bars.suspend(|| output::say(line)),
            Mode::Lines | Mode::Silent => output::say(line),
        }
    }

    /// Prints a line unless the output [is silent](Self::is_silent).
    pub fn mention(&self, line: &str) {
        if self.mentions {
            self.say(line);
        }
    }
}

/// Adds a bar to the others before its first draw.
fn bar(bars: &MultiProgress, name: &str) -> ProgressBar {
    let bar = bars.add(ProgressBar::no_length());
    bar.set_style(style("{prefix} {spinner} {bytes} {binary_bytes_per_sec} {msg}"));
    bar.set_prefix(shortened(&escaped(name)));
    bar
}

/// Cuts the beginning of a long name, because the end identifies the file better.
fn shortened(name: &str) -> String {
    match name.chars().count().checked_sub(NAME) {
        None | Some(0) => name.into(),
        Some(more) => ['…'].into_iter().chain(name.chars().skip(more + 1)).collect(),
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl Loudness {
    pub fn of(get: &Get) -> Self {
        let drowned = get.to_standard_output() && io::stdout().is_terminal();
        Self { quiet: get.said.volume.quiet, json: get.said.json, verbose: get.said.volume.verbose, drowned }
    }
}

impl Progress {
    pub fn update(&self, bytes: u64, total: Option<u64>, remark: &str) {
        match &self.shown {
            Shown::Nothing => {}
            Shown::Lines { last } => {
                let mut last = last.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                if bytes > 0 && last.elapsed() >= LINES {
                    *last = Instant::now();
                    output::say(&format!("{}: {}", self.name, amount(bytes, total)));
                }
            }
            Shown::Bar(bar) => {
                if let Some(total) = total
                    && bar.length() != Some(total)
                {
                    bar.set_length(total);
                    bar.set_position(bytes);
                    bar.reset_eta();
                    bar.set_style(style(
                        "{prefix} [{wide_bar}] {bytes}/{total_bytes} {binary_bytes_per_sec} {eta} {msg}",
                    ));
                }
                bar.set_position(bytes);
                bar.set_message(remark.to_owned());
            }
        }
    }

    pub fn done(&self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}

/// Transferred bytes, for people.
pub fn amount(bytes: u64, total: Option<u64>) -> String {
    match total.filter(|total| *total > 0) {
        None => HumanBytes(bytes).to_string(),
        Some(total) => {
            format!("{} of {} ({}%)", HumanBytes(bytes), HumanBytes(total), bytes.saturating_mul(100) / total)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_keep_their_end() {
        assert_eq!(shortened("out/f1"), "out/f1");
        let long = shortened("downloads/2026/images/disk.iso");
        assert_eq!((long.as_str(), long.chars().count()), ("…026/images/disk.iso", NAME));
    }
}

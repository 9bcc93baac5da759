//! What a person sees while bytes arrive: a bar on a terminal, a line now and then elsewhere.

use std::io::{self, IsTerminal};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, MultiProgress, ProgressBar, ProgressStyle};

use crate::arguments::Get;
use crate::output;
use crate::terminal_text::escaped;

/// Characters that a bar has for its name: with them a line fits in a terminal of 80 columns.
const NAME: usize = 20;

/// Time between two lines of one file or job.
const LINES: Duration = Duration::from_secs(5);

/// Progress of a whole run.
pub struct Display {
    mode: Mode,
    /// Whether the curious get their lines.
    mentions: bool,
}

enum Mode {
    Silent,
    Lines,
    Bars(MultiProgress),
}

/// How much is said.
#[derive(Clone, Copy, Debug)]
pub struct Loudness {
    pub quiet: bool,
    pub json: bool,
    pub verbose: u8,
    /// The bytes themselves go to the terminal: progress would be lost among them.
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
    /// Lines of the log would tear bars.
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

    /// Whether anybody sees what [`Progress::update`] says.
    pub const fn shows_progress(&self) -> bool {
        !matches!(self.mode, Mode::Silent)
    }

    /// Whether nobody hears of what goes well.
    pub const fn is_silent(&self) -> bool {
        !self.mentions
    }

    /// A line that stays; above the bars.
    pub fn say(&self, line: &str) {
        match &self.mode {
            Mode::Bars(bars) => bars.suspend(|| output::say(line)),
            Mode::Lines | Mode::Silent => output::say(line),
        }
    }

    /// A line that only the curious get.
    pub fn mention(&self, line: &str) {
        if self.mentions {
            self.say(line);
        }
    }
}

/// The bar belongs to the others before anything is drawn of it.
fn bar(bars: &MultiProgress, name: &str) -> ProgressBar {
    let bar = bars.add(ProgressBar::no_length());
    bar.set_style(style("{prefix} {spinner} {bytes} {binary_bytes_per_sec} {msg}"));
    bar.set_prefix(shortened(&escaped(name)));
    bar
}

/// The end of a long name tells more than its beginning.
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

/// How many bytes are here, for people.
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

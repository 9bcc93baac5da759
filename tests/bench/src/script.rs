//! The commands for an errand.

use std::path::PathBuf;
use std::process::Command;

use crate::errand::Errand;
use crate::source::Part;

/// Programs that run at once, and perhaps one after them. Several run under one shell, so that the usage of all is counted.
pub struct Script {
    pub at_once: Vec<Words>,
    pub then: Option<Words>,
    /// The expected files; if empty, the files of the errand.
    pub parts: Vec<(PathBuf, Part)>,
}

/// A program and its arguments.
pub type Words = Vec<String>;

/// Splits at spaces.
pub fn words(line: &str) -> Words {
    line.split_whitespace().map(str::to_owned).collect()
}

impl Script {
    pub fn one(words: Words) -> Self {
        Self { at_once: vec![words], then: None, parts: Vec::new() }
    }

    /// Adds the steps that the program lacks: a sync and a verification.
    pub fn completed(mut self, errand: &Errand) -> Self {
        if errand.durable {
            self.then = Some(vec!["sync".into(), "-d".into(), errand.path(0).display().to_string()]);
        }
        if let Some(digest) = &errand.sha256 {
            let sums = errand.sums(digest).display().to_string();
            self.then = Some([words("sha256sum -c --status"), vec![sums]].concat());
        }
        self
    }

    pub fn command(&self) -> Command {
        let mut command = match (&self.at_once[..], &self.then) {
            ([only], None) => program(only),
            _ => program(&["sh".into(), "-c".into(), self.text()]),
        };
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
    }

    fn text(&self) -> String {
        let start = |words: &Words| format!("{} & all=\"$all $!\"; ", quoted(words));
        let first: String = match &self.at_once[..] {
            [only] => quoted(only),
            several => {
                let started: String = several.iter().map(start).collect();
                format!("{started}for one in $all; do wait $one || exit 1; done")
            }
        };
        self.then.iter().fold(first, |first, then| format!("{first} && {}", quoted(then)))
    }

    /// The commands as a user would type them.
    pub fn typed(&self) -> String {
        let first = self.at_once[0].join(" ");
        let first = match self.at_once.len() {
            1 => first,
            count => format!("{first} (and so on, {count} at once)"),
        };
        self.then.iter().fold(first, |first, then| format!("{first} && {}", then.join(" ")))
    }
}

fn program(words: &[String]) -> Command {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]);
    command
}

fn quoted(words: &Words) -> String {
    let word = |word: &String| format!("'{}'", word.replace('\'', r"'\''"));
    words.iter().map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(at_once: &[&[&str]], then: Option<&str>) -> Script {
        let owned = |words: &&[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Script { at_once: at_once.iter().map(owned).collect(), then: then.map(words), parts: Vec::new() }
    }

    fn succeeds(script: &Script) -> bool {
        script.command().status().unwrap().success()
    }

    #[test]
    fn each_program_has_to_succeed() {
        assert!(succeeds(&script(&[&["true"], &["true"]], Some("true"))));
        assert!(!succeeds(&script(&[&["false"], &["true"]], None)));
        assert!(!succeeds(&script(&[&["true"], &["false"]], Some("true"))));
        assert!(!succeeds(&script(&[&["true"]], Some("false"))));
        assert!(!succeeds(&script(&[&["false"]], Some("true"))));
    }

    #[test]
    fn the_shell_sees_words_as_they_are() {
        assert!(succeeds(&script(&[&["test", "it's $HOME", "=", "it's $HOME"]], Some("true"))));
    }

    #[test]
    fn several_are_typed_as_one() {
        let typed = script(&[&["curl", "-r", "0-1"], &["curl", "-r", "2-3"]], Some("sync")).typed();
        assert_eq!(typed, "curl -r 0-1 (and so on, 2 at once) && sync");
    }
}

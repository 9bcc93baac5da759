//! The programs that are compared.

mod commands;

use std::fs;
use std::path::Path;
use std::process::Command;

use haul_tests::process::built;

use crate::errand::Errand;

/// A program that downloads.
pub struct Contender {
    pub name: &'static str,
    /// Debian's package; `None` for haul.
    package: Option<&'static str>,
    /// Whether it can use several connections for one file.
    several: bool,
    /// Requests that a run makes before the download, and whose bodies it discards.
    pub probes: usize,
    /// Settings without a command-line option: a file in the home directory, and its lines.
    settings: Option<(&'static str, &'static str)>,
    arguments: fn(&Errand) -> Vec<String>,
}

pub const CONTENDERS: [Contender; 6] = [
    Contender { several: false, ..peer("curl", "curl", commands::curl) },
    peer("aria2c", "aria2", commands::aria2c),
    Contender { several: false, ..peer("wget", "wget", commands::wget) },
    peer("wget2", "wget2", commands::wget2),
    Contender { probes: 1, settings: Some(AXELRC), ..peer("axel", "axel", commands::axel) },
    Contender { package: None, ..peer("haul", "", commands::haul) },
];

const AXELRC: (&str, &str) = (".axelrc", "connection_timeout = 5\nreconnect_delay = 1\nsave_state_interval = 1\n");

const fn peer(name: &'static str, package: &'static str, arguments: fn(&Errand) -> Vec<String>) -> Contender {
    Contender { name, package: Some(package), several: true, probes: 0, settings: None, arguments }
}

impl Contender {
    /// Whether it has a mode for this many connections.
    pub fn can_use(&self, connections: Option<u32>) -> bool {
        self.several || connections.is_none_or(|connections| connections == 1)
    }

    /// The command for an errand. Its settings are only those written to `home`, its environment only the path.
    pub fn command(&self, errand: &Errand, home: &Path) -> Command {
        if let Some((name, text)) = self.settings {
            fs::write(home.join(name), text).expect("room for settings");
        }
        let mut command = self.program();
        command.args((self.arguments)(errand));
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", home);
        command
    }

    /// The command as a user would type it.
    pub fn typed(&self, errand: &Errand) -> String {
        [vec![self.name.to_string()], (self.arguments)(errand)].concat().join(" ")
    }

    /// The settings that accompany every command, in words; empty if there are none.
    pub fn settings(&self) -> String {
        let words =
            |(name, text): (&str, &str)| format!(", with `{}` in `~/{name}`", text.trim().replace('\n', "`, `"));
        self.settings.map(words).unwrap_or_default()
    }

    /// The installed version. The error names the package to install.
    pub fn version(&self) -> Result<String, String> {
        let missing = |error| match self.package {
            Some(package) => format!("{} is missing: install Debian's package {package} ({error})", self.name),
            None => format!("{} is missing: run `make build` ({error})", self.name),
        };
        let output = self.program().arg("--version").output().map_err(missing)?;
        let said = String::from_utf8_lossy(&output.stdout);
        let number = said.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
        number.map(str::to_string).ok_or_else(|| format!("{} does not tell its version", self.name))
    }

    fn program(&self) -> Command {
        match self.package {
            Some(_) => Command::new(self.name),
            None => Command::new(built(self.name)),
        }
    }
}

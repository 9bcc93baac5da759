//! The programs that are compared.

mod own;
mod peers;

use std::process::Command;

use haul_lab::process::built;

use crate::errand::Errand;
use crate::script::Script;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contender {
    Haul,
    /// haul without a digest, in rows about digests.
    Unverified,
    Stock,
    /// Stock wasmtime, compiling the component in each run.
    Compiling,
    Curl,
    Aria2c,
    Wget2,
    Axel,
    Floor,
}

impl Contender {
    pub const USUAL: [Self; 7] =
        [Self::Haul, Self::Stock, Self::Curl, Self::Aria2c, Self::Wget2, Self::Axel, Self::Floor];

    pub const PEERS: [Self; 4] = [Self::Curl, Self::Aria2c, Self::Wget2, Self::Axel];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Haul => "haul",
            Self::Unverified => "haul, unverified",
            Self::Stock => "haul.wasm, stock wasmtime",
            Self::Compiling => "haul.wasm, stock wasmtime, compiled each time",
            Self::Curl => "curl",
            Self::Aria2c => "aria2c",
            Self::Wget2 => "wget2",
            Self::Axel => "axel",
            Self::Floor => "floor",
        }
    }

    /// The script for an errand; the error is the reason why the program cannot do it.
    pub fn script(self, errand: &Errand) -> Result<Script, &'static str> {
        match self {
            Self::Haul => Ok(own::haul(errand, errand.sha256.as_deref())),
            Self::Unverified => Ok(own::haul(errand, None)),
            Self::Stock => own::stock(errand, &[]),
            Self::Compiling => own::stock(errand, &["-C", "cache=n"]),
            Self::Curl => Ok(peers::curl(errand)),
            Self::Aria2c => Ok(peers::aria2c(errand)),
            Self::Wget2 => Ok(peers::wget2(errand)),
            Self::Axel => peers::axel(errand),
            Self::Floor => own::floor(errand),
        }
    }
}

/// Each program with its version. The error names the program that is missing.
pub fn versions() -> Result<Vec<String>, String> {
    let haul = built("haul");
    let programs = [
        ("haul", haul.to_str().unwrap_or("haul"), "--version"),
        ("curl", "curl", "--version"),
        ("aria2c", "aria2c", "--version"),
        ("wget2", "wget2", "--version"),
        ("axel", "axel", "--version"),
        ("nginx", "nginx", "-v"),
    ];
    programs.into_iter().map(|(name, program, option)| version(name, program, option)).collect()
}

fn version(name: &str, program: &str, option: &str) -> Result<String, String> {
    let missing = |error| format!("{name} is missing, run `make setup bench`: {error}");
    let output = Command::new(program).arg(option).output().map_err(missing)?;
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    let mut parts = said.split([' ', '/', '\n']);
    let number = parts.find(|part| part.starts_with(|first: char| first.is_ascii_digit()));
    number.map(|number| format!("{name} {number}")).ok_or_else(|| format!("{name} does not tell its version"))
}

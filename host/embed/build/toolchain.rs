//! Which compiler builds the component: rustup's with the target, or Debian's with its sources.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasmtime::error::Context as _;
use wasmtime::{Result, bail};

pub const TARGET: &str = "wasm32-wasip2";

/// Debian's compiler and the sources of `core` that go with it.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_SOURCES: &str = "/usr/lib/rustlib/src/rust/library/core";

pub enum Toolchain {
    /// The compiler of this build has the target.
    WithTarget,
    /// `core` is built from Debian's sources; the linker is that of the compiler of this build.
    Debian { linkers: [PathBuf; 2] },
}

impl Toolchain {
    pub fn find() -> Result<Self> {
        let sysroot = sysroot()?;
        if sysroot.join("lib/rustlib").join(TARGET).exists() {
            return Ok(Self::WithTarget);
        }
        if [DEBIAN_RUSTC, DEBIAN_CARGO, DEBIAN_SOURCES].iter().all(|path| Path::new(path).exists()) {
            let bin = sysroot.join("lib/rustlib").join(env::var("HOST")?).join("bin");
            return Ok(Self::Debian { linkers: [bin.join("gcc-ld"), bin] });
        }
        bail!(
            "the component needs the target {TARGET}: run `make setup`, or `rustup target add {TARGET}`, \
             or install Debian's rustc-web, cargo-web and rust-web-src"
        )
    }

    pub fn cargo(&self) -> Command {
        match self {
            Self::WithTarget => Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into())),
            Self::Debian { linkers } => {
                let mut command = Command::new(DEBIAN_CARGO);
                let path = env::var_os("PATH").unwrap_or_default();
                let paths = linkers.iter().cloned().chain(env::split_paths(&path));
                command.env("PATH", env::join_paths(paths).unwrap_or(path.clone()));
                command.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1");
                command
            }
        }
    }

    /// The argument that builds `crates` of the standard library, if the toolchain does not have them for the target.
    pub fn build_std(&self, crates: &str) -> Option<String> {
        match self {
            Self::WithTarget => None,
            Self::Debian { .. } => Some(format!("-Zbuild-std={crates}")),
        }
    }
}

fn sysroot() -> Result<PathBuf> {
    let rustc = env::var_os("RUSTC").context("RUSTC")?;
    let output = Command::new(rustc).args(["--print", "sysroot"]).output().context("asking rustc for its folder")?;
    Ok(PathBuf::from(String::from_utf8(output.stdout)?.trim()))
}

//! Build of a component with cargo, for the target of components.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasmtime::error::Context as _;
use wasmtime::{Result, ensure};

use crate::toolchain::{self, Toolchain};

/// Builds the crate in `folder` and returns the folder of its release build. All profiles of this build share one target folder for it.
/// Cargo builds it again if one of `sources` changes.
pub fn build(root: &Path, folder: &str, sources: &[&str], name: &str) -> Result<PathBuf> {
    for source in sources {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").context("OUT_DIR")?);
    let target = out.ancestors().nth(4).context("the target folder")?.join(name);
    let toolchain = Toolchain::find()?;
    let status = clean(toolchain.cargo())
        .args(["build", "--release", "--target", toolchain::TARGET])
        .args(toolchain.build_std("core,alloc"))
        .arg("--target-dir")
        .arg(&target)
        .env("CARGO_ENCODED_RUSTFLAGS", remap_cargo_home()?)
        .current_dir(root.join(folder))
        .status()
        .context("running cargo for a component")?;
    ensure!(status.success(), "building the component in {folder} failed; its messages are above");
    Ok(target.join(toolchain::TARGET).join("release"))
}

/// Panic messages contain the paths of the crates' sources. With this flag the paths, and so the component's bytes, are the same on every
/// machine. `make reproduce` checks that with the same flag.
fn remap_cargo_home() -> Result<OsString> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo"))).context("the folder of cargo")?;
    let mut flag = OsString::from("--remap-path-prefix=");
    flag.push(home);
    flag.push("=/cargo");
    Ok(flag)
}

/// Removes the settings of the outer build, which are not for the component.
fn clean(mut command: Command) -> Command {
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        let outer = name.starts_with("CARGO_") || name == "RUSTFLAGS" || name.ends_with("_WRAPPER");
        if outer && !matches!(&*name, "CARGO_HOME" | "CARGO_NET_OFFLINE") {
            command.env_remove(&*name);
        }
    }
    command
}

//! Builds the component and compiles it ahead of time for the machine that this crate is built for.

#[path = "../src/runtime_config.rs"]
mod runtime_config;
mod toolchain;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use toolchain::Toolchain;
use wasmtime::error::Context as _;
use wasmtime::{Result, ensure};

fn main() -> Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").context("OUT_DIR")?);
    let wasm = build_component(&out)?;
    let engine = wasmtime::Engine::new(&runtime_config::compiling_for(&env::var("TARGET")?)?)?;
    let compiled = engine.precompile_component(&fs::read(&wasm)?).context("compiling the component")?;
    fs::copy(&wasm, out.join("haul.wasm"))?;
    fs::write(out.join("haul.cwasm"), compiled)?;
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/runtime_config.rs");
    Ok(())
}

/// Builds `guest/component` and returns the path of the component.
fn build_component(out: &Path) -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let guest = root.join("guest/component");
    for source in ["guest/component", "guest/core/src", "guest/core/Cargo.toml", "wit"] {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
    }
    // Beside the target folder of this build, so that every profile shares one build of the guest.
    let target = out.ancestors().nth(4).context("the target folder")?.join("guest");
    let toolchain = Toolchain::find()?;
    let status = clean(toolchain.cargo())
        .args(["build", "--release", "--target", toolchain::TARGET])
        .args(toolchain.extra_arguments())
        .arg("--target-dir")
        .arg(&target)
        .current_dir(&guest)
        .status()
        .context("running cargo for the component")?;
    ensure!(status.success(), "building the component failed; its messages are above");
    Ok(target.join(toolchain::TARGET).join("release/haul_component.wasm"))
}

/// The outer build's settings are not for the component.
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

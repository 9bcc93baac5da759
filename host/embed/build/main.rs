//! Build script: builds the component and compiles it ahead of time for the machine that this crate is built for.

mod guest;
#[path = "../src/runtime_config.rs"]
mod runtime_config;
mod toolchain;

use std::path::{Path, PathBuf};
use std::{env, fs};

use wasmtime::Result;
use wasmtime::error::Context as _;

/// The sources of the component.
const SOURCES: [&str; 9] = [
    "guest/component",
    "guest/Cargo.toml",
    "guest/Cargo.lock",
    "guest/command/src",
    "guest/command/Cargo.toml",
    "guest/core/src",
    "guest/core/Cargo.toml",
    "guest/runtime",
    "wit",
];

/// The path of the component in a published package.
const PACKAGED: &str = "component/haul.wasm";

fn main() -> Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").context("OUT_DIR")?);
    let wasm = component()?;
    let engine = wasmtime::Engine::new(&runtime_config::compiling_for(&env::var("TARGET")?)?)?;
    let compiled = engine.precompile_component(&fs::read(&wasm)?).context("compiling the component")?;
    fs::copy(&wasm, out.join("haul.wasm"))?;
    fs::write(out.join("haul.cwasm"), compiled)?;
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/runtime_config.rs");
    Ok(())
}

/// The path of the component. It is built from its sources; a published package has no sources, so its component is used as it is.
fn component() -> Result<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = own.join("../..").canonicalize()?;
    if root.join("guest/component/Cargo.toml").exists() {
        return Ok(guest::build(&root, "guest/component", &SOURCES, "guest")?.join("haul_component.wasm"));
    }
    println!("cargo::rerun-if-changed={PACKAGED}");
    Ok(own.join(PACKAGED))
}

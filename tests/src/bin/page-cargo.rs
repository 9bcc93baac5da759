//! A `cargo` for pages that build components with `std`. If the target wasm32-wasip2 is not installed, it builds the same result
//! with Debian's compiler, for a target without a C library.

#[path = "../../../host/embed/build/toolchain.rs"]
mod toolchain;

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::{env, fs};

use wasmtime::Result;
use wasmtime::error::{Context as _, ensure};
use wit_component::ComponentEncoder;

use toolchain::{TARGET, Toolchain};

/// A target whose `std` imports nothing.
const BARE: &str = "wasm32-unknown-unknown";

fn main() -> Result<()> {
    let toolchain = Toolchain::find()?;
    let mut cargo = toolchain.cargo();
    let arguments = env::args().skip(1);
    let Some(build_std) = toolchain.build_std("std,panic_abort") else {
        return Err(cargo.args(arguments).exec()).context("running cargo");
    };
    let arguments = arguments.map(|argument| if argument == TARGET { BARE.into() } else { argument });
    ensure!(cargo.args(arguments).arg(build_std).status()?.success(), "cargo failed; its messages are above");
    encode(&Path::new("target").join(BARE).join("release"), &Path::new("target").join(TARGET).join("release"))
}

/// Turns the modules in `from` into components.
fn encode(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            let encoder =
                ComponentEncoder::default().module(&fs::read(&path)?).map_err(wasmtime::Error::from_anyhow)?;
            let component = encoder.validate(true).encode().map_err(wasmtime::Error::from_anyhow)?;
            fs::write(to.join(path.file_name().context("a name")?), component)?;
        }
    }
    Ok(())
}

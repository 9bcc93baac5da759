//! How wasmtime is configured: the same when the component is compiled, in the build script, and when it runs.

use wasmtime::{Config, Result};

/// For compiling ahead of time for `target`, with its baseline of instructions.
#[allow(dead_code, reason = "only the build script compiles for a named target")]
pub fn compiling_for(target: &str) -> Result<Config> {
    let mut config = running();
    config.target(target)?;
    Ok(config)
}

/// For running here.
pub fn running() -> Config {
    let mut config = Config::new();
    config.wasm_component_model(true);
    config.epoch_interruption(true);
    // A trap names its functions without it; the map is a tenth of the compiled component.
    config.generate_address_map(false);
    config
}

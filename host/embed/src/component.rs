//! The component that this crate carries.

use wasmtime::component::Component;
use wasmtime::{Engine, Result};

/// The component as WebAssembly: for other hosts, and to be composed with the components that use it.
pub const WASM: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/haul.wasm"));

/// The component compiled for this machine when this crate was built.
const COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/haul.cwasm"));

/// Loads the compiled component; compiles it where this machine cannot run what was compiled.
pub fn load(engine: &Engine) -> Result<Component> {
    // SAFETY: the bytes were written by this crate's build script with wasmtime and never left this program.
    #[allow(unsafe_code)]
    let loaded = unsafe { Component::deserialize(engine, COMPILED) };
    loaded.or_else(|_| Component::new(engine, WASM))
}

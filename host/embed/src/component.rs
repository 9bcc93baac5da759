//! The component that this crate carries.

use std::fmt;
use std::sync::Arc;

use wasmtime::component::Component;
use wasmtime::{Engine, Result};

/// The component as WebAssembly: for other hosts, and to be composed with the components that use it.
pub const WASM: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/haul.wasm"));

/// The component compiled for this machine when this crate was built.
const COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/haul.cwasm"));

/// Another build of the component, as WebAssembly.
#[derive(Clone)]
pub struct Other(Arc<[u8]>);

impl Other {
    pub fn new(wasm: Vec<u8>) -> Self {
        Self(wasm.into())
    }
}

impl fmt::Debug for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Other({} bytes)", self.0.len())
    }
}

/// Loads the compiled component of this crate, which is compiled anew where this machine cannot run it; or compiles `other`.
pub fn load(engine: &Engine, other: Option<&Other>) -> Result<Component> {
    if let Some(Other(wasm)) = other {
        return Component::from_binary(engine, wasm);
    }
    // SAFETY: the bytes were written by this crate's build script with wasmtime and never left this program.
    #[allow(unsafe_code)]
    let loaded = unsafe { Component::deserialize(engine, COMPILED) };
    loaded.or_else(|_| Component::new(engine, WASM))
}

//! The component that this crate carries.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

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

    /// The code of the one that was opened last is kept, for other engines with it.
    fn compiled(&self, engine: &Engine) -> Result<Component> {
        static LAST: Mutex<Option<(Other, Component)>> = Mutex::new(None);
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((Self(wasm), component)) = &*last
            && *wasm == self.0
        {
            return Ok(component.clone());
        }
        let component = Component::from_binary(engine, &self.0)?;
        *last = Some((self.clone(), component.clone()));
        Ok(component)
    }
}

impl fmt::Debug for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Other({} bytes)", self.0.len())
    }
}

/// Loads the compiled component of this crate, which is compiled anew if this machine cannot run it; or compiles `other`.
pub fn load(engine: &Engine, other: Option<&Other>) -> Result<Component> {
    if let Some(other) = other {
        return other.compiled(engine);
    }
    // SAFETY: the bytes were written by this crate's build script with wasmtime and never left this program.
    #[allow(unsafe_code)]
    let loaded = unsafe { Component::deserialize(engine, COMPILED) };
    loaded.or_else(|_| Component::new(engine, WASM))
}

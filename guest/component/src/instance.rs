//! The one engine of a component instance.

use core::cell::RefCell;

use haul_core::failure::Cause;

use crate::shell::Shell;

struct Instance(RefCell<Option<Shell>>);

// SAFETY: a component instance of WASI 0.2 has one thread.
unsafe impl Sync for Instance {}

static INSTANCE: Instance = Instance(RefCell::new(None));

/// Opens the engine.
///
/// # Errors
///
/// [`Cause::InvalidState`] when it is open already, and why it cannot be opened.
pub fn open(make: impl FnOnce() -> Result<Shell, Cause>) -> Result<(), Cause> {
    let mut slot = INSTANCE.0.borrow_mut();
    if slot.is_some() {
        return Err(Cause::InvalidState);
    }
    *slot = Some(make()?);
    Ok(())
}

/// Takes the open engine away.
pub fn close() -> Option<Shell> {
    INSTANCE.0.borrow_mut().take()
}

/// `act` on the open engine; `None` while there is none.
pub fn with<R>(act: impl FnOnce(&mut Shell) -> R) -> Option<R> {
    INSTANCE.0.borrow_mut().as_mut().map(act)
}

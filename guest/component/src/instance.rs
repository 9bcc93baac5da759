//! The one engine of a component instance.

use core::cell::{Cell, RefCell};

use haul_core::failure::Cause;

use crate::shell::Shell;

struct Instance {
    shell: RefCell<Option<Shell>>,
    /// Number of the last download of earlier engines. The next engine counts on, so that an object of an earlier one never names another
    /// download.
    last_download: Cell<u64>,
}

// SAFETY: a component instance of WASI 0.2 has one thread.
unsafe impl Sync for Instance {}

static INSTANCE: Instance = Instance { shell: RefCell::new(None), last_download: Cell::new(0) };

/// Opens the engine. `make` gets the number from which the engine counts downloads.
///
/// # Errors
///
/// [`Cause::InvalidState`] if it is open already, and the cause if `make` fails.
pub fn open(make: impl FnOnce(u64) -> Result<Shell, Cause>) -> Result<(), Cause> {
    let mut slot = INSTANCE.shell.borrow_mut();
    if slot.is_some() {
        return Err(Cause::InvalidState);
    }
    *slot = Some(make(INSTANCE.last_download.get())?);
    Ok(())
}

/// Closes the engine, if one is open.
pub fn close() {
    if let Some(shell) = INSTANCE.shell.take() {
        INSTANCE.last_download.set(shell.close());
    }
}

/// Calls `act` with the open engine; `None` if there is none.
pub fn with<R>(act: impl FnOnce(&mut Shell) -> R) -> Option<R> {
    INSTANCE.shell.borrow_mut().as_mut().map(act)
}

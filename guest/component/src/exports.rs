//! The interfaces of `wit/`, one file each, over the engine of this instance.

mod background_copy_error;
mod background_copy_file;
mod background_copy_job;
mod background_copy_job5;
mod background_copy_manager;
mod convert;
mod convert_job;
mod cursor;
mod delivery_optimization_file;
mod delivery_optimization_job;
mod do_download;
mod do_download_internal;
mod do_manager;
mod driver;
mod engine;
mod enum_background_copy_files;
mod language;

use haul_core::failure::Cause;

use crate::bindings;
use crate::instance;
use crate::shell::Shell;

struct Component;

bindings::export!(Component with_types_in bindings);

/// Calls `act` with the open engine; [`Cause::NoService`] if none is open.
fn with_shell<R>(act: impl FnOnce(&mut Shell) -> Result<R, Cause>) -> Result<R, convert::Failure> {
    instance::with(act).unwrap_or(Err(Cause::NoService)).map_err(convert::failure)
}

//! Locks on partial files and on the state directory, which WASI 0.2 has no word for: opening one to write takes a lock, and fails while another process
//! has it. A lock is gone when its file is closed, and so when its process dies.

use std::fs::TryLockError;

use wasmtime::Result;
use wasmtime::component::{Linker, Resource};
use wasmtime_wasi::filesystem::{Descriptor, WasiFilesystemView};
use wasmtime_wasi::p2::bindings::filesystem::types::{
    DescriptorFlags, ErrorCode, HostDescriptor, OpenFlags, PathFlags,
};

use crate::sandbox::Surroundings;

/// How the names of files end that are locked: partial files, and what stands for the state directory.
const LOCKED: [&str; 2] = [".part", "engine.lock"];

const INTERFACE: &str = "wasi:filesystem/types@0.2.12";

type Opening = (Resource<Descriptor>, PathFlags, String, OpenFlags, DescriptorFlags);

/// Puts an `open-at` that locks in the place of the one that does not.
pub fn add_to_linker(linker: &mut Linker<Surroundings>) -> Result<()> {
    linker.allow_shadowing(true);
    linker.instance(INTERFACE)?.func_wrap_async(
        "[method]descriptor.open-at",
        |mut store, (directory, path_flags, path, open, access): Opening| {
            Box::new(async move {
                let is_written =
                    LOCKED.iter().any(|end| path.ends_with(end)) && access.contains(DescriptorFlags::WRITE);
                let mut files = store.data_mut().filesystem();
                let opened = files.open_at(directory, path_flags, path, open, access).await;
                let opened = match opened {
                    Ok(opened) => opened,
                    Err(error) => return Ok((Err::<Resource<Descriptor>, _>(error.downcast()?),)),
                };
                if is_written && !lock(files.table.get(&opened)?) {
                    files.table.delete(opened)?;
                    return Ok((Err(ErrorCode::Busy),));
                }
                Ok((Ok(opened),))
            })
        },
    )?;
    linker.allow_shadowing(false);
    Ok(())
}

/// Whether the file is this process's now. Where the file system has no locks it is, too.
fn lock(opened: &Descriptor) -> bool {
    let Descriptor::File(file) = opened else { return true };
    match file.file.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(error)) => {
            tracing::debug!(%error, "the file system has no locks");
            true
        }
    }
}

//! Files, in front of WASI's own: what is open is counted, partial files are locked, nothing is opened that can block, and bytes go
//! into files in large writes.

use wasmtime::Result;
use wasmtime::component::{Linker, Resource};
use wasmtime_wasi::filesystem::{Descriptor, WasiFilesystemView};
use wasmtime_wasi::p2::DynOutputStream;
use wasmtime_wasi::p2::bindings::filesystem::types::{
    Advice, DescriptorFlags, DescriptorType, DirectoryEntryStream, ErrorCode, HostDescriptor, OpenFlags, PathFlags,
};

use super::Surroundings;
use super::file_stream::FileStream;
use crate::locks;

const INTERFACE: &str = "wasi:filesystem/types@0.2.12";

type Opening = (Resource<Descriptor>, PathFlags, String, OpenFlags, DescriptorFlags);
type Outcome<T> = (Result<Resource<T>, ErrorCode>,);

/// Puts functions with limits in the place of those without.
pub fn add_to_linker(linker: &mut Linker<Surroundings>) -> Result<()> {
    linker.allow_shadowing(true);
    let mut instance = linker.instance(INTERFACE)?;
    instance.func_wrap_async("[method]descriptor.open-at", |mut store, opening: Opening| {
        Box::new(async move { open(store.data_mut(), opening).await })
    })?;
    instance.func_wrap_async("[method]descriptor.read-directory", |mut store, (directory,)| {
        Box::new(async move { list(store.data_mut(), directory).await })
    })?;
    instance.func_wrap("[method]descriptor.write-via-stream", |mut store, (file, offset)| {
        write_via_stream(store.data_mut(), &file, offset)
    })?;
    instance.func_wrap("[method]descriptor.advise", |mut store, (file, offset, length, advice)| {
        advise(store.data_mut(), &file, offset, length, advice)
    })?;
    linker.allow_shadowing(false);
    Ok(())
}

async fn open(
    surroundings: &mut Surroundings,
    (directory, path_flags, path, open, access): Opening,
) -> Result<Outcome<Descriptor>> {
    if surroundings.open_files.is_full() {
        return Ok((Err(ErrorCode::InsufficientMemory),));
    }
    let is_locked = locks::is_locked(&path) && access.contains(DescriptorFlags::WRITE);
    let mut files = surroundings.filesystem();
    let looked_at = Resource::new_borrow(directory.rep());
    // Opening a pipe waits for its other end, and opening a device may do anything.
    if let Ok(found) = files.stat_at(looked_at, path_flags, path.clone()).await
        && !matches!(
            found.type_,
            DescriptorType::RegularFile | DescriptorType::Directory | DescriptorType::SymbolicLink
        )
    {
        return Ok((Err(ErrorCode::NotPermitted),));
    }
    let opened = match files.open_at(directory, path_flags, path, open, access).await {
        Ok(opened) => opened,
        Err(error) => return Ok((Err(error.downcast()?),)),
    };
    let file = match files.table.get(&opened)? {
        Descriptor::File(file) => file.file.clone(),
        Descriptor::Dir(directory) => directory.dir.clone(),
    };
    if is_locked && !locks::lock(&file) {
        files.table.delete(opened)?;
        return Ok((Err(ErrorCode::Busy),));
    }
    surroundings.open_files.add(&file);
    Ok((Ok(opened),))
}

fn write_via_stream(
    surroundings: &mut Surroundings,
    file: &Resource<Descriptor>,
    offset: u64,
) -> Result<Outcome<DynOutputStream>> {
    let stream = match surroundings.table.get(file)? {
        Descriptor::Dir(_) => return Ok((Err(ErrorCode::BadDescriptor),)),
        Descriptor::File(file) if file.perms.write_not_permitted() => return Ok((Err(ErrorCode::NotPermitted),)),
        Descriptor::File(file) => FileStream::new(file.file.clone(), offset),
    };
    let stream: DynOutputStream = Box::new(stream);
    Ok((Ok(surroundings.table.push(stream)?),))
}

fn advise(
    surroundings: &mut Surroundings,
    file: &Resource<Descriptor>,
    offset: u64,
    length: u64,
    advice: Advice,
) -> Result<(Result<(), ErrorCode>,)> {
    match surroundings.table.get(file)? {
        Descriptor::Dir(_) => return Ok((Err(ErrorCode::BadDescriptor),)),
        Descriptor::File(file) if file.perms.write_not_permitted() => {}
        Descriptor::File(file) => surroundings.write_back.follow(&file.file, offset, length, advice),
    }
    Ok((Ok(()),))
}

async fn list(
    surroundings: &mut Surroundings,
    directory: Resource<Descriptor>,
) -> Result<Outcome<DirectoryEntryStream>> {
    if surroundings.listings.is_full(&surroundings.table) {
        return Ok((Err(ErrorCode::InsufficientMemory),));
    }
    match surroundings.filesystem().read_directory(directory).await {
        Ok(listing) => {
            surroundings.listings.add(&listing);
            Ok((Ok(listing),))
        }
        Err(error) => Ok((Err(error.downcast()?),)),
    }
}

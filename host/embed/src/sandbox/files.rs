//! Files, in the place of WASI's own. Open files are counted, partial files are locked, and large writes stay whole. Files that can block
//! are not opened, and neither are journals that another user can write to.

use std::fs::{File, Metadata};
use std::sync::Arc;

use wasmtime::Result;
use wasmtime::component::{Linker, Resource};
use wasmtime_wasi::filesystem::{Descriptor, WasiFilesystemView};
use wasmtime_wasi::p2::bindings::filesystem::types::{
    Advice, DescriptorFlags, DescriptorType, DirectoryEntryStream, ErrorCode, HostDescriptor, OpenFlags, PathFlags,
};
use wasmtime_wasi::p2::{DynOutputStream, FsError};

use super::StoreState;
use super::file_stream::FileStream;
use crate::locks::{self, Lock};
use crate::ownership;
use crate::state_directory::{self, Identity};

/// Endings of the names of journals, and of the partial files that they speak of.
const JOURNAL: &str = ".haul";
const PARTIAL: &str = ".part";

const INTERFACE: &str = "wasi:filesystem/types@0.2.12";

type Opening = (Resource<Descriptor>, PathFlags, String, OpenFlags, DescriptorFlags);
type Outcome<T> = (Result<Resource<T>, ErrorCode>,);

/// Puts functions with limits in the place of those without.
pub fn add_to_linker(linker: &mut Linker<StoreState>) -> Result<()> {
    linker.allow_shadowing(true);
    let mut instance = linker.instance(INTERFACE)?;
    instance.func_wrap_async("[method]descriptor.open-at", |mut store, opening: Opening| {
        Box::new(async move { open(store.data_mut(), opening).await })
    })?;
    instance.func_wrap_async("[method]descriptor.create-directory-at", |mut store, (directory, path)| {
        Box::new(async move { create_directory(store.data_mut(), directory, path).await })
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
    instance.func_wrap_async("[method]descriptor.write", |mut store, (file, bytes, offset)| {
        Box::new(async move { write(store.data_mut(), file, bytes, offset).await })
    })?;
    instance.func_wrap_async("[method]descriptor.set-size", |mut store, (file, size)| {
        Box::new(async move { set_size(store.data_mut(), file, size).await })
    })?;
    linker.allow_shadowing(false);
    Ok(())
}

/// The directory if it is the state directory.
fn private_directory(directory: &Descriptor, private: Option<Identity>) -> Option<Arc<File>> {
    let Descriptor::Dir(directory) = directory else { return None };
    let found = directory.dir.metadata().ok().as_ref().and_then(state_directory::identity);
    (found.is_some() && found == private).then(|| directory.dir.clone())
}

async fn create_directory(
    state: &mut StoreState,
    directory: Resource<Descriptor>,
    path: String,
) -> Result<(Result<(), ErrorCode>,)> {
    let parent = private_directory(state.table.get(&directory)?, state.private);
    match state.filesystem().create_directory_at(directory, path.clone()).await {
        Ok(()) => parent.iter().for_each(|parent| state_directory::hide(parent, &path)),
        Err(error) => return Ok((Err(error.downcast()?),)),
    }
    Ok((Ok(()),))
}

async fn open(
    state: &mut StoreState,
    (directory, path_flags, path, open, access): Opening,
) -> Result<Outcome<Descriptor>> {
    if state.open_files.is_full() {
        return Ok((Err(ErrorCode::InsufficientMemory),));
    }
    let private = state.private;
    let is_locked = locks::is_locked(&path) && access.contains(DescriptorFlags::WRITE);
    let (parent, name) = (directory.rep(), path.clone());
    if may_block(state, directory.rep(), path_flags, &path).await
        || is_journal_to_read(&path, open, access) && !is_own(state, directory.rep(), &path).await?
    {
        return Ok((Err(ErrorCode::NotPermitted),));
    }
    let mut files = state.filesystem();
    if open.contains(OpenFlags::CREATE)
        && !open.contains(OpenFlags::EXCLUSIVE)
        && let Some(parent) = private_directory(files.table.get(&directory)?, private)
    {
        state_directory::create_file(&parent, &path);
    }
    let opened = match files.open_at(directory, path_flags, path, open, access).await {
        Ok(opened) => opened,
        Err(error) => return Ok((Err(error.downcast()?),)),
    };
    let file = handle(files.table.get(&opened)?);
    let lock = if is_locked { state.locks.take(&file, parent, &name) } else { Lock::Held };
    let refusal = match lock {
        Lock::Held => None,
        Lock::Busy => Some(ErrorCode::Busy),
        Lock::Unsupported => Some(ErrorCode::Unsupported),
    };
    if let Some(code) = refusal {
        state.table.delete(opened)?;
        return Ok((Err(code),));
    }
    state.open_files.add(&file);
    if open.contains(OpenFlags::TRUNCATE) {
        state.digests.changed(&file, 0);
    }
    Ok((Ok(opened),))
}

/// Opening a pipe waits for its other end, and opening a device may do anything.
async fn may_block(state: &mut StoreState, directory: u32, flags: PathFlags, path: &str) -> bool {
    let found = state.filesystem().stat_at(Resource::new_borrow(directory), flags, path.into()).await;
    found.is_ok_and(|found| {
        !matches!(found.type_, DescriptorType::RegularFile | DescriptorType::Directory | DescriptorType::SymbolicLink)
    })
}

/// Whether it is a journal that the component reads to resume. To look after its own one it opens it to write.
fn is_journal_to_read(path: &str, open: OpenFlags, access: DescriptorFlags) -> bool {
    path.ends_with(JOURNAL) && !open.contains(OpenFlags::DIRECTORY) && !access.contains(DescriptorFlags::WRITE)
}

/// Whether a journal, and the partial file beside it, have the bytes that this user gave them. If not, the component starts over.
async fn is_own(state: &mut StoreState, directory: u32, journal: &str) -> Result<bool> {
    let parent = journal.rsplit_once('/').map_or(".", |(parent, _)| parent);
    let Some(holder) = metadata(state, directory, parent, OpenFlags::DIRECTORY).await? else { return Ok(true) };
    let partial = format!("{}{PARTIAL}", journal.strip_suffix(JOURNAL).unwrap_or(journal));
    for path in [journal, &partial] {
        let found = metadata(state, directory, path, OpenFlags::empty()).await?;
        if found.is_some_and(|found| !ownership::is_own(&found, &holder)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The system's metadata of a file; `None` if it cannot be opened.
async fn metadata(state: &mut StoreState, directory: u32, path: &str, open: OpenFlags) -> Result<Option<Metadata>> {
    if may_block(state, directory, PathFlags::empty(), path).await {
        return Ok(None);
    }
    let (directory, read) = (Resource::new_borrow(directory), DescriptorFlags::READ);
    let mut files = state.filesystem();
    let Ok(opened) = files.open_at(directory, PathFlags::empty(), path.into(), open, read).await else {
        return Ok(None);
    };
    let found = handle(files.table.get(&opened)?).metadata();
    files.table.delete(opened)?;
    Ok(found.ok())
}

fn handle(descriptor: &Descriptor) -> Arc<File> {
    match descriptor {
        Descriptor::File(file) => file.file.clone(),
        Descriptor::Dir(directory) => directory.dir.clone(),
    }
}

fn write_via_stream(
    state: &mut StoreState,
    file: &Resource<Descriptor>,
    offset: u64,
) -> Result<Outcome<DynOutputStream>> {
    let stream = match state.table.get(file)? {
        Descriptor::Dir(_) => return Ok((Err(ErrorCode::BadDescriptor),)),
        Descriptor::File(file) if file.perms.write_not_permitted() => return Ok((Err(ErrorCode::NotPermitted),)),
        Descriptor::File(file) => FileStream::new(file.file.clone(), offset, state.digests.writer(&file.file)),
    };
    let stream: DynOutputStream = Box::new(stream);
    Ok((Ok(state.table.push(stream)?),))
}

fn advise(
    state: &mut StoreState,
    file: &Resource<Descriptor>,
    offset: u64,
    length: u64,
    advice: Advice,
) -> Result<(Result<(), ErrorCode>,)> {
    match state.table.get(file)? {
        Descriptor::Dir(_) => return Ok((Err(ErrorCode::BadDescriptor),)),
        Descriptor::File(file) if file.perms.write_not_permitted() => {}
        Descriptor::File(file) => state.advice.follow(&file.file, offset, length, advice),
    }
    Ok((Ok(()),))
}

/// Writes past the streams of a file reach its streaming digest, too. Appended bytes lie beyond those that the digest has.
async fn write(
    state: &mut StoreState,
    file: Resource<Descriptor>,
    bytes: Vec<u8>,
    offset: u64,
) -> Result<(Result<u64, ErrorCode>,)> {
    let written = opened(state, &file)?;
    let outcome = state.filesystem().write(file, bytes, offset).await;
    tell(state, written, offset);
    said(outcome)
}

async fn set_size(state: &mut StoreState, file: Resource<Descriptor>, size: u64) -> Result<(Result<(), ErrorCode>,)> {
    let cut = opened(state, &file)?;
    let outcome = state.filesystem().set_size(file, size).await;
    tell(state, cut, size);
    said(outcome)
}

/// The file behind a descriptor, if it is one.
fn opened(state: &StoreState, file: &Resource<Descriptor>) -> Result<Option<Arc<File>>> {
    Ok(match state.table.get(file)? {
        Descriptor::File(file) => Some(file.file.clone()),
        Descriptor::Dir(_) => None,
    })
}

fn tell(state: &StoreState, file: Option<Arc<File>>, offset: u64) {
    if let Some(file) = file {
        state.digests.changed(&file, offset);
    }
}

fn said<T>(outcome: Result<T, FsError>) -> Result<(Result<T, ErrorCode>,)> {
    Ok((match outcome {
        Ok(value) => Ok(value),
        Err(error) => Err(error.downcast()?),
    },))
}

async fn list(state: &mut StoreState, directory: Resource<Descriptor>) -> Result<Outcome<DirectoryEntryStream>> {
    if state.listings.is_full(&state.table) {
        return Ok((Err(ErrorCode::InsufficientMemory),));
    }
    match state.filesystem().read_directory(directory).await {
        Ok(listing) => {
            state.listings.add(&listing);
            Ok((Ok(listing),))
        }
        Err(error) => Ok((Err(error.downcast()?),)),
    }
}

//! The component's calls to the file system, recorded by a host.

use std::collections::BTreeMap;
use std::fs;

use haul_tests::origin::Origin;
use haul_tests::scene::{content, names, origin};
use tempfile::{TempDir, tempdir};
use wasmtime::component::{Component, Linker, Resource, ResourceTable};
use wasmtime::{Engine, Result, Store};
use wasmtime_wasi::filesystem::{Descriptor, WasiFilesystemView};
use wasmtime_wasi::p2::FsError;
use wasmtime_wasi::p2::bindings::Command;
use wasmtime_wasi::p2::bindings::filesystem::types::{
    DescriptorFlags, ErrorCode, HostDescriptor, OpenFlags, PathFlags,
};
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView, default_hooks};

const INTERFACE: &str = "wasi:filesystem/types@0.2.12";

struct State {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    table: ResourceTable,
    /// Created directories and synced directories, in order.
    calls: Vec<(&'static str, String)>,
    /// The names of open descriptors.
    opened: BTreeMap<u32, String>,
    /// Files whose name contains this cannot be removed.
    stuck: Option<&'static str>,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: default_hooks() }
    }
}

type Done = (Result<(), ErrorCode>,);

fn done(outcome: Result<(), FsError>) -> Result<Done> {
    Ok((match outcome {
        Ok(()) => Ok(()),
        Err(error) => Err(error.downcast()?),
    },))
}

fn linker(engine: &Engine) -> Result<Linker<State>> {
    let mut linker = Linker::<State>::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    linker.allow_shadowing(true);
    let mut files = linker.instance(INTERFACE)?;
    type Opening = (Resource<Descriptor>, PathFlags, String, OpenFlags, DescriptorFlags);
    files.func_wrap_async(
        "[method]descriptor.open-at",
        |mut store, (parent, flags, path, open, access): Opening| {
            Box::new(async move {
                let state = store.data_mut();
                let opened: Result<_, ErrorCode> =
                    match state.filesystem().open_at(parent, flags, path.clone(), open, access).await {
                        Ok(opened) => Ok(opened),
                        Err(error) => Err(error.downcast()?),
                    };
                if let Ok(opened) = &opened {
                    state.opened.insert(opened.rep(), path);
                }
                Ok((opened,))
            })
        },
    )?;
    files.func_wrap_async(
        "[method]descriptor.create-directory-at",
        |mut store, (parent, path): (Resource<Descriptor>, String)| {
            Box::new(async move {
                let state = store.data_mut();
                let outcome = state.filesystem().create_directory_at(parent, path.clone()).await;
                if outcome.is_ok() {
                    state.calls.push(("create", path));
                }
                done(outcome)
            })
        },
    )?;
    files.func_wrap_async("[method]descriptor.sync", |mut store, (file,): (Resource<Descriptor>,)| {
        Box::new(async move {
            let state = store.data_mut();
            let name = state.opened[&file.rep()].clone();
            state.calls.push(("sync", name));
            done(state.filesystem().sync(file).await)
        })
    })?;
    files.func_wrap_async(
        "[method]descriptor.unlink-file-at",
        |mut store, (parent, path): (Resource<Descriptor>, String)| {
            Box::new(async move {
                let state = store.data_mut();
                if state.stuck.is_some_and(|stuck| path.contains(stuck)) {
                    return Ok((Err(ErrorCode::NotPermitted),));
                }
                done(state.filesystem().unlink_file_at(parent, path).await)
            })
        },
    )?;
    Ok(linker)
}

/// Runs the command in a folder; returns whether it succeeded, and its calls.
async fn run(folder: &TempDir, words: &[&str], stuck: Option<&'static str>) -> (bool, Vec<(&'static str, String)>) {
    let engine = Engine::default();
    let component = Component::new(&engine, haul::WASM).unwrap();
    let mut wasi = WasiCtx::builder();
    wasi.arg("haul.wasm").args(words).preopened_dir(folder.path(), ".", FsPerms::ReadWrite).unwrap();
    wasi.allow_blocking_current_thread(true);
    let state = State {
        wasi: wasi.build(),
        http: WasiHttpCtx::new(),
        table: ResourceTable::new(),
        calls: Vec::new(),
        opened: BTreeMap::new(),
        stuck,
    };
    let mut store = Store::new(&engine, state);
    let linker = linker(&engine).unwrap();
    let command = Command::instantiate_async(&mut store, &component, &linker).await.unwrap();
    let ended = command.wasi_cli_run().call_run(&mut store).await.unwrap();
    (ended.is_ok(), store.into_data().calls)
}

/// Downloads a file below missing directories; returns the calls up to the final name of the file.
async fn fetch(origin: &Origin, options: &[&str]) -> Vec<(&'static str, String)> {
    let folder = tempdir().unwrap();
    let url = origin.url("/file");
    let words = [&["get", url.as_str(), "-o", "a/b/file"], options].concat();
    let (succeeded, calls) = run(&folder, &words, None).await;
    assert!(succeeded && fs::read(folder.path().join("a/b/file")).unwrap().len() as u64 == content().length());
    calls
}

#[tokio::test]
async fn every_new_directory_is_synced_into_the_one_above_it() {
    let origin = origin(vec![]);
    let calls = fetch(&origin, &[]).await;
    let expected = [("create", "a"), ("sync", "."), ("create", "a/b"), ("sync", "a")];
    assert_eq!(calls[..4], expected.map(|(call, name)| (call, name.to_owned())));
    let calls = fetch(&origin, &["--no-sync"]).await;
    assert_eq!(calls, [("create", "a"), ("create", "a/b")].map(|(call, name)| (call, name.to_owned())));
}

#[tokio::test]
async fn a_directory_that_gives_no_file_back_gets_few_of_them() {
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join("files")).unwrap();
    let add = ["jobs", "add", "http://127.0.0.1:1/file", "-d", "files"];
    for _ in 0..10 {
        assert!(!run(&folder, &add, Some(".haul-")).await.0);
    }
    let left = names(&folder.path().join("files"));
    assert!(left.len() <= 4, "{left:?}");
    assert!(run(&folder, &add, None).await.0);
    assert_eq!(names(&folder.path().join("files")), [".haul-probe-2", ".haul-probe-3", ".haul-probe-4"]);
}

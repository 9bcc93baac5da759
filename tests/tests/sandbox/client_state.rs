//! The state of a client component's store.

use haul::client::{Client, ClientCtxView, ClientView};
use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

pub struct State {
    client: Client,
    wasi: WasiCtx,
    table: ResourceTable,
}

impl State {
    pub fn new(client: Client, wasi: WasiCtx) -> Self {
        Self { client, wasi, table: ResourceTable::new() }
    }
}

impl ClientView for State {
    fn client(&mut self) -> ClientCtxView<'_> {
        ClientCtxView { client: &mut self.client, table: &mut self.table }
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

//! The handler of outgoing requests, in the place of WASI's own, which leaves the options of a request in the table for good.

use wasmtime::Result;
use wasmtime::component::{Linker, Resource};
use wasmtime_wasi_http::WasiHttpView as _;
use wasmtime_wasi_http::p2::bindings::http::outgoing_handler::Host as _;
use wasmtime_wasi_http::p2::bindings::http::types::{ErrorCode, RequestOptions};
use wasmtime_wasi_http::p2::types::{HostFutureIncomingResponse, HostOutgoingRequest};

use super::StoreState;

const INTERFACE: &str = "wasi:http/outgoing-handler@0.2.12";

type Sending = (Resource<HostOutgoingRequest>, Option<Resource<RequestOptions>>);
type Sent = Result<Resource<HostFutureIncomingResponse>, ErrorCode>;

/// Replaces `handle` by one that deletes the options of its request.
pub fn add_to_linker(linker: &mut Linker<StoreState>) -> Result<()> {
    linker.allow_shadowing(true);
    linker.instance(INTERFACE)?.func_wrap("handle", |mut store, (request, options): Sending| {
        let mut http = store.data_mut().http();
        let taken = options.as_ref().map(|options| Resource::<RequestOptions>::new_own(options.rep()));
        let sent: Sent = match http.handle(request, options) {
            Ok(response) => Ok(response),
            Err(error) => Err(error.downcast()?),
        };
        if let Some(options) = taken {
            http.table.delete(options)?;
        }
        Ok((sent,))
    })?;
    linker.allow_shadowing(false);
    Ok(())
}

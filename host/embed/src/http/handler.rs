//! Sending requests, in front of WASI's own: there the options of a request stay in the table for good.

use wasmtime::Result;
use wasmtime::component::{Linker, Resource};
use wasmtime_wasi_http::WasiHttpView as _;
use wasmtime_wasi_http::p2::bindings::http::outgoing_handler::Host as _;
use wasmtime_wasi_http::p2::bindings::http::types::{ErrorCode, RequestOptions};
use wasmtime_wasi_http::p2::types::{HostFutureIncomingResponse, HostOutgoingRequest};

use crate::sandbox::Surroundings;

const INTERFACE: &str = "wasi:http/outgoing-handler@0.2.12";

type Sending = (Resource<HostOutgoingRequest>, Option<Resource<RequestOptions>>);
type Sent = Result<Resource<HostFutureIncomingResponse>, ErrorCode>;

/// Puts a `handle` that lets go of the options in the place of the one that does not.
pub fn add_to_linker(linker: &mut Linker<Surroundings>) -> Result<()> {
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

//! The error of a body's stream, in the place of WASI's own, which looks for another error type than bodies fail with and so never
//! finds a cause.

use wasmtime::Result;
use wasmtime::component::{Linker, Resource};
use wasmtime_wasi::p2::IoError;
use wasmtime_wasi_http::Error;
use wasmtime_wasi_http::WasiHttpView as _;
use wasmtime_wasi_http::p2::bindings::http::types::ErrorCode;

use super::StoreState;

const INTERFACE: &str = "wasi:http/types@0.2.12";

pub fn add_to_linker(linker: &mut Linker<StoreState>) -> Result<()> {
    linker.allow_shadowing(true);
    linker.instance(INTERFACE)?.func_wrap("http-error-code", |mut store, (error,): (Resource<IoError>,)| {
        let error = store.data_mut().http().table.get(&error)?;
        Ok((error.downcast_ref::<Error>().map(code),))
    })?;
    linker.allow_shadowing(false);
    Ok(())
}

/// The errors of received bodies and of the policy's meter.
fn code(error: &Error) -> ErrorCode {
    match error {
        Error::HttpResponseTransferCoding(coding) => ErrorCode::HttpResponseTransferCoding(coding.clone()),
        Error::HttpProtocolError => ErrorCode::HttpProtocolError,
        Error::HttpRequestDenied => ErrorCode::HttpRequestDenied,
        Error::ConnectionReadTimeout => ErrorCode::ConnectionReadTimeout,
        Error::InternalError(text) => ErrorCode::InternalError(text.clone()),
        _ => ErrorCode::ConnectionTerminated,
    }
}

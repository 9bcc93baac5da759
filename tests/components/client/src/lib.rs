//! A client component built only on the interfaces in `wit/`, as a plugin's author would build it.

#![no_std]
#![deny(unsafe_op_in_unsafe_fn)]

extern crate alloc;
extern crate haul_runtime as _;

mod callback;
mod examples;
mod steps;

use alloc::string::String;

#[allow(clippy::all, reason = "generated")]
mod bindings {
    wit_bindgen::generate!({
        path: ["../../../wit", "wit"],
        world: "haul-tests:client/scripted",
        with: {
            "wasi:io/error@0.2.12": wasip2::io::error,
            "wasi:io/poll@0.2.12": wasip2::io::poll,
            "wasi:io/streams@0.2.12": wasip2::io::streams,
        },
        generate_all,
    });
}

use bindings::Guest;

struct Client;

bindings::export!(Client with_types_in bindings);

impl Guest for Client {
    fn run(step: String, url: String, path: String) -> Result<String, String> {
        steps::take(&step, &url, &path).map_err(|failure| failure.name)
    }
}

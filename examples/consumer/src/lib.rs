//! `consumer URL FILE`: downloads a file with its own engine. Composed with `haul.wasm`, it imports only WASI.

wit_bindgen::generate!({
    path: ["../../wit", "wit"],
    world: "example:consumer/consumer",
    with: {
        "wasi:io/error@0.2.12": wasip2::io::error,
        "wasi:io/poll@0.2.12": wasip2::io::poll,
        "wasi:io/streams@0.2.12": wasip2::io::streams,
    },
    generate_all,
});

use haul::delivery_optimization::do_download::{Property, StartMode};
use haul::delivery_optimization::do_manager::create_download;
use haul::delivery_optimization::engine::{self, Driver, Settings};
use haul::delivery_optimization::types::{DownloadState, Failure};

/// This program offers the engine no services and no state directory, so the engine keeps its state beside the file only.
const SETTINGS: Settings = Settings {
    driver: Driver {
        computes_digests: false,
        locks_files: false,
        takes_exchange_fields: false,
        resolves_content: false,
        waits_for_callers: false,
    },
    state_directory: None,
    records_directory: None,
    network: None,
    max_running: None,
    max_rate: None,
    max_per_origin: None,
};

struct Consumer;

wasip2::cli::command::export!(Consumer);

impl wasip2::exports::cli::run::Guest for Consumer {
    fn run() -> Result<(), ()> {
        let arguments = wasip2::cli::environment::get_arguments();
        let [_, url, path] = &arguments[..] else {
            eprintln!("usage: consumer URL FILE");
            return Err(());
        };
        let bytes = fetch(url, path).map_err(|failure| eprintln!("{}: {}", failure.name, failure.description))?;
        println!("{path}: {bytes} bytes");
        Ok(())
    }
}

fn fetch(url: &str, path: &str) -> Result<u64, Failure> {
    engine::open(&SETTINGS)?;
    let download = create_download()?;
    download.set_property(&Property::Uri(url.into()))?;
    download.set_property(&Property::LocalPath(path.into()))?;
    download.start(&StartMode::WholeFile)?;
    loop {
        let status = download.get_status();
        match (status.state, status.error) {
            (DownloadState::Transferred, _) => break,
            (_, Some(failure)) => return Err(failure),
            // Bytes move only if the program calls `drive`.
            _ => engine::drive(None, None)?,
        };
    }
    download.finalize()?;
    let bytes = download.get_status().bytes_transferred;
    engine::close();
    Ok(bytes)
}

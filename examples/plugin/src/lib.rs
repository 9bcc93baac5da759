//! A plugin that downloads a file through its host's engine and logs the outcome.

wit_bindgen::generate!({
    path: ["../../wit", "wit"],
    world: "example:plugin/plugin",
    generate_all,
});

use exports::haul::delivery_optimization::do_download_status_callback::Guest as StatusCallback;
use haul::delivery_optimization::do_download::{Download, Property, StartMode};
use haul::delivery_optimization::do_manager::create_download;
use haul::delivery_optimization::types::{DownloadState, DownloadStatus, Failure};

struct Plugin;

export!(Plugin);

impl Guest for Plugin {
    fn fetch(url: String, path: String) -> Result<(), String> {
        begin(url, path).map_err(|failure| failure.description)
    }
}

fn begin(url: String, path: String) -> Result<(), Failure> {
    let download = create_download()?;
    for property in [Property::Uri(url), Property::LocalPath(path), Property::CallbackInterface(true)] {
        download.set_property(&property)?;
    }
    download.start(&StartMode::WholeFile)
}

impl StatusCallback for Plugin {
    fn on_status_change(download: &Download, status: DownloadStatus) {
        let ended = match (status.state, status.error) {
            (DownloadState::Transferred, _) => download.finalize(),
            (DownloadState::Paused, Some(failure)) => {
                log(&format!("{}: {}", failure.name, failure.description));
                download.abort()
            }
            (DownloadState::Finalized, _) => {
                log(&format!("{} bytes", status.bytes_transferred));
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(failure) = ended {
            log(&failure.description);
        }
    }
}

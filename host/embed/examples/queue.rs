//! A download that survives its engine: run it, interrupt it, run it again.
//!
//! `cargo run --example queue -- https://example.com/image.iso image.iso`

use haul::{Category, Download, DownloadStatus, Engine, Error, Property, StartMode, StatusCallback};

struct Show;

impl StatusCallback for Show {
    async fn on_status_change(&mut self, _download: &Download, status: &DownloadStatus) {
        println!("{:?}: {} of {} bytes", status.state, status.bytes_transferred, status.bytes_total);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(path)) = (arguments.next(), arguments.next()) else { panic!("usage: queue URL FILE") };
    let engine = Engine::builder().policy(haul::Policy::allow_all()).grant(".").state_directory(".haul").open().await?;
    let download = match engine.downloads(Some(Category::DisplayName(path.clone()))).await {
        Ok(mut found) => found.next(1).remove(0),
        Err(_) => create(&engine, &url, &path).await?,
    };
    download.on_status_change(Show).await?;
    // Resume fails if no earlier run has started the download.
    if download.start(StartMode::Resume).await.is_err() {
        download.start(StartMode::WholeFile).await?;
    }
    tokio::select! {
        ended = download.ended() => {
            ended?;
            download.finalize().await?;
        }
        _ = tokio::signal::ctrl_c() => println!("interrupted; the next run goes on"),
    }
    engine.close().await;
    Ok(())
}

async fn create(engine: &Engine, url: &str, path: &str) -> Result<Download, Error> {
    let download = engine.create_download().await?;
    download.set_uri(url).await?;
    download.set_local_path(path).await?;
    for property in [Property::DisplayName(path.into()), Property::NonVolatile(true)] {
        download.set_property(property).await?;
    }
    Ok(download)
}

//! Downloads a URL to a file with progress, retries and a digest, and says clearly why it failed.

use std::time::Duration;

use futures_util::StreamExt;
use object_store::http::HttpBuilder;
use object_store::{BackoffConfig, ClientOptions, Error, GetOptions, ObjectStore, RetryConfig};
use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use url::Url;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [url, path, digest] = &arguments[..] else { panic!("usage: object_store URL FILE sha256:DIGEST") };
    match fetch(url, path, digest).await {
        Ok(bytes) => println!("{path}: {bytes} bytes"),
        Err(reason) => println!("{reason}"),
    }
}

async fn fetch(url: &str, path: &str, digest: &str) -> Result<u64, String> {
    if tokio::fs::try_exists(path).await.map_err(|error| error.to_string())? {
        return Err(format!("{path} exists"));
    }
    let partial = format!("{path}.part");
    let fetched = bring(url, &partial, digest).await;
    match fetched {
        Ok(bytes) => tokio::fs::rename(&partial, path).await.map(|()| bytes).map_err(|error| format!("{path}: {error}")),
        Err(reason) => {
            let _ = tokio::fs::remove_file(&partial).await;
            Err(reason)
        }
    }
}

async fn bring(url: &str, partial: &str, digest: &str) -> Result<u64, String> {
    let parsed = Url::parse(url).map_err(|error| format!("{url}: {error}"))?;
    let retry = RetryConfig { max_retries: 5, retry_timeout: Duration::from_secs(180), backoff: BackoffConfig::default() };
    let options = ClientOptions::new()
        .with_allow_http(true)
        .with_connect_timeout(Duration::from_secs(30))
        .with_timeout_disabled();
    let origin = &parsed[..url::Position::BeforePath];
    let store = HttpBuilder::new().with_url(origin).with_client_options(options).with_retry(retry).build();
    let store = store.map_err(|error| format!("{url}: {error}"))?;
    let object = object_store::path::Path::from_url_path(parsed.path()).map_err(|error| format!("{url}: {error}"))?;
    let found = store.get_opts(&object, GetOptions::default()).await.map_err(|error| match error {
        Error::NotFound { .. } => format!("{url} does not exist"),
        other => format!("{url}: {other}"),
    })?;
    let disk = |error: std::io::Error| format!("{partial}: {error}");
    let (total, mut body) = (found.meta.size, found.into_stream());
    let mut file = File::create(partial).await.map_err(disk)?;
    let (mut written, mut hash) = (0, Sha256::new());
    loop {
        // The crate retries a body that breaks off, but has no limit on a silent one.
        let next = tokio::time::timeout(Duration::from_secs(60), body.next()).await;
        let Some(bytes) = next.map_err(|_| format!("{url}: no byte arrived for a minute"))? else { break };
        let bytes = bytes.map_err(|error| format!("{url}: {error}"))?;
        file.write_all(&bytes).await.map_err(disk)?;
        hash.update(&bytes);
        written += bytes.len() as u64;
        eprintln!("{written} of {total} bytes");
    }
    file.flush().await.map_err(disk)?;
    file.sync_all().await.map_err(disk)?;
    match format!("sha256:{:x}", hash.finalize()) == digest.to_ascii_lowercase() {
        true => Ok(written),
        false => Err(format!("{url} is not the announced file")),
    }
}

//! Downloads a URL to a file with progress, retries and a digest, and says clearly why it failed.

use std::time::Duration;

use futures_util::StreamExt;
use reqwest::header::{CONTENT_RANGE, ETAG, IF_RANGE, RANGE};
use reqwest::{Client, StatusCode};
use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

enum Failure {
    Passes(String),
    Final(String),
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [url, path, digest] = &arguments[..] else { panic!("usage: reqwest URL FILE sha256:DIGEST") };
    match fetch(url, path, digest).await {
        Ok(bytes) => println!("{path}: {bytes} bytes"),
        Err(reason) => println!("{reason}"),
    }
}

async fn fetch(url: &str, path: &str, digest: &str) -> Result<u64, String> {
    let client = Client::builder().connect_timeout(Duration::from_secs(30)).read_timeout(Duration::from_secs(60));
    let client = client.build().map_err(|error| error.to_string())?;
    if tokio::fs::try_exists(path).await.map_err(|error| error.to_string())? {
        return Err(format!("{path} exists"));
    }
    let partial = format!("{path}.part");
    let mut file = File::create(&partial).await.map_err(|error| format!("{partial}: {error}"))?;
    let (mut written, mut tag, mut failures) = (0, None, 0);
    loop {
        let before = written;
        match continue_at(&client, url, &mut file, &mut written, &mut tag).await {
            Ok(()) => break,
            Err(Failure::Passes(_)) if written > before => failures = 0,
            Err(Failure::Passes(_)) if failures < 5 => failures += 1,
            Err(Failure::Passes(reason) | Failure::Final(reason)) => {
                let _ = tokio::fs::remove_file(&partial).await;
                return Err(reason);
            }
        }
        tokio::time::sleep(Duration::from_secs(1 << failures)).await;
    }
    let finish = async {
        file.sync_all().await?;
        let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
        let mut written = File::open(&partial).await?;
        loop {
            match written.read(&mut buffer).await? {
                0 => return Ok::<_, std::io::Error>(format!("sha256:{:x}", hash.finalize())),
                count => hash.update(&buffer[..count]),
            }
        }
    };
    if finish.await.map_err(|error| format!("{partial}: {error}"))? != digest.to_ascii_lowercase() {
        let _ = tokio::fs::remove_file(&partial).await;
        return Err(format!("{url} is not the announced file"));
    }
    tokio::fs::rename(&partial, path).await.map_err(|error| format!("{path}: {error}"))?;
    Ok(written)
}

/// Requests the bytes from `written` on. Bytes of two versions must not be joined, so the file starts over if its tag has changed.
async fn continue_at(
    client: &Client,
    url: &str,
    file: &mut File,
    written: &mut u64,
    tag: &mut Option<String>,
) -> Result<(), Failure> {
    let passes = |error: reqwest::Error| Failure::Passes(format!("{url}: {error}"));
    let disk = |error: std::io::Error| Failure::Final(format!("the file cannot be written: {error}"));
    let mut request = client.get(url);
    if let (Some(tag), 1..) = (&*tag, *written) {
        request = request.header(RANGE, format!("bytes={written}-")).header(IF_RANGE, tag);
    }
    let response = request.send().await.map_err(passes)?;
    let starts = format!("bytes {written}-");
    match response.status() {
        StatusCode::PARTIAL_CONTENT
            if response.headers().get(CONTENT_RANGE).is_some_and(|range| range.as_bytes().starts_with(starts.as_bytes())) => {}
        StatusCode::OK => {
            file.set_len(0).await.map_err(disk)?;
            file.rewind().await.map_err(disk)?;
            *written = 0;
            let sent = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok());
            *tag = sent.filter(|tag| !tag.starts_with("W/")).map(str::to_owned);
        }
        StatusCode::NOT_FOUND => return Err(Failure::Final(format!("{url} does not exist"))),
        status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            return Err(Failure::Passes(format!("the server answered {status}")));
        }
        status => return Err(Failure::Final(format!("the server answered {status}"))),
    }
    let total = response.content_length().map_or("unknown".into(), |length| (*written + length).to_string());
    let mut body = response.bytes_stream();
    while let Some(bytes) = body.next().await {
        let bytes = bytes.map_err(passes)?;
        file.write_all(&bytes).await.map_err(disk)?;
        *written += bytes.len() as u64;
        eprintln!("{written} of {total} bytes");
    }
    file.flush().await.map_err(disk)
}

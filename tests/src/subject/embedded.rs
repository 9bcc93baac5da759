//! The crate `haul` as the subject.

use std::path::PathBuf;

use haul::{
    DigestAlgorithm, Durability, Engine, Error, ExpectedDigest, Property, PropertyId, RequestedRange, StartMode,
    TransferOptions,
};

use super::settings::{blocked, network, properties};
use super::{Get, Outcome};

pub fn get(get: &Get) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run(get))
}

async fn run(get: &Get) -> Outcome {
    let folder = get.path.parent().expect("a folder");
    let mut builder = Engine::builder().policy(haul::Policy::allow_all()).grant(folder);
    if let Some(records) = &get.records {
        builder = builder.records_directory(records);
    }
    if let Some(rate) = get.limit_rate {
        builder = builder.max_rate(rate);
    }
    if let Some(words) = &get.network {
        builder = builder.network(network(words));
    }
    let engine = builder.open().await.expect("the engine opens");
    let download = engine.create_download().await.expect("a download");
    let result: Result<(), Error> = async {
        let (url, path, options) = described(&engine, get).await?;
        download.set_uri(&url).await?;
        download.set_local_path(&path).await?;
        let headers: String = get.headers.iter().map(|header| format!("{header}\r\n")).collect();
        download.set_property(Property::HttpCustomHeaders(headers)).await?;
        for property in properties(&engine, get).await? {
            download.set_property(property).await?;
        }
        download.set_options(options).await?;
        download.start(mode(get)).await?;
        blocked(&download).await?;
        download.ended().await?;
        download.finalize().await
    }
    .await;
    let report = download.report().await.expect("a report");
    let status = download.status().await.expect("a status");
    let path = match download.property(PropertyId::LocalPath).await {
        Ok(Property::LocalPath(path)) => path.into(),
        other => panic!("{other:?}"),
    };
    engine.close().await;
    let error = result.err().map(|error| match error {
        Error::Failed(failure) => failure.name,
        other => panic!("{other}"),
    });
    Outcome {
        said: format!("{error:?}"),
        error,
        code: None,
        bytes: status.bytes_transferred,
        resumed: report.bytes_resumed,
        requests: report.requests,
        restarts: report.restarts.into(),
        path,
    }
}

/// URL, path and options, including those from a Metalink and a piece-hash file.
async fn described(engine: &Engine, get: &Get) -> Result<(String, PathBuf, TransferOptions), Error> {
    let (mut url, mut path, mut options) = (get.url.clone(), get.path.clone(), options(get));
    if let Some(document) = &get.metalink {
        let files = engine.read_metalink(&std::fs::read(document).expect("the document")).await?;
        let [file] = &files[..] else { panic!("one file: {files:?}") };
        url.clone_from(&file.urls[0]);
        path.set_file_name(&file.name);
        options.mirrors.extend_from_slice(&file.urls[1..]);
        options.expected.extend_from_slice(&file.digests);
        (options.pieces, options.length) = (file.pieces.clone(), file.length);
    }
    if let Some(document) = &get.pieces {
        let read = engine.read_piece_hash_file(&std::fs::read(document).expect("the document")).await?;
        (options.pieces, options.length) = (Some(read.pieces), Some(read.length));
    }
    if get.content_disposition {
        path.set_file_name(engine.suggest_file_name(&get.url).await?);
    }
    Ok((url, path, options))
}

fn options(get: &Get) -> TransferOptions {
    TransferOptions {
        connections: get.connections,
        overwrite: get.overwrite,
        fresh: get.fresh,
        expected: get.checksum.as_deref().map(checksum).into_iter().collect(),
        retries: Some(get.retries),
        no_progress_timeout: Some(std::time::Duration::from_secs_f64(get.timeout)),
        durability: if get.sync { Durability::Power } else { Durability::Process },
        mirrors: get.mirrors.clone(),
        min_rate: get.min_rate,
        refreshed: get.refresh,
        origin_names: get.content_disposition,
        ..TransferOptions::default()
    }
}

fn checksum(text: &str) -> ExpectedDigest {
    let hex = text.strip_prefix("sha256:").expect("a SHA-256");
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal digits");
    ExpectedDigest { algorithm: DigestAlgorithm::Sha256, value: (0..hex.len()).step_by(2).map(byte).collect() }
}

fn mode(get: &Get) -> StartMode {
    if get.ranges.is_empty() {
        return StartMode::WholeFile;
    }
    StartMode::Ranges(get.ranges.iter().map(|range| parse(range)).collect())
}

fn parse(range: &str) -> RequestedRange {
    let number = |digits: &str| digits.parse::<u64>().expect("a number");
    match range.split_once('-').expect("a range") {
        ("", length) => RequestedRange::Suffix { length: number(length) },
        (offset, "") => RequestedRange::ToEnd { offset: number(offset) },
        (first, last) => RequestedRange::Bounded { offset: number(first), length: number(last) - number(first) + 1 },
    }
}

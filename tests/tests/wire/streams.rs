//! Downloads to a stream whose reader is slow or leaves.

use haul::{DigestAlgorithm, Download, Engine, Error, ExpectedDigest, StartMode, TransferOptions};
use haul_tests::origin::{Fault, Origin, When};
use haul_tests::scene::{assert_holds, content, origin};
use tempfile::tempdir;
use tokio::io::{AsyncReadExt, DuplexStream, duplex};

/// The capacity of the pipe to the reader.
const PIPE: usize = 16 << 10;

fn digest() -> ExpectedDigest {
    let hex = content().sha256();
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    ExpectedDigest { algorithm: DigestAlgorithm::Sha256, value: (0..hex.len()).step_by(2).map(byte).collect() }
}

/// A download of the whole file to a pipe, and the reader's end of the pipe.
async fn streaming(engine: &Engine, origin: &Origin, expected: Vec<ExpectedDigest>) -> (Download, DuplexStream) {
    let download = engine.create_download().await.unwrap();
    download.set_uri(&origin.url("/file")).await.unwrap();
    let (writer, reader) = duplex(PIPE);
    download.set_stream(writer).await.unwrap();
    download.set_options(TransferOptions { expected, ..TransferOptions::default() }).await.unwrap();
    download.start(StartMode::WholeFile).await.unwrap();
    (download, reader)
}

async fn read_slowly(mut reader: DuplexStream) -> Vec<u8> {
    let mut all = Vec::new();
    let mut part = vec![0; PIPE];
    loop {
        match reader.read(&mut part).await.unwrap() {
            0 => return all,
            length => all.extend_from_slice(&part[..length]),
        }
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
    }
}

/// With and without a digest, with and without a length, which decides whether the engine makes checkpoints.
#[tokio::test]
async fn a_slow_reader_gets_every_byte_and_holds_nobody_up() {
    for faults in [vec![], vec![(When::Every, Fault::Chunked)]] {
        for expected in [vec![], vec![digest()]] {
            let (folder, origin) = (tempdir().unwrap(), origin(faults.clone()));
            let engine = Engine::builder().policy(haul::Policy::allow_all()).grant(folder.path()).open().await.unwrap();
            let (download, reader) = streaming(&engine, &origin, expected).await;

            let path = folder.path().join("meanwhile");
            engine.fetch(&origin.url("/file"), &path).await.unwrap();
            assert_holds(&path, &content());

            let (read, ended) = tokio::join!(read_slowly(reader), async {
                download.ended().await.unwrap();
                download.finalize().await
            });
            ended.unwrap();
            assert!(read == content().bytes(0..content().length()), "{} bytes", read.len());
            engine.close().await;
        }
    }
}

#[tokio::test]
async fn a_reader_that_never_reads_does_not_keep_the_engine_from_closing() {
    let origin = origin(vec![]);
    let engine = Engine::builder().policy(haul::Policy::allow_all()).open().await.unwrap();
    let (download, _reader) = streaming(&engine, &origin, vec![]).await;
    while download.status().await.unwrap().bytes_transferred == 0 {
        tokio::task::yield_now().await;
    }
    download.pause().await.unwrap();
    download.abort().await.unwrap();
    engine.close().await;
}

#[tokio::test]
async fn a_reader_that_leaves_ends_the_download() {
    let origin = origin(vec![]);
    let engine = Engine::builder().policy(haul::Policy::allow_all()).open().await.unwrap();
    let (download, reader) = streaming(&engine, &origin, vec![]).await;
    drop(reader);
    let Err(Error::Failed(failure)) = download.ended().await else { panic!("nobody reads") };
    assert_eq!(failure.name, "ERROR_WRITE_FAULT");
}

#[tokio::test]
async fn bytes_that_turn_out_wrong_fail_the_download_although_they_went_out() {
    let origin = origin(vec![]);
    let engine = Engine::builder().policy(haul::Policy::allow_all()).open().await.unwrap();
    let wrong = ExpectedDigest { value: vec![7; 32], ..digest() };
    let (download, reader) = streaming(&engine, &origin, vec![wrong]).await;
    let reading = tokio::spawn(read_slowly(reader));
    let Err(Error::Failed(failure)) = download.ended().await else { panic!("the digest is another one") };
    assert_eq!(failure.name, "BG_E_VALIDATION_FAILED");
    download.abort().await.unwrap();
    assert_eq!(reading.await.unwrap().len() as u64, content().length());
}

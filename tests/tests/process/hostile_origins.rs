//! Hostile origins, over HTTP/1.1 and HTTP/2. The engine ends with an error that names the violation, soon and with little
//! memory, while another engine in the same process keeps working.

mod http1;
mod http2;
mod smuggling;
mod wire;

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use haul::{Engine, Error, Failure, StartMode, TransferOptions};
use haul_tests::origin::{Content, Origin, Representation, Resource, Site};
use haul_tests::process::own_cpu;
use tempfile::tempdir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use self::wire::Wire;
use super::alone;
use super::memory::{forget_peak, peak};

/// The longest time that an origin may delay a download.
const SOON: Duration = Duration::from_secs(60);

/// The most bytes that the engine may read of an endless answer.
const LITTLE: u64 = 64 << 20;

/// The most bytes by which the process may grow.
const MEMORY: u64 = 64 << 20;

/// The length of a body in pieces of one byte.
const BODY: usize = 1 << 20;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Harm {
    LongField,
    ManyFields,
    Interim,
    SlowHead,
    Redirects,
    /// Longer than the declared length.
    LongBody,
    /// Shorter than the declared length.
    ShortBody,
    Resets,
    Trailers,
    TinyPieces,
    // Only over HTTP/1.1.
    ChunkExtension,
    TwoLengths,
    // Only over HTTP/2.
    Pings,
    Settings,
    Priorities,
    WindowUpdates,
    EmptyPieces,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Version {
    Http1,
    Http2,
}

const BOTH: [Version; 2] = [Version::Http1, Version::Http2];

struct Hostile {
    url: String,
    certificate: String,
    sent: Arc<AtomicU64>,
    serving: JoinHandle<()>,
}

impl Hostile {
    async fn serve(version: Version, harm: Harm) -> Self {
        let identity = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.signing_key.serialize_der()));
        let builder = ServerConfig::builder().with_no_client_auth();
        let mut configuration = builder.with_single_cert(vec![identity.cert.der().clone()], key).unwrap();
        configuration.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(configuration));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let sent = Arc::new(AtomicU64::new(0));
        let counted = sent.clone();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, counted) = (acceptor.clone(), counted.clone());
                if version == Version::Http1 && harm == Harm::Resets {
                    stream.set_zero_linger().unwrap();
                }
                tokio::spawn(async move {
                    // An error means that the client closed the connection.
                    let _ = match version {
                        Version::Http1 => http1::harm(harm, Wire::new(stream, counted)).await,
                        Version::Http2 => match acceptor.accept(stream).await {
                            Ok(stream) => http2::harm(harm, Wire::new(stream, counted)).await,
                            Err(error) => Err(error),
                        },
                    };
                });
            }
        });
        let scheme = if version == Version::Http2 { "https" } else { "http" };
        let url = format!("{scheme}://localhost:{port}/file");
        Self { url, certificate: identity.cert.pem(), sent, serving }
    }

    /// Downloads at `rate` bytes per second at most; returns the result and the content of the file.
    async fn fetch(&self, rate: u64) -> (Result<(), Failure>, Option<Vec<u8>>) {
        let folder = tempdir().unwrap();
        let builder = Engine::builder()
            .policy(haul::Policy::allow_all())
            .grant(folder.path())
            .max_rate(rate)
            .root_certificate(self.certificate.clone());
        let engine = builder.open().await.unwrap();
        let download = engine.create_download().await.unwrap();
        download.set_uri(&self.url).await.unwrap();
        download.set_local_path(folder.path().join("file")).await.unwrap();
        let no_progress_timeout = Some(Duration::from_secs(2));
        let options = TransferOptions { retries: Some(1), no_progress_timeout, ..TransferOptions::default() };
        download.set_options(options).await.unwrap();
        download.start(StartMode::WholeFile).await.unwrap();
        let ended = match tokio::time::timeout(SOON, download.ended()).await.expect("an end") {
            Ok(_) => {
                download.finalize().await.unwrap();
                Ok(())
            }
            Err(Error::Failed(failure)) => Err(failure),
            Err(other) => panic!("{other:?}"),
        };
        engine.close().await;
        (ended, std::fs::read(folder.path().join("file")).ok())
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Downloads from an honest origin with another engine until `stop`; returns the number of files.
async fn go_on(stop: &AtomicBool) -> usize {
    let (content, folder) = (Content::new(3, 1 << 20), tempdir().unwrap());
    let resource = Resource::new(Representation::new(content.clone()).strong_etag("v1"));
    let origin = Origin::start(Site::new().resource("/file", resource));
    let engine = Engine::builder().policy(haul::Policy::allow_all()).grant(folder.path()).open().await.unwrap();
    let mut fetched = 0;
    while !stop.load(Ordering::SeqCst) || fetched == 0 {
        let path = folder.path().join(fetched.to_string());
        let url = origin.url("/file");
        let fetching = engine.fetch(&url, &path);
        tokio::time::timeout(SOON, fetching).await.expect("an end").unwrap();
        assert!(std::fs::read(&path).unwrap() == content.bytes(0..content.length()));
        std::fs::remove_file(&path).unwrap();
        fetched += 1;
    }
    engine.close().await;
    fetched
}

async fn survives(version: Version, harm: Harm, expected: &[&str]) {
    let _alone = alone().await;
    let (hostile, stop) = (Hostile::serve(version, harm).await, AtomicBool::new(false));
    let (before, began) = (forget_peak(), Instant::now());
    let harmed = async {
        let ended = hostile.fetch(1 << 30).await;
        stop.store(true, Ordering::SeqCst);
        ended
    };
    let ((ended, file), fetched) = tokio::join!(harmed, go_on(&stop));
    let case = format!("{version:?}, {harm:?}");
    let failure = ended.expect_err(&case);
    assert!(expected.contains(&failure.name.as_str()), "{case}: {failure}");
    assert_eq!(file, None, "{case}");
    assert!(fetched > 0 && began.elapsed() < SOON, "{case}: {:?}", began.elapsed());
    let (sent, grown) = (hostile.sent.load(Ordering::Relaxed), peak().saturating_sub(before));
    println!("{case}: {}, {sent} bytes, {} KiB of memory, {:?}", failure.name, grown >> 10, began.elapsed());
    assert!(grown < MEMORY, "{case}: {grown} bytes of memory");
    // HTTP/2 allows any number of these frames, and of data for a failed stream: h2 skips them for a second.
    let is_paced_by_time = match harm {
        Harm::Pings | Harm::Settings | Harm::Priorities | Harm::WindowUpdates => true,
        Harm::LongBody => version == Version::Http2,
        _ => false,
    };
    assert!(sent < LITTLE || is_paced_by_time, "{case}: {sent} bytes");
}

const TOO_LARGE: &str = "ERROR_HTTP_INVALID_HEADER";
const NOT_HTTP: &str = "ERROR_HTTP_INVALID_SERVER_RESPONSE";
const BROKEN: &str = "ERROR_INTERNET_CONNECTION_ABORTED";
const LATE: [&str; 2] = ["ERROR_INTERNET_TIMEOUT", "DO_E_DOWNLOAD_NO_PROGRESS"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heads_without_an_end_are_not_read_to_the_end() {
    survives(Version::Http1, Harm::LongField, &[TOO_LARGE]).await;
    survives(Version::Http1, Harm::ManyFields, &[TOO_LARGE]).await;
    survives(Version::Http2, Harm::LongField, &[TOO_LARGE, NOT_HTTP, BROKEN]).await;
    survives(Version::Http2, Harm::ManyFields, &[TOO_LARGE, NOT_HTTP, BROKEN]).await;
    for version in BOTH {
        survives(version, Harm::Interim, &[NOT_HTTP]).await;
        survives(version, Harm::SlowHead, &LATE).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redirects_without_an_end_are_not_followed_to_the_end() {
    for version in BOTH {
        survives(version, Harm::Redirects, &["ERROR_INTERNET_REDIRECT_FAILED"]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_whose_framing_is_hostile_are_no_files() {
    for version in BOTH {
        survives(version, Harm::LongBody, &[NOT_HTTP, BROKEN]).await;
        survives(version, Harm::ShortBody, &[NOT_HTTP, BROKEN]).await;
        survives(version, Harm::Trailers, &[TOO_LARGE, NOT_HTTP, BROKEN]).await;
    }
    survives(Version::Http1, Harm::ChunkExtension, &[NOT_HTTP]).await;
    survives(Version::Http1, Harm::TwoLengths, &[NOT_HTTP]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_reset_are_not_opened_without_end() {
    for version in BOTH {
        survives(version, Harm::Resets, &[NOT_HTTP, BROKEN]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_of_frames_end_in_time() {
    let late = [LATE[0], LATE[1], NOT_HTTP, BROKEN];
    for harm in [Harm::Pings, Harm::Settings, Harm::Priorities, Harm::WindowUpdates] {
        survives(Version::Http2, harm, &late).await;
    }
    survives(Version::Http2, Harm::EmptyPieces, &[NOT_HTTP, BROKEN]).await;
}

/// The reader is slower than the origin, so pieces accumulate.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_in_pieces_of_one_byte_is_a_file() {
    for version in BOTH {
        let _alone = alone().await;
        let hostile = Hostile::serve(version, Harm::TinyPieces).await;
        let (before, began) = (forget_peak(), own_cpu());
        let (ended, file) = hostile.fetch(BODY as u64 / 2).await;
        let (took, grown) = (own_cpu() - began, peak().saturating_sub(before));
        println!("{version:?}: {took:?} of processor time, {} KiB of memory", grown >> 10);
        assert_eq!(ended.map_err(|failure| failure.name), Ok(()), "{version:?}");
        assert!(file == Some(vec![b'a'; BODY]), "{version:?}: another file");
        assert!(took < Duration::from_secs(3) && grown < MEMORY, "{version:?}: {took:?}, {grown} bytes of memory");
    }
}

//! Origins that mean harm. The engine ends with an error that says what was wrong, soon and with little memory, while another engine
//! in the same process goes on.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use haul::{Engine, Error, Failure, StartMode, TransferOptions};
use haul_tests::origin::{Content, Origin, Representation, Resource, Site};
use tempfile::tempdir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// How long any of them may hold a download up.
const SOON: Duration = Duration::from_secs(60);

/// What may be read of something without an end.
const LITTLE: u64 = 64 << 20;

/// What the process may grow by.
const MEMORY: u64 = 512 << 20;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Harm {
    // With HTTP/1.1.
    LongField,
    ManyFields,
    Interim,
    SlowHead,
    Redirects,
    ChunkExtension,
    TwoLengths,
    // With HTTP/2.
    Pings,
    Settings,
    Resets,
    Continuations,
    InterimHeaders,
}

impl Harm {
    fn has_http2(self) -> bool {
        matches!(self, Self::Pings | Self::Settings | Self::Resets | Self::Continuations | Self::InterimHeaders)
    }
}

type Wire = Box<dyn Transport>;

trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

struct Hostile {
    url: String,
    certificate: String,
    sent: Arc<AtomicU64>,
    serving: JoinHandle<()>,
}

impl Hostile {
    async fn serve(harm: Harm) -> Self {
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
                tokio::spawn(async move {
                    // A client that turns away is what is hoped for.
                    let _ = match harm.has_http2() {
                        true => match acceptor.accept(stream).await {
                            Ok(stream) => harm_http2(harm, Box::new(stream), &counted).await,
                            Err(error) => Err(error),
                        },
                        false => harm_http1(harm, Box::new(stream), &counted).await,
                    };
                });
            }
        });
        let scheme = if harm.has_http2() { "https" } else { "http" };
        let url = format!("{scheme}://localhost:{port}/file");
        Self { url, certificate: identity.cert.pem(), sent, serving }
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn send(wire: &mut Wire, bytes: &[u8], sent: &AtomicU64) -> std::io::Result<()> {
    wire.write_all(bytes).await?;
    wire.flush().await?;
    sent.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    Ok(())
}

async fn for_ever(wire: &mut Wire, bytes: &[u8], sent: &AtomicU64) -> std::io::Result<()> {
    let many = bytes.repeat((1 << 16) / bytes.len() + 1);
    loop {
        send(wire, &many, sent).await?;
    }
}

async fn request(wire: &mut Wire) -> std::io::Result<()> {
    let mut received = Vec::new();
    while !received.windows(4).any(|window| window == b"\r\n\r\n") {
        if wire.read_buf(&mut received).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(())
}

async fn harm_http1(harm: Harm, mut wire: Wire, sent: &AtomicU64) -> std::io::Result<()> {
    let wire = &mut wire;
    request(wire).await?;
    match harm {
        Harm::LongField => {
            send(wire, b"HTTP/1.1 200 OK\r\nx-long: ", sent).await?;
            for_ever(wire, b"a", sent).await?;
        }
        Harm::ManyFields => {
            send(wire, b"HTTP/1.1 200 OK\r\n", sent).await?;
            for_ever(wire, b"a: b\r\n", sent).await?;
        }
        Harm::Interim => for_ever(wire, b"HTTP/1.1 103 Early Hints\r\n\r\n", sent).await?,
        Harm::SlowHead => {
            send(wire, b"HTTP/1.1 200 OK\r\nx-slow: ", sent).await?;
            loop {
                send(wire, b"a", sent).await?;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        Harm::Redirects => loop {
            let number = sent.load(Ordering::Relaxed);
            let head = format!("HTTP/1.1 302 Found\r\nlocation: /{number}\r\ncontent-length: 0\r\n\r\n");
            send(wire, head.as_bytes(), sent).await?;
            request(wire).await?;
        },
        Harm::ChunkExtension => {
            send(wire, b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;", sent).await?;
            for_ever(wire, b"a", sent).await?;
        }
        Harm::TwoLengths => {
            send(wire, b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nwrong!", sent).await?;
        }
        _ => {}
    }
    // Until the client leaves.
    while wire.read(&mut [0; 1024]).await? > 0 {}
    Ok(())
}

const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const CONTINUATION: u8 = 9;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut frame = u32::try_from(payload.len()).unwrap().to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// The stream of the next request.
async fn next_request(wire: &mut Wire) -> std::io::Result<u32> {
    loop {
        let mut head = [0; 9];
        wire.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length as usize];
        wire.read_exact(&mut payload).await?;
        if head[3] == HEADERS {
            return Ok(u32::from_be_bytes([head[5], head[6], head[7], head[8]]));
        }
    }
}

async fn harm_http2(harm: Harm, mut wire: Wire, sent: &AtomicU64) -> std::io::Result<()> {
    let mut preface = [0; 24];
    wire.read_exact(&mut preface).await?;
    let wire = &mut wire;
    send(wire, &frame(SETTINGS, 0, 0, &[]), sent).await?;
    let stream = next_request(wire).await?;
    match harm {
        Harm::Pings => for_ever(wire, &frame(PING, 0, 0, b"whatever"), sent).await,
        Harm::Settings => for_ever(wire, &frame(SETTINGS, 0, 0, &[0, 3, 0, 0, 0, 100]), sent).await,
        Harm::Resets => {
            let mut stream = stream;
            loop {
                send(wire, &frame(RESET, 0, stream, &8u32.to_be_bytes()), sent).await?;
                stream = next_request(wire).await?;
            }
        }
        Harm::Continuations => {
            send(wire, &frame(HEADERS, 0, stream, &[0x88]), sent).await?;
            // A field that is not indexed: its name and its value, `a`.
            for_ever(wire, &frame(CONTINUATION, 0, stream, &[0, 1, b'a', 1, b'a'].repeat(1000)), sent).await
        }
        // `:status: 103`.
        _ => for_ever(wire, &frame(HEADERS, END_HEADERS, stream, &[8, 3, b'1', b'0', b'3']), sent).await,
    }
}

/// How a download from there ends.
async fn fetch(hostile: &Hostile) -> Failure {
    let folder = tempdir().unwrap();
    let builder = Engine::builder()
        .policy(haul::Policy::allow_all())
        .grant(folder.path())
        .root_certificate(hostile.certificate.clone());
    let engine = builder.open().await.unwrap();
    let download = engine.create_download().await.unwrap();
    download.set_uri(&hostile.url).await.unwrap();
    download.set_local_path(folder.path().join("file")).await.unwrap();
    let no_progress_timeout = Some(Duration::from_secs(2));
    let options = TransferOptions { retries: Some(1), no_progress_timeout, ..TransferOptions::default() };
    download.set_options(options).await.unwrap();
    download.start(StartMode::WholeFile).await.unwrap();
    let ended = tokio::time::timeout(SOON, download.ended()).await.expect("an end");
    engine.close().await;
    match ended {
        Err(Error::Failed(failure)) => failure,
        other => panic!("{other:?}"),
    }
}

/// Another engine that fetches from an honest origin until it is told to stop, and how many files it fetched.
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

/// Bytes of this process that are in memory.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap();
    status.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap() * 4096
}

async fn survives(harm: Harm, expected: &[&str]) {
    let (hostile, stop) = (Hostile::serve(harm).await, AtomicBool::new(false));
    let (before, began) = (resident(), Instant::now());
    let harmed = async {
        let failure = fetch(&hostile).await;
        stop.store(true, Ordering::SeqCst);
        failure
    };
    let (failure, fetched) = tokio::join!(harmed, go_on(&stop));
    assert!(expected.contains(&failure.name.as_str()), "{harm:?}: {failure}");
    assert!(fetched > 0 && began.elapsed() < SOON, "{harm:?}: {:?}", began.elapsed());
    let (sent, grown) = (hostile.sent.load(Ordering::Relaxed), resident().saturating_sub(before));
    assert!(grown < MEMORY, "{harm:?}: {grown} bytes of memory");
    let is_paced_by_time = matches!(harm, Harm::Pings | Harm::Settings | Harm::InterimHeaders);
    assert!(sent < LITTLE || is_paced_by_time, "{harm:?}: {sent} bytes");
}

const TOO_LARGE: &str = "ERROR_HTTP_INVALID_HEADER";
const NOT_HTTP: &str = "ERROR_HTTP_INVALID_SERVER_RESPONSE";
const BROKEN: &str = "ERROR_INTERNET_CONNECTION_ABORTED";
const LATE: [&str; 2] = ["ERROR_INTERNET_TIMEOUT", "DO_E_DOWNLOAD_NO_PROGRESS"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heads_without_an_end_are_not_read_to_the_end() {
    survives(Harm::LongField, &[TOO_LARGE]).await;
    survives(Harm::ManyFields, &[TOO_LARGE]).await;
    survives(Harm::Interim, &[NOT_HTTP]).await;
    survives(Harm::SlowHead, &LATE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redirects_without_an_end_are_not_followed_to_the_end() {
    survives(Harm::Redirects, &["ERROR_INTERNET_REDIRECT_FAILED"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_whose_framing_is_hostile_are_no_files() {
    survives(Harm::ChunkExtension, &[NOT_HTTP, BROKEN]).await;
    survives(Harm::TwoLengths, &[NOT_HTTP]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_of_frames_drown_nobody() {
    let late = [LATE[0], LATE[1], NOT_HTTP, BROKEN];
    for harm in [Harm::Pings, Harm::Settings, Harm::InterimHeaders] {
        survives(harm, &late).await;
    }
    survives(Harm::Resets, &[NOT_HTTP, BROKEN]).await;
    survives(Harm::Continuations, &[TOO_LARGE, NOT_HTTP, BROKEN]).await;
}

/// An origin that sends a second answer behind each one.
async fn smuggling(answered: Arc<AtomicUsize>) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let answered = answered.clone();
            tokio::spawn(async move {
                let mut wire: Wire = Box::new(stream);
                while request(&mut wire).await.is_ok() {
                    answered.fetch_add(1, Ordering::SeqCst);
                    let right = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nright";
                    let wrong = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwrong";
                    let _ = wire.write_all(format!("{right}{wrong}").as_bytes()).await;
                }
            });
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_was_not_asked_for_is_not_used() {
    const FILES: usize = 20;
    let answered = Arc::new(AtomicUsize::new(0));
    let (url, folder) = (smuggling(answered.clone()).await, tempdir().unwrap());
    let engine = Engine::builder().policy(haul::Policy::allow_all()).grant(folder.path()).open().await.unwrap();
    for number in 0..FILES {
        let path = folder.path().join(number.to_string());
        let url = format!("{url}{number}");
        let options = TransferOptions { retries: Some(0), ..TransferOptions::default() };
        let fetching = engine.fetch_with(&url, &path, options);
        let failure = tokio::time::timeout(SOON, fetching).await.expect("an end").expect_err("a violation");
        assert!(matches!(&failure, Error::Failed(failure) if failure.name == NOT_HTTP), "{failure}");
        assert!(!path.exists(), "{number}");
    }
    engine.close().await;
    assert!(answered.load(Ordering::SeqCst) >= FILES);
}

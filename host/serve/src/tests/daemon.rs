//! A daemon under test, and a client of it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::StreamExt as _;
use haul::Policy;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, LocalSet};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;

use crate::daemon::{Settings, run};
use crate::service::Config;

/// A test that takes longer has failed.
const TIMEOUT: Duration = Duration::from_secs(60);

pub struct Daemon {
    pub address: SocketAddr,
    pub files: PathBuf,
    pub state: PathBuf,
    token: Option<String>,
    end: oneshot::Sender<()>,
    running: JoinHandle<Result<(), String>>,
}

/// The folders of a daemon, which outlive it.
pub struct Folders {
    _folder: TempDir,
    pub files: PathBuf,
    pub state: PathBuf,
}

impl Folders {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let (files, state) = (root.join("files"), root.join("state"));
        std::fs::create_dir_all(&files).unwrap();
        Self { _folder: folder, files, state }
    }

    pub fn settings(&self) -> Settings {
        Settings {
            config: Config {
                state_directory: self.state.clone(),
                directories: vec![self.files.clone()],
                policy: Policy::allow_public().allow_addresses("127.0.0.1"),
                max_per_origin: None,
                options: BTreeMap::new(),
            },
            listen: vec!["127.0.0.1:0".parse().unwrap()],
            secret: None,
            hosts: Vec::new(),
            origins: Vec::new(),
            any_origin: false,
            session: None,
        }
    }
}

/// Runs a test on one thread, as the daemon runs.
pub fn test(body: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let local = LocalSet::new();
    runtime.block_on(local.run_until(async { timeout(TIMEOUT, body).await.expect("the test hangs") }));
}

impl Daemon {
    pub async fn open(folders: &Folders) -> Self {
        Self::with(folders, folders.settings()).await
    }

    pub async fn with(folders: &Folders, settings: Settings) -> Self {
        let token = settings.secret.as_ref().map(|secret| format!("token:{secret}"));
        let (ready, address) = oneshot::channel();
        let (end, ended) = oneshot::channel::<()>();
        let ready = move |addresses: &[SocketAddr]| ready.send(addresses[0]).unwrap();
        let running = tokio::task::spawn_local(run(settings, ready, async { drop(ended.await) }));
        let address = match address.await {
            Ok(address) => address,
            Err(_) => panic!("{:?}", running.await.unwrap()),
        };
        Self { address, files: folders.files.clone(), state: folders.state.clone(), token, end, running }
    }

    pub async fn close(self) {
        self.end.send(()).unwrap();
        self.running.await.unwrap().unwrap();
    }

    /// The status and the body of a reply.
    pub async fn send(&self, method: &str, path: &str, fields: &[(&str, &str)], body: &str) -> (u16, String) {
        let (status, _, body) = self.send_raw(method, path, fields, body).await;
        (status, body)
    }

    /// The status, the head and the body of a reply.
    pub async fn send_raw(
        &self,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
        body: &str,
    ) -> (u16, String, String) {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        if !fields.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            head += &format!("Host: {}\r\n", self.address);
        }
        for (name, value) in fields {
            head += &format!("{name}: {value}\r\n");
        }
        stream.write_all(format!("{head}\r\n{body}").as_bytes()).await.unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).await.unwrap();
        let (head, body) = reply.split_once("\r\n\r\n").unwrap_or((&reply, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        (status, head.to_owned(), body.to_owned())
    }

    /// The result of a call, or the message of its error.
    pub async fn call(&self, method: &str, params: Value) -> Result<Value, String> {
        let mut all: Vec<Value> = self.token.iter().map(|token| token.as_str().into()).collect();
        all.extend(params.as_array().unwrap().iter().cloned());
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": all}).to_string();
        let (_, reply) = self.send("POST", "/jsonrpc", &[], &body).await;
        let reply: Value = serde_json::from_str(&reply).unwrap();
        match reply.get("error") {
            Some(error) => Err(error["message"].as_str().unwrap().to_owned()),
            None => Ok(reply["result"].clone()),
        }
    }

    pub async fn add(&self, url: &str, options: Value) -> String {
        self.call("aria2.addUri", json!([[url], options])).await.unwrap().as_str().unwrap().to_owned()
    }

    pub async fn status(&self, gid: &str) -> Value {
        self.call("aria2.tellStatus", json!([gid])).await.unwrap()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.files.join(name)
    }

    pub async fn listen(&self) -> Listener {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let head = format!(
            "GET /jsonrpc HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            self.address
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut reply = Vec::new();
        // Byte by byte, so that no frame is read.
        while !reply.ends_with(b"\r\n\r\n") {
            reply.push(stream.read_u8().await.unwrap());
        }
        assert!(reply.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&reply));
        let socket = WebSocketStream::from_raw_socket(stream, Role::Client, None).await;
        Listener(socket)
    }
}

/// A socket that follows notifications.
pub struct Listener(pub WebSocketStream<TcpStream>);

impl Listener {
    /// The next text.
    pub async fn next(&mut self) -> Value {
        loop {
            let message = self.0.next().await.unwrap().unwrap();
            if message.is_text() {
                return serde_json::from_str(message.to_text().unwrap()).unwrap();
            }
        }
    }

    /// Waits for this notification of a download, and returns the ones before it.
    pub async fn until(&mut self, event: &str, gid: &str) -> Vec<(String, String)> {
        let mut before = Vec::new();
        loop {
            let notice = self.next().await;
            let method = notice["method"].as_str().unwrap().trim_start_matches("aria2.onDownload").to_owned();
            let of = notice["params"][0]["gid"].as_str().unwrap().to_owned();
            if method == event && of == gid {
                return before;
            }
            before.push((method, of));
        }
    }
}

pub fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

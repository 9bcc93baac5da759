//! Real proxies that accept one user.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The credentials that the proxies accept.
pub const USER: &str = "user";
pub const PASSWORD: &str = "secret";

/// The longest time until a proxy listens.
const STARTING: Duration = Duration::from_secs(10);

/// A proxy that runs until this is dropped.
#[derive(Debug)]
pub struct Proxy {
    process: Child,
    address: SocketAddr,
    _folder: TempDir,
}

impl Proxy {
    /// An HTTP proxy that also supports CONNECT.
    ///
    /// # Panics
    ///
    /// If tinyproxy is not installed; `make setup` installs it.
    pub fn tinyproxy() -> Self {
        Self::start("tinyproxy", |folder, port| {
            let configuration = folder.path().join("tinyproxy.conf");
            let text = format!(
                "Port {port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 50\nLogLevel Critical\nBasicAuth {USER} {PASSWORD}\n"
            );
            fs::write(&configuration, text).expect("a configuration");
            vec!["-d".into(), "-c".into(), configuration.to_string_lossy().into_owned()]
        })
    }

    /// A SOCKS5 proxy.
    ///
    /// # Panics
    ///
    /// If microsocks is not installed; `make setup` installs it.
    pub fn microsocks() -> Self {
        Self::start("microsocks", |_, port| {
            let port = port.to_string();
            ["-i", "127.0.0.1", "-p", &port, "-u", USER, "-P", PASSWORD].map(Into::into).to_vec()
        })
    }

    /// Neither program inherits a socket or reports its port, so this picks a free one. Another process may take it in between,
    /// hence the retries.
    fn start(program: &str, arguments: impl Fn(&TempDir, u16) -> Vec<String>) -> Self {
        for _ in 0..10 {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
            let address = socket.local_addr().expect("the port");
            drop(socket);
            let process = Command::new(program)
                .args(arguments(&folder, address.port()))
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap_or_else(|error| panic!("{program} cannot run, {error}: run `make setup`"));
            let mut proxy = Self { process, address, _folder: folder };
            if proxy.listens() {
                return proxy;
            }
        }
        panic!("{program} finds no port");
    }

    fn listens(&mut self) -> bool {
        let end = Instant::now() + STARTING;
        while Instant::now() < end && self.process.try_wait().expect("a process").is_none() {
            if TcpStream::connect(self.address).is_ok() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        false
    }

    /// An entry for a list of proxies, with `scheme`, such as `socks5://`, and this password.
    pub fn entry(&self, scheme: &str, password: &str) -> String {
        format!("{scheme}{USER}:{password}@{}", self.address)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

//! A real nginx that serves a folder, over TLS with HTTP/2 beside HTTP/1.1.

mod setup;

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

pub use setup::Setup;

/// Serves the files of a folder until it is dropped.
#[derive(Debug)]
pub struct Nginx {
    process: Child,
    address: SocketAddr,
    secure: bool,
    folder: TempDir,
}

impl Nginx {
    /// # Panics
    ///
    /// Where nginx is not installed; `make setup` installs it.
    pub fn serve(root: &Path) -> Self {
        Self::start(root, &Setup::new())
    }

    /// Serves over TLS for `localhost`, with a certificate of its own in the folder that is returned by
    /// [`Nginx::certificate`].
    ///
    /// # Panics
    ///
    /// Where nginx is not installed.
    pub fn serve_securely(root: &Path) -> Self {
        Self::start(root, &Setup::new().self_signed())
    }

    /// Serves over TLS with this certificate and key, as PEM text. The folder `certified` is only for clients that show a
    /// certificate, whichever it is.
    ///
    /// # Panics
    ///
    /// Where nginx is not installed.
    pub fn serve_as(root: &Path, certificate: &str, key: &str) -> Self {
        Self::start(root, &Setup::new().identity(certificate, key))
    }

    /// What each request that is over was made with, in their order: `HTTP/2.0`, and after a space the value of Range or `-`. Of a server
    /// that serves securely.
    ///
    /// # Panics
    ///
    /// Where the log cannot be read.
    pub fn requests(&self) -> Vec<String> {
        let log = fs::read_to_string(self.folder.path().join("requests")).expect("the log");
        log.lines().map(Into::into).collect()
    }

    /// # Panics
    ///
    /// Where nginx is not installed.
    pub fn start(root: &Path, setup: &Setup) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        // nginx takes over a socket that is bound already, so the port is free and is ours from the first moment.
        let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
        // It takes it as it is: a worker would wait in accept for ever when another one was faster.
        socket.set_nonblocking(true).expect("a socket of its own");
        let address = socket.local_addr().expect("the port");
        let configuration = setup.write(folder.path(), root, address);
        keep_open_in_children(&socket);
        let process = Command::new("nginx")
            .arg("-c")
            .arg(&configuration)
            .args(["-e", "stderr"])
            .env("NGINX", format!("{};", socket.as_raw_fd()))
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("nginx is installed: run `make setup`");
        Self { process, address, secure: setup.is_secure(), folder }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Of its first process, which has others below it.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    pub fn url(&self, name: &str) -> String {
        match self.secure {
            true => format!("https://localhost:{}/{name}", self.address.port()),
            false => format!("http://{}/{name}", self.address),
        }
    }

    /// The certificate of a server that serves securely.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // SAFETY: sends a signal to a child that was not waited for yet.
        #[allow(unsafe_code)]
        unsafe {
            libc::kill(self.process.id() as libc::pid_t, libc::SIGTERM);
        }
        let _ = self.process.wait();
    }
}

fn keep_open_in_children(socket: &TcpListener) {
    // SAFETY: changes a flag of a descriptor that is open.
    #[allow(unsafe_code)]
    unsafe {
        libc::fcntl(socket.as_raw_fd(), libc::F_SETFD, 0);
    }
}

//! A real nginx that serves a folder, with HTTP/1.1, or over TLS also with HTTP/2.

mod setup;

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

pub use setup::Setup;

/// An nginx that serves the files of a folder until this is dropped.
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
    /// If nginx is not installed; `make setup` installs it.
    pub fn serve(root: &Path) -> Self {
        Self::start(root, &Setup::new())
    }

    /// Serves over TLS for `localhost` with a self-signed certificate; [`Nginx::certificate`] has its path.
    ///
    /// # Panics
    ///
    /// If nginx is not installed.
    pub fn serve_securely(root: &Path) -> Self {
        Self::start(root, &Setup::new().self_signed())
    }

    /// Serves over TLS with this certificate and key, as PEM text. The folder `certified` requires a client certificate, but
    /// accepts any.
    ///
    /// # Panics
    ///
    /// If nginx is not installed.
    pub fn serve_as(root: &Path, certificate: &str, key: &str) -> Self {
        Self::start(root, &Setup::new().identity(certificate, key))
    }

    /// The finished requests, in order: each is the protocol, such as `HTTP/2.0`, a space, and the value of Range or `-`. Only
    /// for a server with TLS.
    ///
    /// # Panics
    ///
    /// If the log cannot be read.
    pub fn requests(&self) -> Vec<String> {
        let log = fs::read_to_string(self.folder.path().join("requests")).expect("the log");
        log.lines().map(Into::into).collect()
    }

    /// # Panics
    ///
    /// If nginx is not installed.
    pub fn start(root: &Path, setup: &Setup) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        // nginx inherits a bound socket, so no other process can take the port in between.
        let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
        // nginx does not change the mode of the socket: if it blocked, a worker would hang in accept after another one took the
        // connection.
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

    /// The server's address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The id of the master process; the workers are its children.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    pub fn url(&self, name: &str) -> String {
        match self.secure {
            true => format!("https://localhost:{}/{name}", self.address.port()),
            false => format!("http://{}/{name}", self.address),
        }
    }

    /// The path of the certificate of a server with TLS.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // SAFETY: sends a signal to a child that has not been waited for.
        #[allow(unsafe_code)]
        unsafe {
            libc::kill(self.process.id() as libc::pid_t, libc::SIGTERM);
        }
        let _ = self.process.wait();
    }
}

fn keep_open_in_children(socket: &TcpListener) {
    // SAFETY: changes a flag of an open descriptor.
    #[allow(unsafe_code)]
    unsafe {
        libc::fcntl(socket.as_raw_fd(), libc::F_SETFD, 0);
    }
}

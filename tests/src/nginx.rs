//! A real nginx that serves a folder, over TLS with HTTP/2 beside HTTP/1.1.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

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
        Self::start(root, None)
    }

    /// Serves over TLS for `localhost`, with a certificate of its own in the folder that is returned by
    /// [`Nginx::certificate`].
    ///
    /// # Panics
    ///
    /// Where nginx is not installed.
    pub fn serve_securely(root: &Path) -> Self {
        let identity = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        Self::serve_as(root, &identity.cert.pem(), &identity.signing_key.serialize_pem())
    }

    /// Serves over TLS with this certificate and key, as PEM text. The folder `certified` is only for clients that show a
    /// certificate, whichever it is.
    ///
    /// # Panics
    ///
    /// Where nginx is not installed.
    pub fn serve_as(root: &Path, certificate: &str, key: &str) -> Self {
        Self::start(root, Some((certificate, key)))
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

    fn start(root: &Path, identity: Option<(&str, &str)>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        // nginx takes over a socket that is bound already, so the port is free and is ours from the first moment.
        let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = socket.local_addr().expect("the port");
        let configuration = folder.path().join("nginx.conf");
        let secure = identity.is_some();
        if let Some((certificate, key)) = identity {
            fs::write(folder.path().join("certificate.pem"), certificate).expect("a certificate");
            fs::write(folder.path().join("key.pem"), key).expect("a key");
        }
        let text = configuration_for(folder.path(), root, address, secure);
        fs::write(&configuration, text).expect("a configuration");
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
        Self { process, address, secure, folder }
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

fn configuration_for(folder: &Path, root: &Path, address: SocketAddr, secure: bool) -> String {
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {}/{kind};", folder.display()))
        .join("\n");
    let (listen, keys, log) = match secure {
        true => {
            let keys = format!(
                "ssl_certificate {0}/certificate.pem; ssl_certificate_key {0}/key.pem;
                ssl_verify_client optional_no_ca;
                location /certified/ {{ if ($ssl_client_verify = NONE) {{ return 403; }} }}",
                folder.display()
            );
            ("ssl http2", keys, format!("{}/requests told", folder.display()))
        }
        false => ("", String::new(), "off".to_owned()),
    };
    format!(
        "daemon off; worker_processes 1; pid {folder}/pid;
        events {{ worker_connections 256; }}
        http {{
            log_format told '$server_protocol $http_range'; access_log {log}; sendfile on; {temporary}
            server {{ listen {address} {listen}; {keys} root {root}; }}
        }}",
        folder = folder.display(),
        root = root.display()
    )
}

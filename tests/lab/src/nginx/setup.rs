//! The configuration of nginx.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Settings for nginx. Default: one worker, sendfile, no TLS.
#[derive(Clone, Debug)]
pub struct Setup {
    workers: u32,
    identity: Option<Identity>,
    directives: String,
}

/// A certificate and its key, as PEM text.
#[derive(Clone, Debug)]
struct Identity {
    certificate: String,
    key: String,
}

impl Default for Setup {
    fn default() -> Self {
        Self::new()
    }
}

impl Setup {
    pub fn new() -> Self {
        Self { workers: 1, identity: None, directives: String::new() }
    }

    /// Serves over TLS for `localhost` with a self-signed certificate.
    #[must_use]
    pub fn self_signed(self) -> Self {
        let identity = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        self.identity(&identity.cert.pem(), &identity.signing_key.serialize_pem())
    }

    /// Serves over TLS with this certificate and key, as PEM text.
    #[must_use]
    pub fn identity(self, certificate: &str, key: &str) -> Self {
        Self { identity: Some(Identity { certificate: certificate.into(), key: key.into() }), ..self }
    }

    #[must_use]
    pub fn workers(self, workers: u32) -> Self {
        Self { workers, ..self }
    }

    /// Adds a directive for the whole server, such as `limit_rate 1m`.
    #[must_use]
    pub fn directive(self, directive: &str) -> Self {
        Self { directives: format!("{}{directive}; ", self.directives), ..self }
    }

    pub(super) fn is_secure(&self) -> bool {
        self.identity.is_some()
    }

    /// Writes the configuration and the files that it refers to into `folder`; returns its path.
    pub(super) fn write(&self, folder: &Path, root: &Path, address: SocketAddr) -> PathBuf {
        if let Some(identity) = &self.identity {
            fs::write(folder.join("certificate.pem"), &identity.certificate).expect("a certificate");
            fs::write(folder.join("key.pem"), &identity.key).expect("a key");
        }
        let path = folder.join("nginx.conf");
        fs::write(&path, self.configuration(folder, root, address)).expect("a configuration");
        path
    }

    fn configuration(&self, folder: &Path, root: &Path, address: SocketAddr) -> String {
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {}/{kind};", folder.display()))
            .join("\n");
        let (listen, keys, log) = match self.is_secure() {
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
            "daemon off; worker_processes {workers}; pid {folder}/pid;
            events {{ worker_connections 256; }}
            http {{
                log_format told '$server_protocol $http_range'; access_log {log}; sendfile on; {temporary}
                {directives}
                server {{ listen {address} {listen}; {keys} root {root}; }}
            }}",
            workers = self.workers,
            directives = self.directives,
            folder = folder.display(),
            root = root.display()
        )
    }
}

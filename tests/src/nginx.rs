//! A real nginx that serves a folder.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::AsRawFd;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// Serves the files of a folder until it is dropped.
#[derive(Debug)]
pub struct Nginx {
    process: Child,
    address: SocketAddr,
    _folder: TempDir,
}

impl Nginx {
    /// # Panics
    ///
    /// Where nginx is not installed; `make setup` installs it.
    pub fn serve(root: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        // nginx takes over a socket that is bound already, so the port is free and is ours from the first moment.
        let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = socket.local_addr().expect("the port");
        let configuration = folder.path().join("nginx.conf");
        fs::write(&configuration, configuration_for(folder.path(), root, address)).expect("a configuration");
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
        Self { process, address, _folder: folder }
    }

    pub fn url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.address)
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

fn configuration_for(folder: &Path, root: &Path, address: SocketAddr) -> String {
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {}/{kind};", folder.display()))
        .join("\n");
    format!(
        "daemon off; worker_processes 1; pid {folder}/pid;
        events {{ worker_connections 256; }}
        http {{
            access_log off; sendfile on; {temporary}
            server {{ listen {address}; root {root}; }}
        }}",
        folder = folder.display(),
        root = root.display()
    )
}

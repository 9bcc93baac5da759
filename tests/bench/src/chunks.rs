//! A server with small response chunks, like programs that flush after each line. nginx sends large ones.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

/// Bytes of a file in one write.
const BLOCK: usize = 64 << 10;

/// A server of the files in a folder, until this is dropped.
pub struct Chunks {
    address: SocketAddr,
    stopped: Arc<AtomicBool>,
    serving: Option<JoinHandle<()>>,
}

impl Chunks {
    /// Serves in chunks of `length` bytes.
    ///
    /// # Panics
    ///
    /// If there is no free port.
    pub fn of(length: usize, folder: &Path) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("the port");
        let (folder, stopped) = (folder.to_owned(), Arc::new(AtomicBool::new(false)));
        let flag = stopped.clone();
        let serving = thread::spawn(move || {
            for stream in listener.incoming() {
                if flag.load(Ordering::SeqCst) {
                    break;
                }
                let folder = folder.clone();
                // A client may leave early.
                thread::spawn(move || stream.and_then(|stream| serve(stream, &folder, length)));
            }
        });
        Self { address, stopped, serving: Some(serving) }
    }

    /// The server's address.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // The thread ends when it accepts the next connection.
        if TcpStream::connect(self.address).is_ok() {
            let _ = self.serving.take().map(JoinHandle::join);
        }
    }
}

/// Answers one request with a file and ignores its fields.
fn serve(mut stream: TcpStream, folder: &Path, length: usize) -> io::Result<()> {
    let mut file = File::open(path(&stream, folder)?)?;
    stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")?;
    let (mut block, mut encoded) = (vec![0; BLOCK / length * length], Vec::new());
    loop {
        let count = fill(&mut file, &mut block)?;
        if count == 0 {
            return stream.write_all(b"0\r\n\r\n");
        }
        encode(&block[..count], length, &mut encoded);
        stream.write_all(&encoded)?;
    }
}

/// Reads a request and returns the path of the file that it names.
fn path(stream: &TcpStream, folder: &Path) -> io::Result<PathBuf> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let name = first.split(' ').nth(1).unwrap_or_default();
    Ok(folder.join(name.trim_start_matches('/')))
}

/// Returns the number of bytes read; it is less than the length of `block` only at the end of the file.
fn fill(file: &mut File, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < block.len() {
        match file.read(&mut block[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}

fn encode(bytes: &[u8], length: usize, encoded: &mut Vec<u8>) {
    encoded.clear();
    let mut size = String::new();
    for chunk in bytes.chunks(length) {
        size.clear();
        let _ = write!(size, "{:x}\r\n", chunk.len());
        encoded.extend_from_slice(size.as_bytes());
        encoded.extend_from_slice(chunk);
        encoded.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_served_in_chunks() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "abcde").unwrap();
        let server = Chunks::of(2, folder.path());
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.write_all(b"GET /file HTTP/1.1\r\nHost: here\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        assert_eq!(body, "2\r\nab\r\n2\r\ncd\r\n1\r\ne\r\n0\r\n\r\n");
    }
}

//! A stream into a file. It writes on the calling thread, up to 1 MiB at once; WASI's own takes 64 KiB.

use std::fs::File;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};

use crate::digest::Writer;

/// Bytes taken at once, so that one write to the file carries the data of several calls.
const CAPACITY: usize = 1 << 20;

pub struct FileStream {
    file: Arc<File>,
    /// Offset of the next byte; `None` once a write has failed.
    position: Option<u64>,
    writer: Writer,
}

impl FileStream {
    pub const fn new(file: Arc<File>, position: u64, writer: Writer) -> Self {
        Self { file, position: Some(position), writer }
    }
}

#[async_trait]
impl Pollable for FileStream {
    async fn ready(&mut self) {}
}

#[async_trait]
impl OutputStream for FileStream {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let position = self.position.take().ok_or(StreamError::Closed)?;
        let written = write_all_at(&self.file, &bytes, position);
        self.writer.wrote(position);
        written.map_err(|error| StreamError::LastOperationFailed(error.into()))?;
        self.position = position.checked_add(bytes.len() as u64);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        self.check_write().map(|_| ())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        self.position.map(|_| CAPACITY).ok_or(StreamError::Closed)
    }
}

fn write_all_at(file: &File, mut bytes: &[u8], mut position: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match write_at(file, bytes, position) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => {
                bytes = &bytes[written..];
                position = position.checked_add(written as u64).ok_or(io::ErrorKind::FileTooLarge)?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], position: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::write_at(file, bytes, position)
}

#[cfg(windows)]
fn write_at(file: &File, bytes: &[u8], position: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_write(file, bytes, position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_go_to_where_the_stream_began() -> Result<(), StreamError> {
        let file = Arc::new(tempfile::tempfile().expect("a file"));
        let mut stream = FileStream::new(file.clone(), 3, Writer::default());
        stream.write(Bytes::from_static(b"ab"))?;
        stream.write(Bytes::from_static(b"c"))?;
        stream.flush()?;
        let mut found = [0; 6];
        std::os::unix::fs::FileExt::read_exact_at(&*file, &mut found, 0).expect("what was written");
        assert_eq!(&found, b"\0\0\0abc");
        Ok(())
    }

    #[test]
    fn a_stream_that_failed_is_closed() {
        let read_only = File::open(std::env::current_exe().expect("this program")).expect("it can be read");
        let mut stream = FileStream::new(Arc::new(read_only), 0, Writer::default());
        assert!(matches!(stream.write(Bytes::from_static(b"a")), Err(StreamError::LastOperationFailed(_))));
        assert!(matches!(stream.check_write(), Err(StreamError::Closed)));
        assert!(matches!(stream.write(Bytes::new()), Err(StreamError::Closed)));
    }
}

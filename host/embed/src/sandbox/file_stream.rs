//! A stream into a file. It writes on the calling thread, up to 1 MiB at once; WASI's own takes 64 KiB. A flush syncs the file in the
//! background.

use std::fs::File;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};

use tokio::task::JoinHandle;

use super::syncs::FileSyncs;
use crate::digest::Writer;

/// Bytes taken at once, so that one write to the file carries the data of several calls.
const CAPACITY: usize = 1 << 20;

pub struct FileStream {
    file: Arc<File>,
    /// Offset of the next byte; `None` once a write has failed.
    position: Option<u64>,
    writer: Writer,
    syncs: FileSyncs,
    sync: Option<JoinHandle<io::Result<()>>>,
    /// The error of the last sync, until it is reported.
    failure: Option<io::Error>,
}

impl FileStream {
    pub const fn new(file: Arc<File>, position: u64, writer: Writer, syncs: FileSyncs) -> Self {
        Self { file, position: Some(position), writer, syncs, sync: None, failure: None }
    }
}

#[async_trait]
impl Pollable for FileStream {
    async fn ready(&mut self) {
        if let Some(sync) = &mut self.sync {
            let synced = sync.await.map_err(io::Error::other).and_then(|synced| synced);
            (self.sync, self.failure) = (None, synced.err());
        }
    }
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
        if self.check_write()? > 0 {
            self.sync = Some(self.syncs.begin(self.file.clone()));
        }
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        if let Some(error) = self.failure.take() {
            self.position = None;
            return Err(StreamError::LastOperationFailed(error.into()));
        }
        let capacity = if self.sync.is_some() { 0 } else { CAPACITY };
        self.position.map(|_| capacity).ok_or(StreamError::Closed)
    }

    /// Writes in place. Nothing is buffered, so a splice, which ends with a flush, does not sync.
    async fn blocking_write_and_flush(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.write_ready().await?;
        self.write(bytes)
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

    fn stream(file: Arc<File>, position: u64) -> FileStream {
        FileStream::new(file, position, Writer::default(), FileSyncs::default())
    }

    #[tokio::test]
    async fn bytes_go_to_where_the_stream_began() -> Result<(), StreamError> {
        let file = Arc::new(tempfile::tempfile().expect("a file"));
        let mut stream = stream(file.clone(), 3);
        stream.write(Bytes::from_static(b"ab"))?;
        stream.blocking_write_and_flush(Bytes::from_static(b"c")).await?;
        let mut found = [0; 6];
        std::os::unix::fs::FileExt::read_exact_at(&*file, &mut found, 0).expect("what was written");
        assert_eq!(&found, b"\0\0\0abc");
        Ok(())
    }

    #[tokio::test]
    async fn a_flushed_stream_takes_bytes_when_its_file_is_synced() -> Result<(), StreamError> {
        let mut stream = stream(Arc::new(tempfile::tempfile().expect("a file")), 0);
        stream.write(Bytes::from_static(b"a"))?;
        stream.flush()?;
        assert_eq!(stream.check_write()?, 0);
        stream.ready().await;
        assert_eq!(stream.check_write()?, CAPACITY);
        Ok(())
    }

    #[tokio::test]
    async fn a_stream_whose_file_cannot_be_synced_fails() {
        let (reader, _writer) = std::io::pipe().expect("a pipe");
        let mut stream = stream(Arc::new(File::from(std::os::fd::OwnedFd::from(reader))), 0);
        assert!(stream.flush().is_ok());
        stream.ready().await;
        assert!(matches!(stream.check_write(), Err(StreamError::LastOperationFailed(_))));
        assert!(matches!(stream.check_write(), Err(StreamError::Closed)));
    }

    #[test]
    fn a_stream_that_failed_is_closed() {
        let read_only = File::open(std::env::current_exe().expect("this program")).expect("it can be read");
        let mut stream = stream(Arc::new(read_only), 0);
        assert!(matches!(stream.write(Bytes::from_static(b"a")), Err(StreamError::LastOperationFailed(_))));
        assert!(matches!(stream.check_write(), Err(StreamError::Closed)));
        assert!(matches!(stream.write(Bytes::new()), Err(StreamError::Closed)));
    }
}

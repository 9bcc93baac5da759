//! Standard output as the target of a download.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use tokio::io::{AsyncWrite, Stdout};

/// The first error of standard output. The engine only knows that its stream failed.
#[derive(Clone, Default)]
pub struct Trouble(Arc<OnceLock<io::Error>>);

impl Trouble {
    pub fn reader_has_left(&self) -> bool {
        self.0.get().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
    }

    pub fn reason(&self) -> Option<&io::Error> {
        self.0.get()
    }
}

pub struct StandardOutput {
    stream: Stdout,
    trouble: Trouble,
}

impl StandardOutput {
    pub fn new(trouble: Trouble) -> Self {
        Self { stream: tokio::io::stdout(), trouble }
    }

    fn remember<T>(&self, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        result.map_err(|error| {
            let passed_on = error.kind().into();
            let _ = self.trouble.0.set(error);
            passed_on
        })
    }
}

impl AsyncWrite for StandardOutput {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.remember(result)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_flush(cx);
        self.remember(result)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.remember(result)
    }
}

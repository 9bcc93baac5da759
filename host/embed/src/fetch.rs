//! One file in one call.

use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;

use crate::error::{Error, FailureKind};
use crate::handles::{Download, Provisional};
use crate::runtime::Link;
use crate::values::{
    DownloadStatus, ExpectedDigest, FetchReport, Property, RequestedRange, StartMode, TransferOptions,
};

/// The limit on the time until the first byte: five attempts with back-off, because a server may restart meanwhile, and no more, because
/// the caller waits.
const FIRST_BYTE: Duration = Duration::from_secs(30);

/// The limit on the silence after the first byte, so that a fetch survives a short outage and still ends while its caller waits.
const SILENCE: Duration = Duration::from_secs(60);

/// A fetch that has not started yet: [`Engine::fetch`](crate::Engine::fetch). Its methods set options, and `.await` starts it and returns
/// when the file has its name.
///
/// It ends in any case: with an error if no byte comes within 30 seconds, if no byte follows for a minute, or at once if there is no
/// network or the cost policy forbids the present one. Until then it repeats failed requests, after 1 s, 2 s, 4 s and so on up to a minute.
/// Bytes that a failed or dropped fetch received are kept beside the path, and the next fetch of the same URL to the same path continues
/// from there.
///
/// ```no_run
/// # async fn example(engine: &haul::Engine) -> Result<(), haul::Error> {
/// let digest = "sha256:6a1f1d1a6e4c6c2f2c0b5f0f4d8a2c1e9b7d3f5a8c0e2d4b6f8a1c3e5d7b9f0a".parse()?;
/// let report = engine
///     .fetch("https://example.com/debian.iso", "/srv/images/debian.iso")
///     .digest(digest)
///     .retries(5)
///     .on_progress(|status| println!("{} of {}", status.bytes_transferred, status.bytes_total))
///     .await?;
/// println!("{} bytes", report.bytes);
/// # Ok(())
/// # }
/// ```
#[must_use = "a fetch starts when it is awaited"]
pub struct Fetch {
    link: Link,
    path: PathBuf,
    properties: Vec<Property>,
    mode: StartMode,
    options: TransferOptions,
    timeout: Option<Duration>,
    on_progress: Option<Box<dyn FnMut(&DownloadStatus) + Send>>,
}

impl Fetch {
    pub(crate) fn new(link: Link, url: String, path: PathBuf) -> Self {
        let options = TransferOptions {
            first_byte_timeout: Some(FIRST_BYTE),
            no_progress_timeout: Some(SILENCE),
            ..TransferOptions::default()
        };
        let properties = vec![Property::Uri(url)];
        Self { link, path, properties, mode: StartMode::WholeFile, options, timeout: None, on_progress: None }
    }

    /// Fetches these ranges, and puts them into the file in this order, back to back.
    pub fn ranges(self, ranges: impl IntoIterator<Item = RequestedRange>) -> Self {
        Self { mode: StartMode::Ranges(ranges.into_iter().collect()), ..self }
    }

    /// The file must have this digest: otherwise the fetch fails with [`FailureKind::Verification`], and no file gets the name. May be set
    /// several times.
    pub fn digest(mut self, digest: ExpectedDigest) -> Self {
        self.options.expected.push(digest);
        self
    }

    /// Failures in a row, without a byte between them, before the fetch fails. Default: the limits on silence decide.
    pub const fn retries(mut self, failures: u32) -> Self {
        self.options.retries = Some(failures);
        self
    }

    /// Time without a byte after which a fetch that has received none fails, with the failure of its last attempt. Default: 30 seconds.
    pub const fn first_byte_timeout(mut self, time: Duration) -> Self {
        self.options.first_byte_timeout = Some(time);
        self
    }

    /// Time without a byte after which a fetch that has received some fails, with DO_E_DOWNLOAD_NO_PROGRESS. Default: a minute.
    pub const fn silence(mut self, time: Duration) -> Self {
        self.options.no_progress_timeout = Some(time);
        self
    }

    /// The time for all of it, after which it fails with [`Error::OutOfTime`]. Default: no limit.
    pub const fn timeout(mut self, time: Duration) -> Self {
        self.timeout = Some(time);
        self
    }

    /// Whether a file at the path may be replaced. Default: no.
    pub const fn overwrite(mut self, may: bool) -> Self {
        self.options.overwrite = may;
        self
    }

    /// Whether it goes before others, with four times their share of a limited rate. Default: no.
    pub fn foreground(self, first: bool) -> Self {
        self.property(Property::ForegroundPriority(first))
    }

    /// Another property of the download: request headers, the cost policy, keys.
    pub fn property(mut self, property: Property) -> Self {
        self.properties.push(property);
        self
    }

    /// All options that have no method here: `change` gets those that are set so far.
    pub fn options(mut self, change: impl FnOnce(&mut TransferOptions)) -> Self {
        change(&mut self.options);
        self
    }

    /// Calls `callback` with the status at the start and after each change, about once a second while bytes arrive.
    pub fn on_progress(self, callback: impl FnMut(&DownloadStatus) + Send + 'static) -> Self {
        Self { on_progress: Some(Box::new(callback)), ..self }
    }

    async fn run(self) -> Result<FetchReport, Error> {
        let Self { link, path, mut properties, mode, options, timeout, mut on_progress } = self;
        properties.push(Property::LocalPath(link.grants().text(&path)?));
        let download = Provisional::create(&link).await?;
        let bring = async {
            download.set_and_start(properties, options, mode).await?;
            let follow = |status: &DownloadStatus| {
                if let Some(callback) = &mut on_progress {
                    callback(status);
                }
                // The engine would wait for another network, which may take days.
                match status.extended_error.as_ref().filter(|failure| failure.kind == FailureKind::NoNetwork) {
                    Some(failure) => Err(Error::Failed(failure.clone())),
                    None => Ok(()),
                }
            };
            download.follow(follow).await?;
            download.finalize().await
        };
        match timeout {
            None => bring.await?,
            Some(time) => {
                let over = link.after(time).await?;
                tokio::select! {
                    brought = bring => brought?,
                    Ok(()) = over => return Err(Error::OutOfTime(time)),
                }
            }
        }
        report(&download).await
    }
}

async fn report(download: &Download) -> Result<FetchReport, Error> {
    let counts = download.report().await?;
    let bytes = download.status().await?.bytes_transferred;
    Ok(FetchReport { bytes, bytes_resumed: counts.bytes_resumed, counts })
}

impl IntoFuture for Fetch {
    type Output = Result<FetchReport, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

/// The URL and the headers may hold passwords, and are not shown.
impl fmt::Debug for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetch").field("path", &self.path).field("options", &self.options).finish_non_exhaustive()
    }
}

//! The wait for the end of a download.

use std::ops::Deref;

use super::Download;
use crate::error::Error;
use crate::values::{DownloadState, DownloadStatus};

/// How a download has stopped, with its status.
///
/// ```
/// # async fn example(download: &haul::Download) -> Result<(), haul::Error> {
/// use haul::Ended;
///
/// match download.ended().await? {
///     Ended::Transferred(_) => download.finalize().await?,
///     Ended::Paused(status) => println!("paused after {} bytes", status.bytes_transferred),
///     Ended::NotStarted(_) => println!("start it first"),
///     other => println!("{:?}", other.state),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ended {
    /// It was never started, and nothing happens without [`Download::start`].
    NotStarted(DownloadStatus),
    /// The caller has paused it, and nothing happens without [`Download::start`].
    Paused(DownloadStatus),
    /// All bytes are here: [`Download::finalize`] gives the file its name.
    Transferred(DownloadStatus),
    Finalized(DownloadStatus),
    Aborted(DownloadStatus),
}

impl Ended {
    /// `None` while bytes move, or will move without a call.
    fn of(status: &DownloadStatus) -> Option<Self> {
        let status = status.clone();
        match status.state {
            DownloadState::Created => Some(Self::NotStarted(status)),
            DownloadState::Paused if status.extended_error.is_none() => Some(Self::Paused(status)),
            DownloadState::Transferred => Some(Self::Transferred(status)),
            DownloadState::Finalized => Some(Self::Finalized(status)),
            DownloadState::Aborted => Some(Self::Aborted(status)),
            DownloadState::Paused | DownloadState::Transferring => None,
        }
    }
}

impl Ended {
    pub fn into_status(self) -> DownloadStatus {
        match self {
            Self::NotStarted(status)
            | Self::Paused(status)
            | Self::Transferred(status)
            | Self::Finalized(status)
            | Self::Aborted(status) => status,
        }
    }
}

impl Deref for Ended {
    type Target = DownloadStatus;

    fn deref(&self) -> &DownloadStatus {
        match self {
            Self::NotStarted(status)
            | Self::Paused(status)
            | Self::Transferred(status)
            | Self::Finalized(status)
            | Self::Aborted(status) => status,
        }
    }
}

impl Download {
    /// Waits until the download does not change any more by itself. Returns at once if it is paused or was never started.
    ///
    /// # Errors
    ///
    /// [`Error::Failed`] with the error that stopped it.
    pub async fn ended(&self) -> Result<Ended, Error> {
        self.follow(|_| Ok(())).await
    }

    /// Calls `each` with every status up to the last one, and stops waiting if it fails.
    pub(crate) async fn follow(
        &self,
        mut each: impl FnMut(&DownloadStatus) -> Result<(), Error>,
    ) -> Result<Ended, Error> {
        let mut watched = self.shared.download.status.clone();
        watched.mark_unchanged();
        let mut status = self.status().await?;
        loop {
            each(&status)?;
            if let Some(ended) = Ended::of(&status) {
                return ended.error.clone().map_or(Ok(ended), |failure| Err(Error::Failed(failure)));
            }
            if watched.changed().await.is_err() {
                self.status().await?;
                return Err(Error::Closed);
            }
            status.clone_from(&watched.borrow_and_update());
        }
    }
}

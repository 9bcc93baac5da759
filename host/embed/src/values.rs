//! Plain values that go to the component and come from it.

mod category;
mod content;
mod digest;
mod documents;
mod download;
mod event;
mod explanation;
mod job;
mod job_description;
mod job_file;
mod job_options;
mod job_times;
mod network;
mod property;
mod proxy;
mod report;
mod start_mode;
mod swarm;
#[cfg(all(test, feature = "serde"))]
mod tests;
mod transfer_options;

pub use self::category::Category;
pub use self::content::Content;
pub use self::digest::{DigestAlgorithm, ExpectedDigest, Pieces};
pub use self::documents::{DescribedFile, PieceHashFile};
pub use self::download::{DownloadState, DownloadStatus};
pub use self::event::{Event, Happening, RestartReason, Subject};
pub use self::explanation::Explanation;
pub use self::job::{
    Cancellation, Completion, CostFlags, ErrorContext, JobKind, JobPriority, JobProgress, JobState, NotifyFlags,
};
pub use self::job_description::{JobDescription, JobFailure};
pub use self::job_file::{FileDescription, FileInfo, FileProgress, FileRange, FileState, NewFile};
pub use self::job_options::JobOptions;
pub use self::job_times::JobTimes;
pub use self::network::{Network, NetworkCost};
pub use self::property::{
    CostPolicy, DecryptionInfo, FileProperty, FilePropertyId, IntegrityCheckInfo, JobProperty, JobPropertyId, Property,
    PropertyEx, PropertyId, PropertyIdEx, SecurityContext, SecurityFlags,
};
pub use self::proxy::{ProxySettings, ProxyUsage};
pub use self::report::{FetchReport, Report};
pub use self::start_mode::{RequestedRange, StartMode};
pub use self::swarm::{DownloadMode, SwarmStats, SwarmStatus};
pub use self::transfer_options::{Durability, TransferOptions};

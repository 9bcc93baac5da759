//! The states, flags and counts of a job.

use crate::bindings::{background_copy_job, types};
use crate::mirror::{mirrored_enum, mirrored_flags, mirrored_record};

mirrored_enum! {
    /// BG_JOB_TYPE.
    #[non_exhaustive]
    JobKind = types::JobType {
        Download,
        Upload,
        UploadReply,
    }
}

mirrored_enum! {
    /// BG_JOB_STATE; `wit/background-copy-job.wit` has the way from one to the other.
    #[non_exhaustive]
    JobState = types::JobState {
        /// Waits for its turn.
        Queued,
        /// BITS's own; never seen here.
        Connecting,
        Transferring,
        /// Stopped by its owner, or new.
        Suspended,
        /// Stopped by a failure that its owner has to mend before [`Job::resume`](crate::Job::resume).
        Error,
        /// Stopped by a failure after which the engine tries again, or by a network that the job may not use.
        TransientError,
        /// Every file is here; none has its name before [`Job::complete`](crate::Job::complete).
        Transferred,
        /// Completed.
        Acknowledged,
        Cancelled,
    }
}

impl JobState {
    /// Whether bytes move, or will move without a call.
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Queued | Self::Connecting | Self::Transferring | Self::TransientError)
    }

    /// Whether the job was completed or cancelled.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Acknowledged | Self::Cancelled)
    }
}

mirrored_enum! {
    /// BG_JOB_PRIORITY: a job goes before those of lower levels; every fifth turn is theirs nevertheless.
    JobPriority = types::JobPriority {
        Foreground,
        High,
        Normal,
        Low,
    }
}

mirrored_flags! {
    /// BG_NOTIFY: the changes that the callback of a job is called for.
    NotifyFlags(u8) = types::NotifyFlags {
        JOB_TRANSFERRED = 0,
        JOB_ERROR = 1,
        /// Nothing is told.
        DISABLE = 2,
        JOB_MODIFICATION = 3,
        /// No callback is called for it: [`Engine::events`](crate::Engine::events) tells of files in any case.
        FILE_TRANSFERRED = 4,
        /// Cannot be set.
        FILE_RANGES_TRANSFERRED = 5,
    }
}

mirrored_flags! {
    /// BITS_COST_STATE: networks on which a job may run, by their cost.
    CostFlags(u16) = types::CostFlags {
        UNRESTRICTED = 0,
        /// There is a cap, and the host does not know how close it is.
        CAPPED_USAGE_UNKNOWN = 1,
        BELOW_CAP = 2,
        NEAR_CAP = 3,
        /// Beyond the cap each byte is charged.
        OVERCAP_CHARGED = 4,
        /// Beyond the cap bytes are slow.
        OVERCAP_THROTTLED = 5,
        /// Each byte is charged.
        USAGE_BASED = 6,
        ROAMING = 7,
        /// Has no effect: congestion is not told to the engine.
        IGNORE_CONGESTION = 8,
    }
}

mirrored_enum! {
    /// How a job was completed.
    Completion = background_copy_job::Completion {
        /// Every file has its name.
        Complete,
        /// The files that were here have their names, the others are dropped.
        PartialComplete,
        /// As before, and some temporary files of those that were dropped are still there.
        UnableToDeleteFiles,
    }
}

mirrored_enum! {
    /// How a job was cancelled.
    Cancellation = background_copy_job::Cancellation {
        Cancelled,
        /// Some temporary files are still there.
        UnableToDeleteFiles,
    }
}

mirrored_enum! {
    /// BG_ERROR_CONTEXT: the part of the transfer that failed. haul reports [`None`](Self::None), and [`RemoteFile`](Self::RemoteFile)
    /// for HTTP 403; the others are BITS's own.
    #[non_exhaustive]
    ErrorContext = types::ErrorContext {
        None,
        Unknown,
        GeneralQueueManager,
        QueueManagerNotification,
        LocalFile,
        RemoteFile,
        GeneralTransport,
        RemoteApplication,
        ServerCertificateCallback,
    }
}

mirrored_record! {
    /// How far a job is: BG_JOB_PROGRESS.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    JobProgress = types::JobProgress {
        /// Bytes of all files, or of their ranges; `None` while the size of one of them is not known.
        bytes_total: Option<u64>,
        bytes_transferred: u64,
        files_total: u32,
        files_transferred: u32,
    }
}

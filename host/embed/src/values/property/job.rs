//! The properties of a job.

use crate::bindings::background_copy_job5 as job;
use crate::values::CostFlags;

properties! {
    /// A property of a job: BITS_JOB_PROPERTY_ID. DO knows the first two; the others are BITS's own, and unknown to the engine.
    #[non_exhaustive]
    JobPropertyId = job::JobPropertyId,
    /// A property of a job with its value.
    #[derive(Clone, PartialEq, Eq)]
    #[non_exhaustive]
    JobProperty = job::JobProperty,
    {
        /// The networks on which the job may run. Takes effect at once.
        CostFlags(CostFlags),
        /// A GUID: the class that the host may start to handle the job while no callback is set. The GUID of zeros removes it.
        NotificationClsid(String),
        DynamicContent(bool),
        HighPerformance(bool),
        MaxDownloadSize(u64),
        UseStoredCredentials(u32),
        MinimumNotificationIntervalMs(u32),
        OnDemandMode(bool),
    }
}

debug_as_id!(JobProperty);

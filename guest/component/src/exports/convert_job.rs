//! Conversions between the core's types of jobs and the generated ones.

use haul_core::failure::Cause;
use haul_core::job::{ErrorContext, FileProgress, FileState, JobProgress, JobState, JobTimes, NotifyFlags, Priority};
use haul_core::layout::RequestedRange;
use haul_core::settings::network::CostFlags;
use haul_core::settings::proxy::{ProxySettings, ProxyUsage};

use crate::bindings::exports::haul::delivery_optimization::{engine, types};

pub const fn state(state: JobState) -> types::JobState {
    match state {
        JobState::Queued => types::JobState::Queued,
        JobState::Transferring => types::JobState::Transferring,
        JobState::Suspended => types::JobState::Suspended,
        JobState::Error => types::JobState::Error,
        JobState::TransientError => types::JobState::TransientError,
        JobState::Transferred => types::JobState::Transferred,
        JobState::Acknowledged => types::JobState::Acknowledged,
        JobState::Cancelled => types::JobState::Cancelled,
    }
}

pub const fn priority_in(priority: types::JobPriority) -> Priority {
    match priority {
        types::JobPriority::Foreground => Priority::Foreground,
        types::JobPriority::High => Priority::High,
        types::JobPriority::Normal => Priority::Normal,
        types::JobPriority::Low => Priority::Low,
    }
}

pub const fn priority_out(priority: Priority) -> types::JobPriority {
    match priority {
        Priority::Foreground => types::JobPriority::Foreground,
        Priority::High => types::JobPriority::High,
        Priority::Normal => types::JobPriority::Normal,
        Priority::Low => types::JobPriority::Low,
    }
}

pub const fn progress(progress: JobProgress) -> types::JobProgress {
    types::JobProgress {
        bytes_total: progress.bytes_total,
        bytes_transferred: progress.bytes_transferred,
        files_total: progress.files_total,
        files_transferred: progress.files_transferred,
    }
}

pub const fn times(times: JobTimes) -> types::JobTimes {
    types::JobTimes {
        creation_time: times.creation,
        modification_time: times.modification,
        transfer_completion_time: times.transfer_completion,
    }
}

pub const fn file_progress(progress: FileProgress) -> types::FileProgress {
    types::FileProgress {
        bytes_total: progress.bytes_total,
        bytes_transferred: progress.bytes_transferred,
        completed: progress.completed,
    }
}

pub const fn file_state(state: FileState) -> engine::FileState {
    match state {
        FileState::Waiting => engine::FileState::Waiting,
        FileState::Transferring => engine::FileState::Transferring,
        FileState::Retrying => engine::FileState::Retrying,
        FileState::Transferred => engine::FileState::Transferred,
        FileState::Failed => engine::FileState::Failed,
        FileState::Over => engine::FileState::Over,
    }
}

pub const fn context(context: ErrorContext) -> types::ErrorContext {
    match context {
        ErrorContext::None => types::ErrorContext::None,
        ErrorContext::RemoteFile => types::ErrorContext::RemoteFile,
    }
}

const NOTIFY_FLAGS: [(types::NotifyFlags, NotifyFlags); 6] = [
    (types::NotifyFlags::JOB_TRANSFERRED, NotifyFlags::JOB_TRANSFERRED),
    (types::NotifyFlags::JOB_ERROR, NotifyFlags::JOB_ERROR),
    (types::NotifyFlags::DISABLE, NotifyFlags::DISABLE),
    (types::NotifyFlags::JOB_MODIFICATION, NotifyFlags::JOB_MODIFICATION),
    (types::NotifyFlags::FILE_TRANSFERRED, NotifyFlags::FILE_TRANSFERRED),
    (types::NotifyFlags::FILE_RANGES_TRANSFERRED, NotifyFlags::FILE_RANGES_TRANSFERRED),
];

pub fn notify_flags_in(flags: types::NotifyFlags) -> NotifyFlags {
    let given = NOTIFY_FLAGS.iter().filter(|(flag, _)| flags & *flag == *flag);
    NotifyFlags::from_bits(given.map(|(_, flag)| flag.bits()).sum())
}

pub fn notify_flags_out(flags: NotifyFlags) -> types::NotifyFlags {
    let given = NOTIFY_FLAGS.iter().filter(|(_, flag)| flags.has(*flag));
    given.fold(types::NotifyFlags::empty(), |all, (flag, _)| all | *flag)
}

/// The cost flags with the numbers of BITS.
const COST_FLAGS: [(types::CostFlags, u32); 9] = [
    (types::CostFlags::UNRESTRICTED, 0x1),
    (types::CostFlags::CAPPED_USAGE_UNKNOWN, 0x2),
    (types::CostFlags::BELOW_CAP, 0x4),
    (types::CostFlags::NEAR_CAP, 0x8),
    (types::CostFlags::OVERCAP_CHARGED, 0x10),
    (types::CostFlags::OVERCAP_THROTTLED, 0x20),
    (types::CostFlags::USAGE_BASED, 0x40),
    (types::CostFlags::ROAMING, 0x80),
    (types::CostFlags::IGNORE_CONGESTION, 0x8000_0000),
];

pub fn cost_flags_in(flags: types::CostFlags) -> CostFlags {
    let given = COST_FLAGS.iter().filter(|(flag, _)| flags & *flag == *flag);
    CostFlags::from_bits(given.map(|(_, number)| number).sum())
}

pub fn cost_flags_out(flags: CostFlags) -> types::CostFlags {
    let given = COST_FLAGS.iter().filter(|(_, number)| flags.bits() & number != 0);
    given.fold(types::CostFlags::empty(), |all, (flag, _)| all | *flag)
}

pub fn range_in(range: types::FileRange) -> RequestedRange {
    match range.length {
        Some(length) => RequestedRange::Bounded { offset: range.initial_offset, length },
        None => RequestedRange::From { offset: range.initial_offset },
    }
}

pub const fn range_out(range: &RequestedRange) -> types::FileRange {
    match *range {
        RequestedRange::Bounded { offset, length } => types::FileRange { initial_offset: offset, length: Some(length) },
        RequestedRange::From { offset } => types::FileRange { initial_offset: offset, length: None },
        // Callers cannot ask for a suffix through this interface.
        RequestedRange::Suffix { length } => types::FileRange { initial_offset: 0, length: Some(length) },
    }
}

/// # Errors
///
/// Those of [`ProxySettings::check`].
pub fn proxy_in(settings: types::ProxySettings) -> Result<ProxySettings, Cause> {
    let usage = match settings.usage {
        types::ProxyUsage::Preconfig => ProxyUsage::Preconfig,
        types::ProxyUsage::NoProxy => ProxyUsage::NoProxy,
        types::ProxyUsage::Override => ProxyUsage::Override,
        types::ProxyUsage::Autodetect => ProxyUsage::Autodetect,
    };
    ProxySettings::check(usage, settings.proxy_list, settings.proxy_bypass_list)
}

pub fn proxy_out(settings: ProxySettings) -> types::ProxySettings {
    let usage = match settings.usage() {
        ProxyUsage::Preconfig => types::ProxyUsage::Preconfig,
        ProxyUsage::NoProxy => types::ProxyUsage::NoProxy,
        ProxyUsage::Override => types::ProxyUsage::Override,
        ProxyUsage::Autodetect => types::ProxyUsage::Autodetect,
    };
    let (proxy_list, proxy_bypass_list) = match settings {
        ProxySettings::Override { list, bypass } => {
            (Some(list.expose().clone()), bypass.map(|bypass| bypass.expose().clone()))
        }
        _ => (None, None),
    };
    types::ProxySettings { usage, proxy_list, proxy_bypass_list }
}

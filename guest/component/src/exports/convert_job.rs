//! Between the core's types of jobs and the generated ones.

use haul_core::job::{
    ErrorContext, FileProgress, FileState, JobProgress, JobState, JobTimes, NotifyFlags, Priority,
};
use haul_core::layout::RequestedRange;
use haul_core::network::CostFlags;
use haul_core::proxy::ProxySettings;

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

/// The numbers of the generated flags are those of BITS: each is the place of its flag.
pub fn notify_flags_in(flags: types::NotifyFlags) -> NotifyFlags {
    NotifyFlags::from_bits(flags.bits().into())
}

pub fn notify_flags_out(flags: NotifyFlags) -> types::NotifyFlags {
    types::NotifyFlags::from_bits_truncate(flags.bits() as u8)
}

/// BITS_COST_OPTION_IGNORE_CONGESTION, the last of the generated flags.
const IGNORE_CONGESTION: u32 = 0x8000_0000;

pub fn cost_flags_in(flags: types::CostFlags) -> CostFlags {
    let congestion = if flags.contains(types::CostFlags::IGNORE_CONGESTION) { IGNORE_CONGESTION } else { 0 };
    CostFlags::from_bits(u32::from(flags.bits()) & 0xff | congestion)
}

pub fn cost_flags_out(flags: CostFlags) -> types::CostFlags {
    let congestion = match flags.bits() & IGNORE_CONGESTION {
        0 => types::CostFlags::empty(),
        _ => types::CostFlags::IGNORE_CONGESTION,
    };
    types::CostFlags::from_bits_truncate((flags.bits() & 0xff) as _) | congestion
}

pub fn range_in(range: types::FileRange) -> RequestedRange {
    match range.length {
        Some(length) => RequestedRange::Bounded { offset: range.initial_offset, length },
        None => RequestedRange::From { offset: range.initial_offset },
    }
}

pub const fn range_out(range: &RequestedRange) -> types::FileRange {
    match *range {
        RequestedRange::Bounded { offset, length } => {
            types::FileRange { initial_offset: offset, length: Some(length) }
        }
        RequestedRange::From { offset } => types::FileRange { initial_offset: offset, length: None },
        // No caller can ask for it here.
        RequestedRange::Suffix { length } => types::FileRange { initial_offset: 0, length: Some(length) },
    }
}

//! Between the core's types and the generated ones.

use alloc::string::String;

use haul_core::digest::Algorithm;
use haul_core::download::{self, State, Status};
use haul_core::failure::{Cause, Fault};
use haul_core::layout::RequestedRange;
use haul_core::output::{Happening, RestartReason};
use haul_core::property::{Property, PropertyId};

use crate::bindings::exports::haul::delivery_optimization::{do_download as wit, engine, types};

pub use types::Failure;

pub fn failure(cause: Cause) -> Failure {
    let hresult = cause.hresult();
    Failure {
        code: hresult.code,
        name: hresult.name.into(),
        fault: match cause.fault() {
            Fault::Caller => types::Fault::Caller,
            Fault::Origin => types::Fault::Origin,
            Fault::Network => types::Fault::Network,
            Fault::Disk => types::Fault::Disk,
            Fault::Content => types::Fault::Content,
            Fault::Policy => types::Fault::Policy,
            Fault::Engine => types::Fault::Engine,
        },
        description: cause.description().into_owned(),
        advice: cause.advice().into(),
    }
}

/// A download that its engine no longer knows was aborted with it.
pub fn status(status: Option<Status>) -> types::DownloadStatus {
    let (bytes_total, bytes_transferred) =
        status.map_or((0, 0), |status| (status.bytes_total, status.bytes_transferred));
    types::DownloadStatus {
        bytes_total,
        bytes_transferred,
        state: match status.map(|status| status.state) {
            Some(State::Created) => types::DownloadState::Created,
            Some(State::Transferring) => types::DownloadState::Transferring,
            Some(State::Transferred) => types::DownloadState::Transferred,
            Some(State::Finalized) => types::DownloadState::Finalized,
            Some(State::Aborted) | None => types::DownloadState::Aborted,
            Some(State::Paused) => types::DownloadState::Paused,
        },
        error: status.and_then(|status| status.error).map(failure),
        extended_error: status.and_then(|status| status.extended_error).map(failure),
    }
}

pub fn start_mode(mode: wit::StartMode) -> download::StartMode {
    match mode {
        wit::StartMode::WholeFile => download::StartMode::WholeFile,
        wit::StartMode::Ranges(ranges) => download::StartMode::Ranges(ranges.into_iter().map(range).collect()),
        wit::StartMode::Resume => download::StartMode::Resume,
    }
}

fn range(range: types::RequestedRange) -> RequestedRange {
    match range {
        types::RequestedRange::Bounded((offset, length)) => RequestedRange::Bounded { offset, length },
        types::RequestedRange::ToEnd(offset) => RequestedRange::From { offset },
        types::RequestedRange::Suffix(length) => RequestedRange::Suffix { length },
    }
}

pub fn algorithm_in(algorithm: types::DigestAlgorithm) -> Algorithm {
    match algorithm {
        types::DigestAlgorithm::Sha256 => Algorithm::Sha256,
        types::DigestAlgorithm::Sha512 => Algorithm::Sha512,
        types::DigestAlgorithm::Sha1 => Algorithm::Sha1,
        types::DigestAlgorithm::Md5 => Algorithm::Md5,
        types::DigestAlgorithm::Blake3 => Algorithm::Blake3,
    }
}

pub fn algorithm_out(algorithm: Algorithm) -> types::DigestAlgorithm {
    match algorithm {
        Algorithm::Sha256 => types::DigestAlgorithm::Sha256,
        Algorithm::Sha512 => types::DigestAlgorithm::Sha512,
        Algorithm::Sha1 => types::DigestAlgorithm::Sha1,
        Algorithm::Md5 => types::DigestAlgorithm::Md5,
        Algorithm::Blake3 => types::DigestAlgorithm::Blake3,
    }
}

/// `source` gives the URL of a source.
pub fn happening(what: Happening, source: impl FnOnce(usize) -> String) -> engine::Happening {
    match what {
        Happening::StatusChanged => engine::Happening::StatusChanged,
        Happening::Restarted(reason) => engine::Happening::Restarted(restart_reason(reason)),
        Happening::Retrying { cause, after } => {
            let after = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
            engine::Happening::Retrying(engine::Retry { cause: failure(cause), after })
        }
        Happening::RangeDropped(range) => engine::Happening::RangeDropped((range.start, range.len())),
        Happening::SourceDropped { source: index, cause } => {
            engine::Happening::SourceDropped(engine::DroppedSource { url: source(index), cause: failure(cause) })
        }
    }
}

fn restart_reason(reason: RestartReason) -> engine::RestartReason {
    match reason {
        RestartReason::ContentChanged => engine::RestartReason::ContentChanged,
        RestartReason::NotProven => engine::RestartReason::NotProven,
        RestartReason::RangesUnusable => engine::RestartReason::RangesUnusable,
        RestartReason::PartialDamaged => engine::RestartReason::PartialDamaged,
        RestartReason::DigestMismatch => engine::RestartReason::DigestMismatch,
    }
}

/// The same names on both sides, written once.
macro_rules! properties {
    ($($name:ident),+) => {
        pub fn property_id(id: wit::PropertyId) -> PropertyId {
            match id { $(wit::PropertyId::$name => PropertyId::$name),+ }
        }

        pub fn property_in(property: wit::Property) -> Property {
            match property { $(wit::Property::$name(value) => Property::$name(value)),+ }
        }

        pub fn property_out(property: Property) -> wit::Property {
            match property { $(Property::$name(value) => wit::Property::$name(value)),+ }
        }
    };
}

properties!(
    Id,
    Uri,
    DisplayName,
    LocalPath,
    HttpCustomHeaders,
    CallbackFreqSeconds,
    NoProgressTimeoutSeconds,
    ForegroundPriority,
    TotalSizeBytes,
    HttpAllowSecureToNonSecureRedirect,
    HttpRedirectionTarget,
    HttpResponseHeaders,
    HttpStatusCode
);

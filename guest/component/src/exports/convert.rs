//! Conversions between the core's types and the generated ones.

use alloc::format;
use alloc::string::String;

use haul_core::border::output::{Ending, Happening, RestartReason};
use haul_core::content::digest::{Algorithm, ExpectedDigest};
use haul_core::download::{self, State, Status};
use haul_core::engine::Category;
use haul_core::failure::{Cause, Fault, Rule};
use haul_core::job::Refused;
use haul_core::layout::RequestedRange;
use haul_core::parse::decryption_info::DecryptionInfo;
use haul_core::parse::integrity_check_info::IntegrityCheckInfo;
use haul_core::parse::url::Url;
use haul_core::settings::network::{Cost, CostPolicy, Network};
use haul_core::settings::property::{Property, PropertyId, SecurityFlags};

use crate::bindings::exports::haul::delivery_optimization::{do_download as wit, do_manager, engine, types};

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
        rule: match cause {
            Cause::Refused(rule) => policy_rule(rule),
            _ => None,
        },
    }
}

const fn policy_rule(rule: Rule) -> Option<types::PolicyRule> {
    Some(match rule {
        Rule::Unnamed => return None,
        Rule::Scheme => types::PolicyRule::Scheme,
        Rule::Host => types::PolicyRule::Host,
        Rule::Port => types::PolicyRule::Port,
        Rule::Method => types::PolicyRule::Method,
        Rule::Address => types::PolicyRule::Address,
        Rule::RequestField => types::PolicyRule::RequestField,
        Rule::FileSize => types::PolicyRule::FileSize,
        Rule::Quota => types::PolicyRule::Quota,
        Rule::QuotaForNow(_) => types::PolicyRule::QuotaForNow,
        Rule::FreeSpace => types::PolicyRule::FreeSpace,
        Rule::SecurityFlags => types::PolicyRule::SecurityFlags,
        Rule::ClientCertificate => types::PolicyRule::ClientCertificate,
        Rule::Proxy => types::PolicyRule::Proxy,
        Rule::NetworkToken => types::PolicyRule::NetworkToken,
    })
}

/// The failure of a call that adds files. Its description names the file at fault.
pub fn refused(refused: Refused) -> Failure {
    let failure = failure(refused.cause);
    match refused.local_name {
        Some(path) => Failure { description: format!("{path}: {}", failure.description), ..failure },
        None => failure,
    }
}

/// The status of a download. If the engine no longer has the download, it was aborted with its engine.
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

/// `source` returns the URL of a source.
pub fn happening(what: Happening, source: impl FnOnce(usize) -> String) -> engine::Happening {
    match what {
        Happening::StatusChanged => engine::Happening::StatusChanged,
        Happening::Ending(Ending::Transferred) => engine::Happening::JobTransferred,
        Happening::Ending(Ending::Error) => engine::Happening::JobError,
        Happening::Modification => engine::Happening::JobModification,
        Happening::OwnerChanged => engine::Happening::OwnerChanged,
        Happening::Restarted(reason) => engine::Happening::Restarted(restart_reason(reason)),
        Happening::Retrying { cause, after } => {
            let after = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
            engine::Happening::Retrying(engine::Retry { cause: failure(cause), after })
        }
        Happening::RangeDropped(range) => engine::Happening::RangeDropped((range.start, range.len())),
        Happening::SourceDropped { source: index, cause } => {
            engine::Happening::SourceDropped(engine::DroppedSource { url: source(index), cause: failure(cause) })
        }
        Happening::Unchecked { cause } => engine::Happening::Unchecked(failure(cause)),
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

pub fn category(category: do_manager::Category) -> Category {
    match category {
        do_manager::Category::Id(id) => Category::Id(id),
        do_manager::Category::Uri(url) => Category::Uri(url),
        do_manager::Category::ContentId(id) => Category::ContentId(id),
        do_manager::Category::DisplayName(name) => Category::DisplayName(name),
        do_manager::Category::LocalPath(path) => Category::LocalPath(path),
    }
}

fn digest_in(digest: types::Digest) -> ExpectedDigest {
    ExpectedDigest { algorithm: algorithm_in(digest.algorithm), value: digest.value }
}

pub fn integrity_check_info_in(info: types::IntegrityCheckInfo) -> Result<IntegrityCheckInfo, Cause> {
    let url = Url::parse(&info.pieces_hash_file_url).ok_or(Cause::InvalidUrl)?;
    IntegrityCheckInfo::new(url, info.pieces_hash_file_digest.map(digest_in), info.hash_of_hashes.as_deref())
}

pub fn integrity_check_info_out(info: &IntegrityCheckInfo) -> types::IntegrityCheckInfo {
    let digest = |digest: &ExpectedDigest| types::Digest {
        algorithm: algorithm_out(digest.algorithm),
        value: digest.value.clone(),
    };
    types::IntegrityCheckInfo {
        pieces_hash_file_url: info.url.as_str().into(),
        pieces_hash_file_digest: info.digest.as_ref().map(digest),
        hash_of_hashes: info.hash_of_hashes.map(Into::into),
    }
}

pub fn decryption_info_in(info: types::DecryptionInfo) -> Result<DecryptionInfo, Cause> {
    let (types::EncryptionAlgorithm::Aes, types::ChainingMode::Gcm) = (info.algorithm_name, info.chaining_mode);
    DecryptionInfo::new(info.key_data, info.encryption_buffer_size)
}

pub fn decryption_info_out(info: &DecryptionInfo) -> types::DecryptionInfo {
    types::DecryptionInfo {
        key_data: info.key().into(),
        encryption_buffer_size: info.buffer(),
        algorithm_name: types::EncryptionAlgorithm::Aes,
        chaining_mode: types::ChainingMode::Gcm,
    }
}

pub fn network(network: types::Network) -> Network {
    let types::Network { connected, cost, roaming, cellular } = network;
    let cost = match cost {
        types::NetworkCost::Unrestricted => Cost::Unrestricted,
        types::NetworkCost::CappedUsageUnknown => Cost::CappedUsageUnknown,
        types::NetworkCost::BelowCap => Cost::BelowCap,
        types::NetworkCost::NearCap => Cost::NearCap,
        types::NetworkCost::OverCapCharged => Cost::OverCapCharged,
        types::NetworkCost::OverCapThrottled => Cost::OverCapThrottled,
        types::NetworkCost::UsageBased => Cost::UsageBased,
    };
    Network { connected, cost, roaming, cellular }
}

fn cost_policy_in(policy: types::CostPolicy) -> CostPolicy {
    match policy {
        types::CostPolicy::Always => CostPolicy::Always,
        types::CostPolicy::Unrestricted => CostPolicy::Unrestricted,
        types::CostPolicy::Standard => CostPolicy::Standard,
        types::CostPolicy::NoRoaming => CostPolicy::NoRoaming,
        types::CostPolicy::NoSurcharge => CostPolicy::NoSurcharge,
        types::CostPolicy::NoCellular => CostPolicy::NoCellular,
    }
}

fn cost_policy_out(policy: CostPolicy) -> types::CostPolicy {
    match policy {
        CostPolicy::Always => types::CostPolicy::Always,
        CostPolicy::Unrestricted => types::CostPolicy::Unrestricted,
        CostPolicy::Standard => types::CostPolicy::Standard,
        CostPolicy::NoRoaming => types::CostPolicy::NoRoaming,
        CostPolicy::NoSurcharge => types::CostPolicy::NoSurcharge,
        CostPolicy::NoCellular => types::CostPolicy::NoCellular,
    }
}

fn security_flags_in(flags: types::SecurityFlags) -> SecurityFlags {
    let each = [
        (types::SecurityFlags::IGNORE_UNKNOWN_CA, SecurityFlags::IGNORE_UNKNOWN_CA),
        (types::SecurityFlags::IGNORE_CERT_WRONG_USAGE, SecurityFlags::IGNORE_CERT_WRONG_USAGE),
        (types::SecurityFlags::IGNORE_CERT_CN_INVALID, SecurityFlags::IGNORE_CERT_CN_INVALID),
        (types::SecurityFlags::IGNORE_CERT_DATE_INVALID, SecurityFlags::IGNORE_CERT_DATE_INVALID),
        (types::SecurityFlags::ENABLE_REVOCATION, SecurityFlags::ENABLE_REVOCATION),
    ];
    let given = each.into_iter().filter(|(flag, _)| flags & *flag == *flag);
    given.fold(SecurityFlags::default(), |all, (_, flag)| all.with(flag))
}

/// Properties that have the same name on both sides, listed once: with equal values, with converted values, and write-only.
macro_rules! properties {
    (
        same: $($name:ident),+;
        converted: $($converted:ident($in:expr, $out:expr)),+;
        write_only: $($write_only:ident($write:expr)),+;
    ) => {
        pub fn property_id(id: wit::PropertyId) -> PropertyId {
            match id {
                $(wit::PropertyId::$name => PropertyId::$name,)+
                $(wit::PropertyId::$converted => PropertyId::$converted,)+
                $(wit::PropertyId::$write_only => PropertyId::$write_only,)+
            }
        }

        pub fn property_in(property: wit::Property) -> Result<Property, Cause> {
            Ok(match property {
                $(wit::Property::$name(value) => Property::$name(value),)+
                $(wit::Property::$converted(value) => Property::$converted($in(value)),)+
                $(wit::Property::$write_only(value) => Property::$write_only($write(value)?),)+
            })
        }

        pub fn property_out(property: Property) -> Result<wit::Property, Cause> {
            Ok(match property {
                $(Property::$name(value) => wit::Property::$name(value),)+
                $(Property::$converted(value) => wit::Property::$converted($out(value)),)+
                $(Property::$write_only(_) => return Err(Cause::WriteOnlyProperty),)+
            })
        }
    };
}

properties! {
    same:
        Id,
        Uri,
        ContentId,
        DisplayName,
        LocalPath,
        HttpCustomHeaders,
        CallbackFreqPercent,
        CallbackFreqSeconds,
        NoProgressTimeoutSeconds,
        ForegroundPriority,
        BlockingMode,
        CallbackInterface,
        StreamInterface,
        CorrelationVector,
        IntegrityCheckMandatory,
        TotalSizeBytes,
        DisallowOnCellular,
        HttpCustomAuthHeaders,
        HttpAllowSecureToNonSecureRedirect,
        NonVolatile,
        HttpRedirectionTarget,
        HttpResponseHeaders,
        HttpServerIpAddress,
        HttpStatusCode;
    converted: CostPolicy(cost_policy_in, cost_policy_out);
    write_only:
        SecurityFlags(|flags| Ok::<_, Cause>(security_flags_in(flags))),
        SecurityContext(Ok::<_, Cause>),
        NetworkToken(Ok::<_, Cause>),
        DecryptionInfo(decryption_info_in),
        IntegrityCheckInfo(integrity_check_info_in);
}

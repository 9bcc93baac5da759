//! Enumerations, flags and structures of the family, with numbers and order fixed by the IDL. WIT counts the cases of an enum,
//! and the bits of flags, from 0.

use super::sources::{
    DO_FILE_PROPERTY, DO_JOB_GET, DOWNLOAD_MODE, ERROR_CONTEXT, FILE_PROGRESS, FILE_PROPERTY_ID, FILE_RANGE, IDL,
    IDL_5_0, JOB_PROGRESS, JOB_TIMES, JOB_TYPE, SWARM_STATS, SWARM_STATUS,
};
use crate::statement::statements;
use crate::world::wit;

/// Asserts that a type has these parts, in this order.
fn are(interface: &str, ty: &str, expected: &[&str]) {
    assert_eq!(wit().names(interface, ty), expected);
}

/// Asserts that a record has these fields, with their types.
fn have(record: &str, expected: &[(&str, &str)]) {
    let wit = wit();
    let parts = wit.parts("types", record);
    let parts: Vec<_> = parts.iter().map(|(name, ty)| (*name, ty.as_str())).collect();
    assert_eq!(parts, expected);
}

statements! {
    "Numbers and structures of jobs";

    /// BG_JOB_STATE: QUEUED 0, CONNECTING 1, TRANSFERRING 2, SUSPENDED 3, ERROR 4, TRANSIENT_ERROR 5, TRANSFERRED 6,
    /// ACKNOWLEDGED 7, CANCELLED 8.
    Idl(IDL), Holds;
    async fn the_states_of_a_job_have_their_numbers() {
        are("types", "job-state", &[
            "queued", "connecting", "transferring", "suspended", "error", "transient-error", "transferred", "acknowledged",
            "cancelled",
        ]);
    }

    /// BG_JOB_PRIORITY: FOREGROUND 0, HIGH 1, NORMAL 2, LOW 3.
    Idl(IDL), Holds;
    async fn the_priorities_have_their_numbers() {
        are("types", "job-priority", &["foreground", "high", "normal", "low"]);
    }

    /// BG_JOB_TYPE: DOWNLOAD 0, UPLOAD 1, UPLOAD_REPLY 2; DO has DOWNLOAD only.
    Doc(JOB_TYPE), Holds;
    async fn the_types_of_jobs_have_their_numbers() {
        are("types", "job-type", &["download", "upload", "upload-reply"]);
    }

    /// BG_JOB_PROXY_USAGE: PRECONFIG 0, NO_PROXY 1, OVERRIDE 2, AUTODETECT 3.
    Idl(IDL), Holds;
    async fn the_proxy_usages_have_their_numbers() {
        are("types", "proxy-usage", &["preconfig", "no-proxy", "override", "autodetect"]);
    }

    /// BG_ERROR_CONTEXT: NONE 0, UNKNOWN 1, GENERAL_QUEUE_MANAGER 2, QUEUE_MANAGER_NOTIFICATION 3, LOCAL_FILE 4,
    /// REMOTE_FILE 5, GENERAL_TRANSPORT 6, REMOTE_APPLICATION 7, and in BITS SERVER_CERTIFICATE_CALLBACK 8.
    Doc(ERROR_CONTEXT), Holds;
    async fn the_error_contexts_have_their_numbers() {
        are("types", "error-context", &[
            "none", "unknown", "general-queue-manager", "queue-manager-notification", "local-file", "remote-file",
            "general-transport", "remote-application", "server-certificate-callback",
        ]);
    }

    /// BG_NOTIFY: JOB_TRANSFERRED 0x1, JOB_ERROR 0x2, DISABLE 0x4, JOB_MODIFICATION 0x8, FILE_TRANSFERRED 0x10,
    /// FILE_RANGES_TRANSFERRED 0x20.
    Idl(IDL), Holds;
    async fn the_notify_flags_have_their_bits() {
        are("types", "notify-flags", &[
            "job-transferred", "job-error", "disable", "job-modification", "file-transferred", "file-ranges-transferred",
        ]);
    }

    /// BITS_COST_STATE: UNRESTRICTED 0x1, CAPPED_USAGE_UNKNOWN 0x2, BELOW_CAP 0x4, NEAR_CAP 0x8, OVERCAP_CHARGED 0x10,
    /// OVERCAP_THROTTLED 0x20, USAGE_BASED 0x40, ROAMING 0x80.
    Idl(IDL_5_0), Holds;
    async fn the_cost_flags_have_their_bits() {
        assert_eq!(wit().names("types", "cost-flags")[..8], [
            "unrestricted", "capped-usage-unknown", "below-cap", "near-cap", "overcap-charged", "overcap-throttled",
            "usage-based", "roaming",
        ]);
    }

    /// BITS_COST_OPTION_IGNORE_CONGESTION is 0x80000000, and 0x40000000 is reserved.
    Idl(IDL_5_0), Differs("It is the ninth flag: WIT flags have names, and the reserved bit has none.");
    async fn the_option_is_the_ninth_flag() {
        assert_eq!(wit().names("types", "cost-flags")[8..], ["ignore-congestion"]);
    }

    /// BITS_JOB_PROPERTY_ID counts from 1 and has gaps.
    Idl(IDL_5_0), Differs("A case of a WIT variant has a name and no number.");
    async fn the_job_properties_have_names() {
        assert_eq!(wit().names("background-copy-job5", "job-property-id")[..2], ["cost-flags", "notification-clsid"]);
    }

    /// BITS_FILE_PROPERTY_ID has one member, HTTP_RESPONSE_HEADERS, with the number 1.
    Doc(FILE_PROPERTY_ID), Differs("A case of a WIT variant has a name and no number.");
    async fn there_is_one_property_of_a_file() {
        are("background-copy-file5", "file-property-id", &["http-response-headers"]);
    }

    /// DOFilePropertyId: DecryptionInfo 0, IntegrityCheckInfo 1, IntegrityCheckMandatory 2, DownloadSinkInterface 3,
    /// DownloadSinkFilePath 4, DownloadSinkMemoryStream 5, TotalSizeBytes 6.
    Doc(DO_FILE_PROPERTY), Holds;
    async fn the_properties_of_a_file_have_their_numbers() {
        let expected = [
            "decryption-info", "integrity-check-info", "integrity-check-mandatory", "download-sink-interface",
            "download-sink-file-path", "download-sink-memory-stream", "total-size-bytes",
        ];
        are("delivery-optimization-file", "do-file-property-id", &expected);
        are("delivery-optimization-file", "do-file-property", &expected);
    }

    /// DOJobPropertyId has ExtendedErrorInfo, whose number is not published.
    Silent(DO_JOB_GET), Chosen("0, because it is the first of its kind.");
    async fn the_property_of_a_job_is_the_first() {
        are("delivery-optimization-job", "do-job-property-id", &["extended-error-info"]);
    }

    /// DownloadMode: CdnOnly 0, Lan 1, Group 2, Internet 3, Simple 99, Bypass 100.
    Doc(DOWNLOAD_MODE), Differs("Simple and Bypass are the cases 4 and 5: a WIT enum has no gaps.");
    async fn the_download_modes_have_names() {
        are("types", "download-mode", &["cdn-only", "lan", "group", "internet", "simple", "bypass"]);
    }

    /// SwarmStatus: Downloading 0, Complete 1, Caching 2, Paused 3.
    Doc(SWARM_STATUS), Holds;
    async fn the_swarm_states_have_their_numbers() {
        are("types", "swarm-status", &["downloading", "complete", "caching", "paused"]);
    }

    /// BG_FILE_RANGE has InitialOffset and Length.
    Doc(FILE_RANGE), Holds;
    async fn a_range_has_its_fields() {
        have("file-range", &[("initial-offset", "u64"), ("length", "option<u64>")]);
    }

    /// BG_FILE_PROGRESS has BytesTotal, BytesTransferred and Completed.
    Doc(FILE_PROGRESS), Holds;
    async fn the_progress_of_a_file_has_its_fields() {
        have("file-progress", &[("bytes-total", "option<u64>"), ("bytes-transferred", "u64"), ("completed", "bool")]);
    }

    /// BG_JOB_PROGRESS has BytesTotal, BytesTransferred, FilesTotal and FilesTransferred.
    Doc(JOB_PROGRESS), Holds;
    async fn the_progress_of_a_job_has_its_fields() {
        have("job-progress", &[
            ("bytes-total", "option<u64>"), ("bytes-transferred", "u64"), ("files-total", "u32"),
            ("files-transferred", "u32"),
        ]);
    }

    /// BG_JOB_TIMES has CreationTime, ModificationTime and TransferCompletionTime, each a FILETIME.
    Doc(JOB_TIMES), Holds;
    async fn the_times_of_a_job_have_their_fields() {
        have("job-times", &[
            ("creation-time", "u64"), ("modification-time", "u64"), ("transfer-completion-time", "option<u64>"),
        ]);
    }

    /// BG_FILE_INFO has RemoteName and LocalName.
    Idl(IDL), Holds;
    async fn a_file_info_has_its_fields() {
        have("file-info", &[("remote-name", "string"), ("local-name", "string")]);
    }

    /// DOSwarmStats has twenty-one fields, from fileId to isBackground.
    Doc(SWARM_STATS), Holds;
    async fn the_statistics_have_their_fields() {
        have("swarm-stats", &[
            ("file-id", "string"), ("source-url", "string"), ("file-size", "u64"), ("total-bytes-downloaded", "u64"),
            ("bytes-from-lan-peers", "u64"), ("bytes-from-group-peers", "u64"), ("bytes-from-internet-peers", "u64"),
            ("bytes-from-http", "u64"), ("bytes-from-doinc", "u64"), ("bytes-to-lan-peers", "u64"),
            ("bytes-to-group-peers", "u64"), ("bytes-to-internet-peers", "u64"), ("http-connection-count", "u32"),
            ("doinc-connection-count", "u32"), ("lan-connection-count", "u32"), ("group-connection-count", "u32"),
            ("internet-connection-count", "u32"), ("download-duration", "u32"), ("download-mode", "download-mode"),
            ("status", "swarm-status"), ("is-background", "bool"),
        ]);
    }

    /// The documentation does not say how to free the strings of DOSwarmStats.
    Silent(SWARM_STATS), CannotBeWritten("The caller owns the strings of a record.");
    async fn the_statistics_are_a_record() {
        let signature = wit().signature("delivery-optimization-file", "get-stats");
        assert_eq!(signature, "get-stats: func(file: borrow<file>) -> swarm-stats");
    }

    /// IBackgroundCopyJob has 32 methods in this order; DO documents twenty of them, and no page documents the results of the
    /// others.
    Idl(IDL), Chosen("haul has all of them, with the behaviour of BITS.");
    async fn a_job_has_its_thirty_two_methods() {
        let expected = [
            "add-file-set", "add-file", "enum-files", "suspend", "resume", "cancel", "complete", "get-id", "get-type",
            "get-progress", "get-times", "get-state", "get-error", "get-owner", "set-display-name", "get-display-name",
            "set-description", "get-description", "set-priority", "get-priority", "set-notify-flags", "get-notify-flags",
            "set-notify-interface", "get-notify-interface", "set-minimum-retry-delay", "get-minimum-retry-delay",
            "set-no-progress-timeout", "get-no-progress-timeout", "get-error-count", "set-proxy-settings",
            "get-proxy-settings", "take-ownership",
        ];
        let wit = wit();
        let functions = wit.interface("background-copy-job").functions.keys();
        let methods: Vec<_> = functions.filter_map(|name| name.strip_prefix("[method]job.")).collect();
        assert_eq!(methods, expected);
    }

    /// IBackgroundCopyManager has CreateJob, GetJob, EnumJobs and GetErrorDescription; DO documents the first two.
    Idl(IDL), Chosen("haul has all of them.");
    async fn a_manager_has_its_four_methods() {
        let wit = wit();
        let functions = wit.interface("background-copy-manager").functions.keys();
        let own: Vec<_> = functions.filter(|name| !name.starts_with('[')).collect();
        assert_eq!(own, ["create-job", "get-job", "enum-jobs", "get-error-description"]);
    }

    /// IBackgroundCopyError has five methods; DO documents GetError and GetFile.
    Idl(IDL), Chosen("haul has all of them.");
    async fn an_error_has_its_five_methods() {
        let wit = wit();
        let functions = wit.interface("background-copy-error").functions.keys();
        let methods: Vec<_> = functions.filter_map(|name| name.strip_prefix("[method]copy-error.")).collect();
        assert_eq!(methods, [
            "get-error", "get-file", "get-error-description", "get-error-context-description", "get-protocol",
        ]);
    }
}

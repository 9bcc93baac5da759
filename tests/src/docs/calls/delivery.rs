//! The additions of Delivery Optimization to BITS's jobs and files.

use super::{Call, Group};

pub(super) const JOB: Group = Group {
    title: "IDeliveryOptimizationJob and IDeliveryOptimizationJob2",
    about: "Their functions borrow the job.",
    calls: &[
        Call {
            com: "AddFileWithRanges([in] LPCWSTR, [in] LPCWSTR, [in] LPCWSTR, [in] DWORD, [in] BG_FILE_RANGE*, [in] ULONG64)",
            interface: "delivery-optimization-job",
            wit: "add-file-with-ranges",
            rust: &["Job::add_file_with_ranges"],
            remark: "DO_UNKNOWN_FILE_SIZE is an option.",
        },
        Call {
            com: "AddFile([in] LPCWSTR, [in] LPCWSTR, [in] DWORD, [in] BG_FILE_RANGE*, [in] REFIID, [out] void**)",
            interface: "delivery-optimization-job",
            wit: "add-file",
            rust: &["Job::add_file_by_id"],
            remark: "The object is a `file`, which all interfaces of files take.",
        },
        Call {
            com: "GetProperty([in] DOJobPropertyId, [out] VARIANT*)",
            interface: "delivery-optimization-job",
            wit: "get-property",
            rust: &["Job::extended_error_info"],
            remark: "",
        },
        Call {
            com: "SetProperty([in] DOJobPropertyId, [in] const VARIANT*)",
            interface: "delivery-optimization-job",
            wit: "set-property",
            rust: &[],
            remark: "Always DO_E_READ_ONLY_PROPERTY; not in Rust.",
        },
        Call {
            com: "0 ExtendedErrorInfo: BSTR",
            interface: "delivery-optimization-job",
            wit: "do-job-property.extended-error-info",
            rust: &["Job::extended_error_info"],
            remark: "Read-only.",
        },
    ],
};

pub(super) const FILE: Group = Group {
    title: "IDeliveryOptimizationFile and IDeliveryOptimizationFile2",
    about: "Their functions borrow the file. Each property with its number and the type of its VARIANT.",
    calls: &[
        Call {
            com: "GetStats([out] DOSwarmStats*)",
            interface: "delivery-optimization-file",
            wit: "get-stats",
            rust: &["JobFile::stats"],
            remark: "Bytes from and to peers are zero.",
        },
        Call {
            com: "GetProperty([in] DOFilePropertyId, [out] VARIANT*)",
            interface: "delivery-optimization-file",
            wit: "get-property",
            rust: &["JobFile::property"],
            remark: "",
        },
        Call {
            com: "SetProperty([in] DOFilePropertyId, [in] const VARIANT*)",
            interface: "delivery-optimization-file",
            wit: "set-property",
            rust: &["JobFile::set_property"],
            remark: "The case carries both property and value.",
        },
        Call {
            com: "0 DecryptionInfo: BSTR",
            interface: "delivery-optimization-file",
            wit: "do-file-property.decryption-info",
            rust: &["FileProperty::DecryptionInfo", "Engine::read_decryption_info"],
            remark: "Write-only; a record, which `read-decryption-info` parses from the JSON text.",
        },
        Call {
            com: "1 IntegrityCheckInfo: BSTR",
            interface: "delivery-optimization-file",
            wit: "do-file-property.integrity-check-info",
            rust: &["FileProperty::IntegrityCheckInfo", "Engine::read_integrity_check_info"],
            remark: "Write-only; a record, which `read-integrity-check-info` parses from the JSON text.",
        },
        Call {
            com: "2 IntegrityCheckMandatory: BOOL",
            interface: "delivery-optimization-file",
            wit: "do-file-property.integrity-check-mandatory",
            rust: &["FileProperty::IntegrityCheckMandatory"],
            remark: "",
        },
        Call {
            com: "3 DownloadSinkInterface: UNKNOWN",
            interface: "delivery-optimization-file",
            wit: "do-file-property.download-sink-interface",
            rust: &["FileProperty::DownloadSinkInterface"],
            remark: "E_NOTIMPL: a job outlives its callers, and a stream does not.",
        },
        Call {
            com: "4 DownloadSinkFilePath: BSTR",
            interface: "delivery-optimization-file",
            wit: "do-file-property.download-sink-file-path",
            rust: &["FileProperty::DownloadSinkFilePath"],
            remark: "Inside a directory that the host grants; can be set once.",
        },
        Call {
            com: "5 DownloadSinkMemoryStream: UNKNOWN",
            interface: "delivery-optimization-file",
            wit: "do-file-property.download-sink-memory-stream",
            rust: &["FileProperty::DownloadSinkMemoryStream"],
            remark: "DO_E_MEMORYSTREAM_DOWNLOAD_NOT_SUPPORTED.",
        },
        Call {
            com: "6 TotalSizeBytes: UI8",
            interface: "delivery-optimization-file",
            wit: "do-file-property.total-size-bytes",
            rust: &["FileProperty::TotalSizeBytes"],
            remark: "",
        },
    ],
};

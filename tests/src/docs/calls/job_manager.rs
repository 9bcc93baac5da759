//! IBackgroundCopyManager and its enumerator.

use super::{Call, Group};

pub(super) const MANAGER: Group = Group {
    title: "IBackgroundCopyManager",
    about: "The class is not activated: each engine has its manager. A client component is a caller with a name, and the host itself \
            is the caller with the empty name. The host alone has the rights of BITS' administrators.",
    calls: &[
        Call {
            com: "CreateJob([in] LPCWSTR, [in] BG_JOB_TYPE, [out] GUID*, [out] IBackgroundCopyJob**)",
            interface: "background-copy-manager",
            wit: "create-job",
            rust: &["Engine::create_job", "Job::id"],
            remark: "The job returns its id. In Rust there are downloads only.",
        },
        Call {
            com: "GetJob([in] REFGUID, [out] IBackgroundCopyJob**)",
            interface: "background-copy-manager",
            wit: "get-job",
            rust: &["Engine::job"],
            remark: "The GUID is a text.",
        },
        Call {
            com: "EnumJobs([in] DWORD, [out] IEnumBackgroundCopyJobs**)",
            interface: "background-copy-manager",
            wit: "enum-jobs",
            rust: &["Engine::jobs"],
            remark: "BG_JOB_ENUM_ALL_USERS is `true`.",
        },
        Call {
            com: "GetErrorDescription([in] HRESULT, [in] DWORD, [out] LPWSTR*)",
            interface: "background-copy-manager",
            wit: "get-error-description",
            rust: &["Engine::error_description"],
            remark: "In English only.",
        },
        Call {
            com: "CoSetProxyBlanket, then CreateJob",
            interface: "driver",
            wit: "create-job",
            rust: &["Engine::for_caller"],
            remark: "For a host that serves several callers.",
        },
        Call {
            com: "CoSetProxyBlanket, then GetJob",
            interface: "driver",
            wit: "get-job",
            rust: &["Engine::for_caller"],
            remark: "For a host that serves several callers.",
        },
        Call {
            com: "CoSetProxyBlanket, then EnumJobs",
            interface: "driver",
            wit: "enum-jobs",
            rust: &["Engine::for_caller"],
            remark: "For a host that serves several callers.",
        },
    ],
};

pub(super) const ENUMERATOR: Group = Group {
    title: "IEnumBackgroundCopyJobs",
    about: "A snapshot. In Rust its jobs are fetched from the engine on demand.",
    calls: &[
        Call {
            com: "Next([in] ULONG, [out] IBackgroundCopyJob**, [out] ULONG*)",
            interface: "background-copy-manager",
            wit: "job-enumerator.next",
            rust: &["Jobs::next", "Jobs::rest"],
            remark: "S_FALSE is a list with fewer elements than requested.",
        },
        Call {
            com: "Skip([in] ULONG)",
            interface: "background-copy-manager",
            wit: "job-enumerator.skip",
            rust: &["Jobs::skip"],
            remark: "S_FALSE is `false`.",
        },
        Call {
            com: "Reset()",
            interface: "background-copy-manager",
            wit: "job-enumerator.reset",
            rust: &["Jobs::reset"],
            remark: "",
        },
        Call {
            com: "Clone([out] IEnumBackgroundCopyJobs**)",
            interface: "background-copy-manager",
            wit: "job-enumerator.clone",
            rust: &["Jobs::clone"],
            remark: "",
        },
        Call {
            com: "GetCount([out] ULONG*)",
            interface: "background-copy-manager",
            wit: "job-enumerator.get-count",
            rust: &["Jobs::count"],
            remark: "",
        },
    ],
};

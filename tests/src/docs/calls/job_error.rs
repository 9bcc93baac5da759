//! IBackgroundCopyError.

use super::{Call, Group};

pub(super) const ERROR: Group = Group {
    title: "IBackgroundCopyError",
    about: "The resource `copy-error`; in Rust a plain value.",
    calls: &[
        Call {
            com: "GetError([out] BG_ERROR_CONTEXT*, [out] HRESULT*)",
            interface: "background-copy-error",
            wit: "copy-error.get-error",
            rust: &["JobError::context", "JobError::cause"],
            remark: "The HRESULT comes with its name and a description.",
        },
        Call {
            com: "GetFile([out] IBackgroundCopyFile**)",
            interface: "background-copy-error",
            wit: "copy-error.get-file",
            rust: &["JobError::file"],
            remark: "",
        },
        Call {
            com: "GetErrorDescription([in] DWORD, [out] LPWSTR*)",
            interface: "background-copy-error",
            wit: "copy-error.get-error-description",
            rust: &["JobError::description"],
            remark: "",
        },
        Call {
            com: "GetErrorContextDescription([in] DWORD, [out] LPWSTR*)",
            interface: "background-copy-error",
            wit: "copy-error.get-error-context-description",
            rust: &["JobError::context_description"],
            remark: "",
        },
        Call {
            com: "GetProtocol([out] LPWSTR*)",
            interface: "background-copy-error",
            wit: "copy-error.get-protocol",
            rust: &["JobError::protocol"],
            remark: "",
        },
    ],
};

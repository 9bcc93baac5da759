//! IBackgroundCopyFile, its extensions, and the enumerator of files.

use super::{Call, Group};

pub(super) const FILE: Group = Group {
    title: "IBackgroundCopyFile",
    about: "The resource `file`, and in Rust a handle that can be cloned.",
    calls: &[
        Call {
            com: "GetRemoteName([out] LPWSTR*)",
            interface: "background-copy-file",
            wit: "file.get-remote-name",
            rust: &["JobFile::remote_name"],
            remark: "",
        },
        Call {
            com: "GetLocalName([out] LPWSTR*)",
            interface: "background-copy-file",
            wit: "file.get-local-name",
            rust: &["JobFile::local_name"],
            remark: "E_NOT_SET while there is none.",
        },
        Call {
            com: "GetProgress([out] BG_FILE_PROGRESS*)",
            interface: "background-copy-file",
            wit: "file.get-progress",
            rust: &["JobFile::progress"],
            remark: "BG_SIZE_UNKNOWN is an option.",
        },
    ],
};

pub(super) const FILE2: Group = Group {
    title: "IBackgroundCopyFile2",
    about: "Its functions borrow the file.",
    calls: &[
        Call {
            com: "GetFileRanges([in, out] DWORD*, [out] BG_FILE_RANGE**)",
            interface: "background-copy-file2",
            wit: "get-file-ranges",
            rust: &["JobFile::ranges"],
            remark: "S_FALSE is an empty list, BG_LENGTH_TO_EOF an option.",
        },
        Call {
            com: "SetRemoteName([in] LPCWSTR)",
            interface: "background-copy-file2",
            wit: "set-remote-name",
            rust: &["JobFile::set_remote_name"],
            remark: "",
        },
    ],
};

pub(super) const FILE5: Group = Group {
    title: "IBackgroundCopyFile5",
    about: "Its functions borrow the file. There is one property.",
    calls: &[
        Call {
            com: "GetProperty([in] BITS_FILE_PROPERTY_ID, [out] BITS_FILE_PROPERTY_VALUE*)",
            interface: "background-copy-file5",
            wit: "get-property",
            rust: &["JobFile::response_headers"],
            remark: "",
        },
        Call {
            com: "SetProperty([in] BITS_FILE_PROPERTY_ID, [in] BITS_FILE_PROPERTY_VALUE)",
            interface: "background-copy-file5",
            wit: "set-property",
            rust: &[],
            remark: "Always DO_E_READ_ONLY_PROPERTY; not in Rust.",
        },
        Call {
            com: "1 HttpResponseHeaders: LPWSTR",
            interface: "background-copy-file5",
            wit: "file-property.http-response-headers",
            rust: &["JobFile::response_headers"],
            remark: "Read-only.",
        },
    ],
};

pub(super) const ENUMERATOR: Group = Group {
    title: "IEnumBackgroundCopyFiles",
    about: "A snapshot. In Rust its files are fetched from the engine on demand.",
    calls: &[
        Call {
            com: "Next([in] ULONG, [out] IBackgroundCopyFile**, [out] ULONG*)",
            interface: "enum-background-copy-files",
            wit: "file-enumerator.next",
            rust: &["JobFiles::next", "JobFiles::rest"],
            remark: "S_FALSE is a list with fewer elements than requested.",
        },
        Call {
            com: "Skip([in] ULONG)",
            interface: "enum-background-copy-files",
            wit: "file-enumerator.skip",
            rust: &["JobFiles::skip"],
            remark: "S_FALSE is `false`.",
        },
        Call {
            com: "Reset()",
            interface: "enum-background-copy-files",
            wit: "file-enumerator.reset",
            rust: &["JobFiles::reset"],
            remark: "",
        },
        Call {
            com: "Clone([out] IEnumBackgroundCopyFiles**)",
            interface: "enum-background-copy-files",
            wit: "file-enumerator.clone",
            rust: &["JobFiles::clone"],
            remark: "",
        },
        Call {
            com: "GetCount([out] ULONG*)",
            interface: "enum-background-copy-files",
            wit: "file-enumerator.get-count",
            rust: &["JobFiles::count"],
            remark: "",
        },
    ],
};

//! IDOManager and its enumerator.

use super::{Call, Group};

pub(super) const MANAGER: Group = Group {
    title: "IDOManager",
    about: "The class is not activated: each engine has its manager. The host that drives the engine names the caller, in place of \
            the identity that a COM proxy carries.",
    calls: &[
        Call {
            com: "CreateDownload([out] IDODownload**)",
            interface: "do-manager",
            wit: "create-download",
            rust: &["Engine::create_download"],
            remark: "",
        },
        Call {
            com: "EnumDownloads([in] const DO_DOWNLOAD_ENUM_CATEGORY*, [out] IEnumUnknown**)",
            interface: "do-manager",
            wit: "enum-downloads",
            rust: &[
                "Engine::downloads",
                "Category::Id",
                "Category::Uri",
                "Category::ContentId",
                "Category::DisplayName",
                "Category::LocalPath",
            ],
            remark: "A null pointer is no category; only these five properties can be written.",
        },
        Call {
            com: "CoSetProxyBlanket, then CreateDownload",
            interface: "driver",
            wit: "create-download",
            rust: &["Engine::for_caller"],
            remark: "For a host that serves several callers.",
        },
        Call {
            com: "CoSetProxyBlanket, then EnumDownloads",
            interface: "driver",
            wit: "enum-downloads",
            rust: &["Engine::for_caller"],
            remark: "For a host that serves several callers.",
        },
    ],
};

pub(super) const ENUMERATOR: Group = Group {
    title: "IEnumUnknown",
    about: "Its elements are downloads; COM's clients query each IUnknown for IDODownload.",
    calls: &[
        Call {
            com: "Next([in] ULONG, [out] IUnknown**, [out] ULONG*)",
            interface: "do-manager",
            wit: "download-enumerator.next",
            rust: &["Downloads::next"],
            remark: "The length of the list is the number fetched; S_FALSE is a list with fewer elements than requested.",
        },
        Call {
            com: "Skip([in] ULONG)",
            interface: "do-manager",
            wit: "download-enumerator.skip",
            rust: &["Downloads::skip"],
            remark: "S_FALSE is `false`.",
        },
        Call {
            com: "Reset()",
            interface: "do-manager",
            wit: "download-enumerator.reset",
            rust: &["Downloads::reset"],
            remark: "",
        },
        Call {
            com: "Clone([out] IEnumUnknown**)",
            interface: "do-manager",
            wit: "download-enumerator.clone",
            rust: &["Downloads::clone"],
            remark: "",
        },
    ],
};

//! IDODownload's methods, and the callback that its client implements.

use super::{Call, Group};

pub(super) const DOWNLOAD: Group = Group {
    title: "IDODownload",
    about: "The resource `download`, and in Rust a handle that can be cloned. Bytes move while the engine is driven; the crate \
            `haul` does that on a thread of its own.",
    calls: &[
        Call {
            com: "Start([in] const DO_DOWNLOAD_RANGES_INFO*)",
            interface: "do-download",
            wit: "download.start",
            rust: &["Download::start", "StartMode::WholeFile", "StartMode::Ranges", "StartMode::Resume"],
            remark: "A null pointer is `resume`, RangeCount 0 is `whole-file`, and DO_LENGTH_TO_EOF is the case `to-end`.",
        },
        Call {
            com: "Pause()",
            interface: "do-download",
            wit: "download.pause",
            rust: &["Download::pause"],
            remark: "",
        },
        Call {
            com: "Abort()",
            interface: "do-download",
            wit: "download.abort",
            rust: &["Download::abort"],
            remark: "",
        },
        Call {
            com: "Finalize()",
            interface: "do-download",
            wit: "download.finalize",
            rust: &["Download::finalize"],
            remark: "",
        },
        Call {
            com: "GetStatus([out] DO_DOWNLOAD_STATUS*)",
            interface: "do-download",
            wit: "download.get-status",
            rust: &["Download::status"],
            remark: "`Error` and `ExtendedError` are options; S_OK is the absence of one.",
        },
        Call {
            com: "GetProperty([in] DODownloadProperty, [out] VARIANT*)",
            interface: "do-download",
            wit: "download.get-property",
            rust: &["Download::property"],
            remark: "Returns the case of the requested property.",
        },
        Call {
            com: "SetProperty([in] DODownloadProperty, [in] const VARIANT*)",
            interface: "do-download",
            wit: "download.set-property",
            rust: &["Download::set_property"],
            remark: "The case carries both property and value.",
        },
    ],
};

pub(super) const CALLBACK: Group = Group {
    title: "IDODownloadStatusCallback",
    about: "Implemented by the client: a component exports it, a Rust program hands over a value that implements the trait.",
    calls: &[Call {
        com: "OnStatusChange([in] IDODownload*, [in] const DO_DOWNLOAD_STATUS*)",
        interface: "do-download-status-callback",
        wit: "on-status-change",
        rust: &["StatusCallback::on_status_change"],
        remark: "Nothing is returned: the documentation gives the result no meaning.",
    }],
};

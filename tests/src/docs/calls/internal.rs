//! IDODownloadInternal, which older clients use.

use super::{Call, Group};

pub(super) const INTERNAL: Group = Group {
    title: "IDODownloadInternal",
    about: "Deprecated. Its functions borrow the download; COM's clients query the download for the interface.",
    calls: &[
        Call {
            com: "GetPropertyEx([in] DODownloadPropertyEx, [out] VARIANT*)",
            interface: "do-download-internal",
            wit: "get-property-ex",
            rust: &["Download::property_ex"],
            remark: "",
        },
        Call {
            com: "SetPropertyEx([in] DODownloadPropertyEx, [in] VARIANT*)",
            interface: "do-download-internal",
            wit: "set-property-ex",
            rust: &["Download::set_property_ex"],
            remark: "",
        },
    ],
};

const RESERVED: &str = "Reserved: unknown to both calls.";

const fn property(com: &'static str, wit: &'static str, rust: &'static [&'static str], remark: &'static str) -> Call {
    Call { com, interface: "do-download-internal", wit, rust, remark }
}

pub(super) const PROPERTIES: Group = Group {
    title: "DODownloadPropertyEx",
    about: "The properties of IDODownloadInternal, by number.",
    calls: &[
        property("0 UpdateId", "property-ex.update-id", &["PropertyEx::UpdateId"], RESERVED),
        property(
            "1 CorrelationVector: BSTR",
            "property-ex.correlation-vector",
            &["PropertyEx::CorrelationVector"],
            "As 17.",
        ),
        property(
            "2 DecryptionInfo: reserved",
            "property-ex.decryption-info",
            &["PropertyEx::DecryptionInfo"],
            "As 18.",
        ),
        property(
            "3 IntegrityCheckInfo: BSTR",
            "property-ex.integrity-check-info",
            &["PropertyEx::IntegrityCheckInfo"],
            "As 19.",
        ),
        property(
            "4 IntegrityCheckMandatory: BOOL",
            "property-ex.integrity-check-mandatory",
            &["PropertyEx::IntegrityCheckMandatory"],
            "As 20.",
        ),
        property(
            "5 TotalSizeBytes: reserved",
            "property-ex.total-size-bytes",
            &["PropertyEx::TotalSizeBytes"],
            "As 21.",
        ),
        property(
            "6 TempLocalFileUsage",
            "property-ex.temp-local-file-usage",
            &["PropertyEx::TempLocalFileUsage"],
            RESERVED,
        ),
    ],
};

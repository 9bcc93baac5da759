//! The thirty properties of IDODownload.

use super::{Call, Group};

const fn property(com: &'static str, wit: &'static str, rust: &'static [&'static str], remark: &'static str) -> Call {
    Call { com, interface: "do-download", wit, rust, remark }
}

pub(super) const PROPERTIES: Group = Group {
    title: "DODownloadProperty",
    about: "Each with its number and the type of its VARIANT. `Download::property` takes the `PropertyId` of the same name.",
    calls: &[
        property("0 Id: BSTR", "property.id", &["Property::Id", "Download::id"], "Read-only."),
        property("1 Uri: BSTR", "property.uri", &["Property::Uri", "Download::set_uri"], ""),
        property("2 ContentId: BSTR", "property.content-id", &["Property::ContentId"], "The host resolves it."),
        property("3 DisplayName: BSTR", "property.display-name", &["Property::DisplayName"], ""),
        property(
            "4 LocalPath: BSTR",
            "property.local-path",
            &["Property::LocalPath", "Download::set_local_path"],
            "Inside a directory that the host grants.",
        ),
        property("5 HttpCustomHeaders: BSTR", "property.http-custom-headers", &["Property::HttpCustomHeaders"], ""),
        property(
            "6 CostPolicy: UI4",
            "property.cost-policy",
            &["Property::CostPolicy"],
            "An enum in place of a number.",
        ),
        property(
            "7 SecurityFlags: UI4",
            "property.security-flags",
            &["Property::SecurityFlags"],
            "Write-only; flags in place of a number.",
        ),
        property(
            "8 CallbackFreqPercent: UI4",
            "property.callback-freq-percent",
            &["Property::CallbackFreqPercent"],
            "",
        ),
        property(
            "9 CallbackFreqSeconds: UI4",
            "property.callback-freq-seconds",
            &["Property::CallbackFreqSeconds"],
            "",
        ),
        property(
            "10 NoProgressTimeoutSeconds: UI4",
            "property.no-progress-timeout-seconds",
            &["Property::NoProgressTimeoutSeconds", "TransferOptions::no_progress_timeout"],
            "The option has no lower limit.",
        ),
        property("11 ForegroundPriority: BOOL", "property.foreground-priority", &["Property::ForegroundPriority"], ""),
        property("12 BlockingMode: BOOL", "property.blocking-mode", &["Property::BlockingMode"], ""),
        property(
            "13 CallbackInterface: UNKNOWN",
            "property.callback-interface",
            &["Property::CallbackInterface", "Download::on_status_change", "Download::remove_callback"],
            "Whether the exported callback is called; in Rust the callback itself.",
        ),
        property(
            "14 StreamInterface: UNKNOWN",
            "property.stream-interface",
            &["Property::StreamInterface", "Download::set_stream"],
            "Whether a stream is set; `set-stream-interface` sets one.",
        ),
        property(
            "14 StreamInterface: IStream",
            "download.set-stream-interface",
            &["Download::set_stream"],
            "An `output-stream` of WASI; in Rust an `AsyncWrite`.",
        ),
        property(
            "15 SecurityContext: ARRAY of UI1",
            "property.security-context",
            &["Property::SecurityContext"],
            "Write-only; PEM in place of a serialised CERT_CONTEXT.",
        ),
        property("16 NetworkToken: BOOL", "property.network-token", &["Property::NetworkToken"], "Write-only."),
        property("17 CorrelationVector: BSTR", "property.correlation-vector", &["Property::CorrelationVector"], ""),
        property(
            "18 DecryptionInfo: BSTR",
            "property.decryption-info",
            &["Property::DecryptionInfo", "Engine::read_decryption_info"],
            "Write-only; a record, which `read-decryption-info` parses from the JSON text.",
        ),
        property(
            "19 IntegrityCheckInfo: BSTR",
            "property.integrity-check-info",
            &["Property::IntegrityCheckInfo", "Engine::read_integrity_check_info"],
            "Write-only; a record, which `read-integrity-check-info` parses from the JSON text.",
        ),
        property(
            "20 IntegrityCheckMandatory: BOOL",
            "property.integrity-check-mandatory",
            &["Property::IntegrityCheckMandatory"],
            "",
        ),
        property("21 TotalSizeBytes: UI8", "property.total-size-bytes", &["Property::TotalSizeBytes"], ""),
        property("22 DisallowOnCellular: BOOL", "property.disallow-on-cellular", &["Property::DisallowOnCellular"], ""),
        property(
            "23 HttpCustomAuthHeaders: BSTR",
            "property.http-custom-auth-headers",
            &["Property::HttpCustomAuthHeaders"],
            "",
        ),
        property(
            "24 HttpAllowSecureToNonSecureRedirect: BOOL",
            "property.http-allow-secure-to-non-secure-redirect",
            &["Property::HttpAllowSecureToNonSecureRedirect"],
            "",
        ),
        property(
            "25 NonVolatile: BOOL",
            "property.non-volatile",
            &["Property::NonVolatile", "Builder::state_directory"],
            "Needs a state directory.",
        ),
        property(
            "26 HttpRedirectionTarget: BSTR",
            "property.http-redirection-target",
            &["Property::HttpRedirectionTarget"],
            "Read-only.",
        ),
        property(
            "27 HttpResponseHeaders: BSTR",
            "property.http-response-headers",
            &["Property::HttpResponseHeaders"],
            "Read-only.",
        ),
        property(
            "28 HttpServerIPAddress: BSTR",
            "property.http-server-ip-address",
            &["Property::HttpServerIpAddress"],
            "Read-only.",
        ),
        property("29 HttpStatusCode: UI4", "property.http-status-code", &["Property::HttpStatusCode"], "Read-only."),
    ],
};

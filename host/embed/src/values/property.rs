//! The properties of downloads, jobs and files.

#[macro_use]
mod table;
mod file;
mod internal;
mod job;
mod values;

pub use self::file::{FileProperty, FilePropertyId};
pub use self::internal::{PropertyEx, PropertyIdEx};
pub use self::job::{JobProperty, JobPropertyId};
pub use self::values::{CostPolicy, DecryptionInfo, IntegrityCheckInfo, SecurityContext, SecurityFlags};
use crate::bindings::do_download as download;

properties! {
    /// A property of a download: DODownloadProperty. [`Property`] has the meaning, unit, limits and default of each.
    #[non_exhaustive]
    PropertyId = download::PropertyId,
    /// A property of a download with its value.
    ///
    /// After finalize and abort no property can be set. Before that a property can be set at any time, if its text names no states. A
    /// download that is Paused with an extended error, because the engine continues it by itself, counts as Transferring here. Reading a
    /// property without a value fails with E_NOT_SET, unless its text names a default.
    #[derive(Clone, PartialEq, Eq)]
    #[non_exhaustive]
    Property = download::Property,
    {
        /// GUID text, assigned at creation. Read-only.
        Id(String),
        /// An absolute http or https URL, at most 8,192 bytes. Settable in Created and Paused. One that is set while paused is a new URL for the
        /// same content: received bytes are kept if a strong validator, a digest or pieces prove it.
        Uri(String),
        /// The id of the content, for an engine with [`Builder::resolve_content`](crate::Builder::resolve_content): 1 to 512 visible ASCII
        /// characters. Required if there is no URL; beside one it adds sources and digests. Settable in Created.
        ContentId(String),
        /// At most 256 UTF-16 code units. Default: none.
        DisplayName(String),
        /// The local file: a path in a granted directory; a relative one counts from the current directory. Settable in Created, and not beside a
        /// stream. It reads back as an absolute path with the real names of its directories. If the origin may name the file
        /// ([`TransferOptions::origin_names`](crate::TransferOptions::origin_names)), that name replaces the last component.
        LocalPath(String),
        /// Request headers, `Name: value` lines that end with CR LF, at most 16 KiB. They are sent to the origin of the URL; after a redirect to
        /// another origin only Accept, Accept-Language, User-Agent and Referer are sent. Headers that the engine sets itself (Range, If-Range, Host
        /// and the like) are refused. Settable in all states but Transferring. Default: none.
        HttpCustomHeaders(String),
        /// The networks on which the download runs. On others it is Paused with the extended error DO_E_BLOCKED_BY_COST_TRANSFER_POLICY, and the
        /// engine continues it when [`Engine::set_network`](crate::Engine::set_network) reports a network that it may use. Default:
        /// [`CostPolicy::Always`] in the foreground, else [`CostPolicy::Standard`].
        CostPolicy(CostPolicy),
        /// Write-only. The faults of the origin's certificate that are accepted, if the policy permits it. Default: none. Settable in Created and
        /// Paused.
        SecurityFlags(SecurityFlags),
        /// The progress that causes another status event, in percent of the whole, 0 to 100. With zero, the default, only time decides.
        CallbackFreqPercent(u32),
        /// Seconds between two status events while bytes arrive. Default: 1. With zero there is an event as often as the listener takes one.
        CallbackFreqSeconds(u32),
        /// Seconds without a byte after which the download fails with DO_E_DOWNLOAD_NO_PROGRESS: at least 60. Zero, the default, stands for 1,800 in
        /// the foreground and 10,800 in the background. Applies from the next start.
        NoProgressTimeoutSeconds(u32),
        /// Foreground downloads start before background ones and get four times their share of a limited rate. Takes effect at once. Default:
        /// false.
        ForegroundPriority(bool),
        /// [`Download::start`](crate::Download::start) returns only when the download is transferred or has stopped. Default: false.
        BlockingMode(bool),
        /// Whether the download has a callback: [`Download::on_status_change`](crate::Download::on_status_change) sets it. Default: false.
        CallbackInterface(bool),
        /// Whether the bytes go to a stream: [`Download::set_stream`](crate::Download::set_stream) sets it, and `false` removes it. Settable in
        /// Created. Default: false.
        StreamInterface(bool),
        /// Write-only. A client certificate for TLS: PEM text of the certificate, its chain and its private key, at most 64 KiB; empty removes it.
        /// Settable in Created and Paused. CRYPT_E_FILE_ERROR if it cannot be parsed. Default: none.
        SecurityContext(SecurityContext),
        /// Write-only. Requests carry the token of [`Builder::network_token`](crate::Builder::network_token) for the caller and the origin.
        /// Settable in Created and Paused. Default: false.
        NetworkToken(bool),
        /// For tracing: sent as the field MS-CV to the origin of the URL. 1 to 128 visible ASCII characters. Default: none.
        CorrelationVector(String),
        /// Write-only. The content is encrypted, and the engine writes it decrypted; [`DecryptionInfo`] has the format. Byte counts are those of the
        /// encrypted content. Settable in Created. Default: none.
        DecryptionInfo(DecryptionInfo),
        /// Write-only. The source of the digests of the content's pieces: each piece is verified, and only a bad one is fetched again. Not used for
        /// ranges. Settable in Created and Paused. Default: none.
        IntegrityCheckInfo(IntegrityCheckInfo),
        /// Whether the digests of [`Property::IntegrityCheckInfo`] are required. If they are unavailable, with `true` the download fails with
        /// DO_E_INTEGRITYCHECKINFO_UNAVAILABLE, and with `false` it continues without them. Settable in Created and Paused. Default: false.
        IntegrityCheckMandatory(bool),
        /// The size of the local file in bytes. The caller may announce it; the size that the origin declares replaces it.
        TotalSizeBytes(u64),
        /// Never on a cellular network, even if the cost policy allows it: there the download is Paused with the extended error
        /// DO_E_BLOCKED_BY_CELLULAR_POLICY, and the engine continues it on another network. Default: false.
        DisallowOnCellular(bool),
        /// Like [`Property::HttpCustomHeaders`], but sent only after the origin of the URL has answered 401 or 407.
        HttpCustomAuthHeaders(String),
        /// Whether a redirect from https to http is followed. Default: false.
        HttpAllowSecureToNonSecureRedirect(bool),
        /// The download survives the engine: the next one that opens the same state directory has it, Paused if it was transferring. E_NOTIMPL
        /// without [`Builder::state_directory`](crate::Builder::state_directory), and for a download with a stream. Default: false.
        NonVolatile(bool),
        /// The URL that gave the last response, if it is not the one that was set. Read-only.
        HttpRedirectionTarget(String),
        /// The header fields of the last response in the order of their arrival: `name: value` lines that end with CR LF, without the status line.
        /// Names are in lower case, as HTTP/2 has them and the interfaces of WASI deliver them; values are unchanged. Read-only.
        HttpResponseHeaders(String),
        /// The address of the server that gave the last response, without its port; unknown behind a proxy. Read-only.
        HttpServerIpAddress(String),
        /// The status of the last response. Read-only.
        HttpStatusCode(u32),
    }
}

debug_as_id!(Property);

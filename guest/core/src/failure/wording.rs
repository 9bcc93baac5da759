//! Wording of causes: description and advice.

use alloc::borrow::Cow;
use alloc::format;

use super::{Cause, CertificateCause, DiskCause, NetworkCause};

impl Cause {
    /// A description as a predicate; the sentence starts with the URL or path.
    pub fn description(self) -> Cow<'static, str> {
        let text = match self {
            Self::InvalidArgument => "an argument is not valid",
            Self::ReservedField => "a request header is one that the engine sets itself",
            Self::InvalidState => "the download is in a state that does not allow this",
            Self::ReadOnlyProperty => "the property cannot be set",
            Self::WriteOnlyProperty => "the property cannot be read",
            Self::UnknownProperty => "there is no such property",
            Self::NotSet => "the property has no value yet",
            Self::NotSupported => "the host cannot do what this needs",
            Self::NoDownloads => "there is no such download",
            Self::TooManyDownloads => "the engine holds as many downloads as it may",
            Self::JobNotFound => "there is no such job",
            Self::JobEmpty => "the job has no file to fetch",
            Self::JobTooOld => "the job was cancelled because nobody completed or changed it for 30 days",
            Self::TooManyJobs => "the caller has as many jobs as it may",
            Self::TooManyJobsOfAll => "the engine holds as many jobs as it may",
            Self::TooManyFiles => "the job has as many files as it may",
            Self::TooManyRanges => "the file has more ranges than it may",
            Self::NotOwner => "the job belongs to another caller",
            Self::TextTooLong => "the text is too long",
            Self::RemoteNameInvalid => "the remote name is not a URL of at most 2,200 characters that can be fetched",
            Self::LocalNameInvalid => "the local name is not a path that a file can have",
            Self::LocalNameTaken => "another download or job of this engine has this file",
            Self::FileIdInvalid => "the file id is empty, too long or not of visible characters alone",
            Self::FileIdTaken => "another file of the job has this file id",
            Self::MemoryStream => "a memory stream cannot take a file",
            Self::NoErrorInformation => "the job has no error",
            Self::NoErrorFile => "the error is no matter of one file",
            Self::NoErrorProtocol => "the error is no matter of a protocol",
            Self::LanguageMissing => "the text is not there in this language",
            Self::InvalidUrl => "not a URL that can be fetched",
            Self::NoUri => "the download has no URL",
            Self::NoLocalPath => "the download has no local path",
            Self::SinkAlreadySet => "a local path and a stream cannot both take the bytes",
            Self::InvalidContentId => "the content id is not valid",
            Self::RangesExpected => "nothing to resume: the download was never started",
            Self::RangesUnexpected => "only the whole file can be had here, not ranges of it",
            Self::InvalidRange => "a range is empty or reaches beyond the end of the file",
            Self::OverlappingRanges => "two ranges share bytes",
            Self::IntegrityInfoUnspecified => "the integrity check is mandatory, and there is nothing to check against",
            Self::IntegrityInfoUnavailable => "the integrity check is mandatory, and its piece-hash file cannot be had",
            Self::ClientCertificateInvalid => "the client certificate cannot be read",
            Self::ProxyListTooLarge => "the list of proxies is too long",
            Self::ProxyBypassListTooLarge => "the list of hosts without proxy is too long",
            Self::InvalidProxyInfo => "the list of proxies, or of hosts without proxy, cannot be read",
            Self::HttpStatus(status) => return format!("the origin answered {status}").into(),
            Self::UnexpectedSuccess(status) => {
                return format!("the origin answered {status}, which carries no file").into();
            }
            Self::RangesNotSupported => "the origin does not serve ranges",
            Self::VersionNotProven => "nothing proves that the ranges are of one version of the file",
            Self::BodyLengthMismatch => "the origin sent another number of bytes than it declared",
            Self::ContentKeepsChanging => "the content changed on every try",
            Self::AnotherVersion => "the origin answered with another version",
            Self::PageInstead => "an HTML page came in the place of the file",
            Self::LengthDiffers => "the content has another length than was described",
            Self::FileTooLarge => "the file is larger than the given limit",
            Self::PieceMismatch => "a piece does not have the expected digest",
            Self::EncryptionExpected => "the content is not encrypted with the given key",
            Self::Undecryptable => "the encrypted content was changed or cut off",
            Self::TooManyRedirects => "too many redirects",
            Self::RedirectInvalid => "a redirect leads to no usable URL",
            Self::RedirectInsecure => "a redirect leads from https to http",
            Self::Network(cause) => cause.description(),
            Self::Certificate(cause) => cause.description(),
            Self::NoProgress => "no byte arrived within the time limit",
            Self::NoNetwork => "there is no network",
            Self::Disk(cause) => cause.description(),
            Self::PartialGone => "the partial file has gone",
            Self::StateUnusable => {
                "the ledger in the state directory was damaged or of another version, and is set aside"
            }
            Self::StreamFailed => "the stream that takes the bytes failed",
            Self::StreamNotRepeatable => {
                "the content has to be fetched anew, and bytes that a stream has taken cannot be taken back"
            }
            Self::DigestMismatch(algorithm) => {
                return format!("the content does not match the expected {}", algorithm.name()).into();
            }
            Self::TargetDiffers => "the target exists and is another file, or another version of this one",
            Self::TargetUnproven => "the target exists, and nothing proves that it is this file",
            Self::Metalink(unusable) => unusable.description(),
            Self::PieceHashFile(unusable) => unusable.description(),
            Self::Refused(rule) => rule.description(),
            Self::BlockedByCost => "the download's cost policy does not allow this network",
            Self::BlockedByCellular => "the download may not use a cellular network",
            Self::NoService => "the engine is not open",
            Self::Engine => "the engine met an unexpected answer from its host",
        };
        text.into()
    }

    /// The user's remedy.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::ReservedField => {
                "leave it out; ranges are asked for when the download starts, with --range at a prompt"
            }
            Self::InvalidUrl => "give an absolute http or https URL",
            Self::NoUri => "set the URL before starting",
            Self::NoLocalPath => "set the local path before starting",
            Self::SinkAlreadySet => "choose one of them, in a new download",
            Self::InvalidContentId => "give 1 to 512 visible ASCII characters without a space",
            Self::NotSupported => "do without it, or use a host that can",
            Self::NoDownloads => "create a download, or look for other properties",
            Self::TooManyDownloads => "finalize or abort some of them first",
            Self::JobNotFound => "list the jobs, or create one",
            Self::JobEmpty => "add a file first",
            Self::JobTooOld => "create the job anew",
            Self::TooManyJobs | Self::TooManyJobsOfAll => "complete or cancel some of them first",
            Self::TooManyFiles => "put the file in another job",
            Self::TooManyRanges => "ask for fewer or longer ranges",
            Self::NotOwner => "ask as the caller that created it",
            Self::TextTooLong => "shorten it",
            Self::RemoteNameInvalid => "write an absolute http or https URL",
            Self::LocalNameInvalid => "give the path of a file",
            Self::LocalNameTaken => "choose another path, or end the other one first",
            Self::FileIdInvalid => "use at most 4,096 visible ASCII characters",
            Self::FileIdTaken => "use an id that no other file of the job has",
            Self::MemoryStream => "give the file a path",
            Self::NoErrorInformation => "ask when the job is in error or transient-error",
            Self::NoErrorFile | Self::NoErrorProtocol => "look at the error's code",
            Self::LanguageMissing => "ask for English, 0x0409",
            Self::RangesUnexpected => "ask for the whole file",
            Self::IntegrityInfoUnspecified => "say where the piece-hash file is, or do not make the check mandatory",
            Self::IntegrityInfoUnavailable => "check the URL and the digest of the piece-hash file",
            Self::ClientCertificateInvalid => {
                "give PEM text with certificates of X.509 version 3 and the one private key"
            }
            Self::ProxyListTooLarge | Self::ProxyBypassListTooLarge => "give at most 4,000 characters",
            Self::InvalidProxyInfo => {
                "list proxies as http://host:port, and hosts by name, address, *.domain or <local>"
            }
            Self::EncryptionExpected => "check the key and the buffer size, or fetch without them",
            Self::Undecryptable => "fetch from a source you trust",
            Self::NoNetwork => "connect to a network",
            Self::BlockedByCost => "change to another network, or change the download's cost policy",
            Self::BlockedByCellular => "change to another network, or allow cellular ones",
            Self::PartialGone => "start it again: it is fetched from the beginning",
            Self::StateUnusable => {
                "open it again: what could be read is there; queue.haul.damaged is the file that was set aside"
            }
            Self::StreamFailed => "see why the stream failed; start again to go on",
            Self::StreamNotRepeatable => "start the download again with a fresh stream",
            Self::RangesExpected => "start with a range or the whole file first",
            Self::InvalidRange => "ask for bytes inside the file",
            Self::OverlappingRanges => "ask for each byte once",
            Self::HttpStatus(401 | 403) => "check the URL and the credentials sent with it",
            Self::HttpStatus(404 | 410) => "check the URL",
            Self::HttpStatus(_) | Self::UnexpectedSuccess(_) => "try again later or from another source",
            Self::RangesNotSupported | Self::VersionNotProven => "ask for the whole file",
            Self::RedirectInsecure => "use the http URL itself if that is acceptable",
            Self::TooManyRedirects | Self::RedirectInvalid => "ask the origin's operator",
            Self::BodyLengthMismatch | Self::ContentKeepsChanging | Self::AnotherVersion => {
                "start it again when the origin is stable"
            }
            Self::PageInstead => "sign in to the network; if the page is wanted, start afresh",
            Self::FileTooLarge => "raise the limit if the file is wanted, with --max-filesize at a prompt",
            Self::LengthDiffers | Self::PieceMismatch => {
                "check what describes the file, or fetch from a source you trust"
            }
            Self::Network(NetworkCause::CertificateInvalid)
            | Self::Certificate(CertificateCause::Expired | CertificateCause::NotYetValid) => {
                "check the clock and the certificate of the origin"
            }
            Self::Certificate(CertificateCause::UnknownIssuer) => {
                "add the authority to those that are trusted, if you trust it"
            }
            Self::Certificate(CertificateCause::RevocationUnknown) => "give a revocation list that is in force",
            Self::Certificate(CertificateCause::WrongName) => "check the host in the URL",
            Self::Certificate(CertificateCause::NotPinned) => "ask the origin's operator whether its key has changed",
            Self::Certificate(_) => "ask the origin's operator",
            Self::Network(NetworkCause::ClientCertificateRefused) => "give a client certificate that the origin takes",
            Self::Network(NetworkCause::TlsVersion | NetworkCause::TlsParameters) => {
                "ask the origin's operator for TLS 1.2 or later"
            }
            Self::Network(_) | Self::NoProgress => "start it again to go on from here",
            Self::Disk(DiskCause::NoSpace | DiskCause::QuotaExceeded) => {
                "free some space and start it again to go on from here"
            }
            Self::Disk(DiskCause::NotFound) => "check the path, and start it again",
            Self::Disk(DiskCause::Busy) => "wait for the other one, or stop it",
            Self::Disk(DiskCause::TargetExists) | Self::TargetDiffers => {
                "allow it to be replaced, with --overwrite at a prompt, or choose another path"
            }
            Self::TargetUnproven => {
                "prove it with a digest (--checksum at a prompt), allow it to be replaced (--overwrite), or choose another path"
            }
            Self::Disk(_) => "check the path and its permissions",
            Self::DigestMismatch(_) => "check the expected digest, or fetch from a source you trust",
            Self::Metalink(_) | Self::PieceHashFile(_) => "get the document from its publisher again",
            Self::Refused(rule) => rule.advice(),
            Self::NoService => "open the engine first",
            Self::InvalidArgument
            | Self::InvalidState
            | Self::ReadOnlyProperty
            | Self::WriteOnlyProperty
            | Self::UnknownProperty
            | Self::NotSet => "see the documentation of the call",
            Self::Engine => "report this with what led to it",
        }
    }
}

impl NetworkCause {
    const fn description(self) -> &'static str {
        match self {
            Self::NameNotResolved => "the host name was not found",
            Self::ConnectFailed => "the origin could not be reached",
            Self::ConnectionLost => "the connection was lost",
            Self::TimedOut => "the origin did not answer in time",
            Self::CertificateInvalid => "the origin's certificate is not valid",
            Self::TlsFailed => "the secure connection could not be made",
            Self::ProtocolViolated => "the origin's answer is not valid HTTP",
            Self::HeadersTooLarge => "the origin's headers are too large",
            Self::FramingBroken => "the origin's answer does not end where its framing says",
            Self::TransferCodingUnsupported => "the origin uses a transfer coding other than \"chunked\"",
            Self::TlsVersion => "the origin speaks no version of TLS that is safe",
            Self::TlsParameters => "the origin speaks no cipher suite that is safe",
            Self::ClientCertificateRefused => "the origin does not take the client certificate",
        }
    }
}

impl CertificateCause {
    const fn description(self) -> &'static str {
        match self {
            Self::Expired => "the origin's certificate has expired",
            Self::NotYetValid => "the origin's certificate is not valid yet",
            Self::WrongName => "the origin's certificate is for another host",
            Self::UnknownIssuer => "the origin's certificate is by an authority that is not trusted",
            Self::Revoked => "the origin's certificate is revoked",
            Self::RevocationUnknown => "whether the origin's certificate is revoked is not known",
            Self::WrongUsage => "the origin's certificate is not meant for servers",
            Self::BadSignature => "the origin does not have the key of its certificate",
            Self::NotPinned => "the origin's key is not the one that is pinned",
        }
    }
}

impl DiskCause {
    const fn description(self) -> &'static str {
        match self {
            Self::NoSpace => "the disk is full",
            Self::QuotaExceeded => "the disk quota is used up",
            Self::ReadOnly => "the file system is read-only",
            Self::Denied => "permission to write was denied",
            Self::NotFound => "a file or directory on the way does not exist",
            Self::TargetExists => "the target exists",
            Self::NotAFile => "the target is not a regular file",
            Self::InvalidName => "the file name cannot be used here",
            Self::Busy => "another process is downloading to this target",
            Self::Io => "the disk reported an error",
        }
    }
}

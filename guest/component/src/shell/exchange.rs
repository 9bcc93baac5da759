//! One HTTP exchange: a request sent, a head awaited, a body moved to a file without entering this component's memory.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use haul_core::border::identity::AttemptId;
use haul_core::border::input::{End, Input};
use haul_core::border::output::Request;
use haul_core::failure::{Cause, DiskCause, NetworkCause, Rule};
use haul_core::http::exchange_fields::{self, is_private};
use haul_core::http::head::Head;
use haul_core::parse::url;
use wasip2::filesystem::types::filesystem_error_code;
use wasip2::http::outgoing_handler;
use wasip2::http::types::{
    ErrorCode, Fields, FutureIncomingResponse, IncomingBody, IncomingResponse, OutgoingRequest, RequestOptions, Scheme,
    http_error_code,
};
use wasip2::io::poll::Pollable;
use wasip2::io::streams::{InputStream, OutputStream, StreamError};

use super::disk;

/// Bytes of one body that the host is asked to write back together, so that the sync at the end finds little to write.
const WRITE_BACK: u64 = 8 << 20;

/// Fields are in an order that drops child resources before their parents.
pub enum Exchange {
    AwaitingHead { pollable: Pollable, response: FutureIncomingResponse },
    Body(Body),
}

pub struct Body {
    output: Option<Output>,
    pollable: Pollable,
    stream: InputStream,
    _body: IncomingBody,
    _response: IncomingResponse,
}

/// The output to the partial file.
struct Output {
    stream: OutputStream,
    /// Offset of the next byte.
    at: u64,
    /// Offset from which the host was not yet asked to write back.
    behind: u64,
    /// Offset up to which the host was asked to reserve room.
    reserved: u64,
}

/// The result of moving bytes of a body.
pub enum Moved {
    Bytes(u64),
    Ended(End),
}

impl Exchange {
    /// `private`: the request may carry fields for the driver, which removes them. If it is not set, such fields are not sent.
    pub fn send(request: &Request, private: bool) -> Result<Self, Cause> {
        let options = request_options(request.timeout);
        let response = outgoing_handler::handle(outgoing(request, private)?, Some(options))
            .map_err(|code| network(&code, private))?;
        Ok(Self::AwaitingHead { pollable: response.subscribe(), response })
    }

    pub fn pollable(&self) -> &Pollable {
        match self {
            Self::AwaitingHead { pollable, .. } | Self::Body(Body { pollable, .. }) => pollable,
        }
    }

    /// The head, once it has arrived; from then on the exchange is a [`Body`].
    ///
    /// `private`: the head may carry fields of the driver. If it is not set, such fields are not trusted and are dropped.
    pub fn head(self, private: bool) -> Result<(Head, Self), Cause> {
        let Self::AwaitingHead { pollable, response: future } = self else { return Err(Cause::Engine) };
        drop(pollable);
        let response = match future.get() {
            Some(Ok(Ok(response))) => response,
            Some(Ok(Err(code))) => return Err(network(&code, private)),
            Some(Err(())) | None => return Err(Cause::Engine),
        };
        drop(future);
        let head = Head { status: response.status(), fields: fields(&response, private) };
        let body = response.consume().map_err(|()| Cause::Engine)?;
        let stream = body.stream().map_err(|()| Cause::Engine)?;
        let pollable = stream.subscribe();
        Ok((head, Self::Body(Body { output: None, pollable, stream, _body: body, _response: response })))
    }
}

impl Body {
    /// Moves available bytes to `offset` of the partial file.
    pub fn write(
        &mut self,
        offset: u64,
        limit: u64,
        open: impl FnOnce(u64) -> Result<OutputStream, DiskCause>,
    ) -> Moved {
        let mut output = match self.output.take() {
            Some(output) if output.at == offset => output,
            _ => match open(offset) {
                Ok(stream) => Output { stream, at: offset, behind: offset, reserved: offset },
                Err(cause) => return Moved::Ended(End::Failed(Cause::Disk(cause))),
            },
        };
        match output.stream.blocking_splice(&self.stream, limit) {
            Ok(bytes) => {
                output.at += bytes;
                self.output = Some(output);
                Moved::Bytes(bytes)
            }
            Err(error) => Moved::Ended(end(error)),
        }
    }

    /// Offset and length of written bytes that may not be on disk, once there are enough of them. Each byte is returned once.
    pub fn take_dirty(&mut self) -> Option<(u64, u64)> {
        let output = self.output.as_mut()?;
        let (offset, length) = (output.behind, output.at - output.behind);
        if length < WRITE_BACK {
            return None;
        }
        output.behind = output.at;
        Some((offset, length))
    }

    /// The offset from which to reserve room, once half of a window of this length is used. Each window is returned once.
    pub fn take_room(&mut self, window: u64) -> Option<u64> {
        let output = self.output.as_mut()?;
        if output.at + window / 2 < output.reserved {
            return None;
        }
        let from = output.reserved.max(output.at);
        output.reserved = from + window;
        Some(from)
    }

    pub const fn stream(&self) -> &InputStream {
        &self.stream
    }

    /// Reads at most `limit` bytes into memory.
    pub fn collect(&self, limit: u64) -> Result<Vec<u8>, End> {
        self.stream.read(limit).map_err(end)
    }

    pub fn skip(&mut self, limit: u64) -> Moved {
        match self.stream.skip(limit) {
            Ok(bytes) => Moved::Bytes(bytes),
            Err(error) => Moved::Ended(end(error)),
        }
    }

    /// Reads the end of a body of which no more bytes are expected.
    pub fn drain(&mut self) -> Moved {
        match self.stream.read(1) {
            Ok(bytes) if bytes.is_empty() => Moved::Bytes(0),
            Ok(_) => Moved::Ended(End::TooLong),
            Err(error) => Moved::Ended(end(error)),
        }
    }
}

pub fn failed(attempt: AttemptId, cause: Cause) -> Input {
    Input::Ended { attempt, end: End::Failed(cause) }
}

fn request_options(timeout: Duration) -> RequestOptions {
    let options = RequestOptions::new();
    let nanos = u64::try_from(timeout.as_nanos()).unwrap_or(u64::MAX);
    let _ = options.set_connect_timeout(Some(nanos));
    let _ = options.set_first_byte_timeout(Some(nanos));
    let _ = options.set_between_bytes_timeout(Some(nanos));
    options
}

fn outgoing(request: &Request, private: bool) -> Result<OutgoingRequest, Cause> {
    let fields = request.fields.iter().filter(|(name, _)| private || !is_private(name));
    let list: Vec<(String, Vec<u8>)> = fields.map(|(name, value)| (name.clone(), value.as_bytes().to_vec())).collect();
    let fields = Fields::from_list(&list).map_err(|_| Cause::InvalidArgument)?;
    let outgoing = OutgoingRequest::new(fields);
    let scheme = match request.scheme {
        url::Scheme::Http => Scheme::Http,
        url::Scheme::Https => Scheme::Https,
    };
    let parts = outgoing
        .set_scheme(Some(&scheme))
        .and_then(|()| outgoing.set_authority(Some(&request.authority)))
        .and_then(|()| outgoing.set_path_with_query(Some(&request.path_and_query)));
    parts.map_err(|()| Cause::InvalidUrl)?;
    Ok(outgoing)
}

fn fields(response: &IncomingResponse, private: bool) -> Vec<(String, String)> {
    let entries = response.headers().entries().into_iter().filter(|(name, _)| private || !is_private(name));
    entries.map(|(name, value)| (name.to_ascii_lowercase(), text(&value))).collect()
}

fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value).to_string()
}

pub fn end(error: StreamError) -> End {
    match error {
        StreamError::Closed => End::Complete,
        StreamError::LastOperationFailed(error) => {
            let disk = filesystem_error_code(&error).map(|code| Cause::Disk(disk::cause(code)));
            let http = || http_error_code(&error).map(|code| network(&code, false));
            End::Failed(disk.or_else(http).unwrap_or(Cause::Network(NetworkCause::ConnectionLost)))
        }
    }
}

/// `private`: an error may carry the driver's own words, which are trusted.
fn network(code: &ErrorCode, private: bool) -> Cause {
    if let ErrorCode::InternalError(Some(words)) = code
        && private
        && let Some(cause) = exchange_fields::insecure(words)
    {
        return cause;
    }
    if let ErrorCode::HttpRequestHeaderSize(Some(field)) = code
        && let Some(cause) = field.field_name.as_deref().and_then(exchange_fields::unusable)
    {
        return cause;
    }
    if let ErrorCode::InternalError(Some(text)) = code
        && let Some(rule) = Rule::read(text)
    {
        return Cause::Refused(rule);
    }
    let cause = match code {
        ErrorCode::HttpRequestDenied => return Cause::Refused(Rule::Unnamed),
        ErrorCode::DestinationIpProhibited => return Cause::Refused(Rule::Address),
        ErrorCode::HttpRequestUriInvalid => return Cause::InvalidUrl,
        ErrorCode::DnsTimeout | ErrorCode::DnsError(_) | ErrorCode::DestinationNotFound => {
            NetworkCause::NameNotResolved
        }
        ErrorCode::ConnectionRefused
        | ErrorCode::DestinationUnavailable
        | ErrorCode::DestinationIpUnroutable
        | ErrorCode::ConnectionLimitReached => NetworkCause::ConnectFailed,
        ErrorCode::ConnectionTimeout
        | ErrorCode::ConnectionReadTimeout
        | ErrorCode::ConnectionWriteTimeout
        | ErrorCode::HttpResponseTimeout => NetworkCause::TimedOut,
        ErrorCode::TlsCertificateError => NetworkCause::CertificateInvalid,
        ErrorCode::TlsProtocolError | ErrorCode::TlsAlertReceived(_) => NetworkCause::TlsFailed,
        ErrorCode::HttpResponseHeaderSectionSize(_) | ErrorCode::HttpResponseHeaderSize(_) => {
            NetworkCause::HeadersTooLarge
        }
        ErrorCode::HttpResponseTransferCoding(None) => NetworkCause::TransferCodingUnsupported,
        ErrorCode::HttpResponseTransferCoding(Some(_)) => NetworkCause::FramingBroken,
        ErrorCode::HttpProtocolError | ErrorCode::HttpResponseContentCoding(_) | ErrorCode::HttpUpgradeFailed => {
            NetworkCause::ProtocolViolated
        }
        _ => NetworkCause::ConnectionLost,
    };
    Cause::Network(cause)
}

//! From the errors of the HTTP stack to those of wasi-http.

use std::error::Error as StdError;
use std::io;

use hyper_util::client::legacy;
use wasmtime_wasi_http::Error;
use wasmtime_wasi_http::p2::bindings::http::types::ErrorCode;

use super::connector::Unreachable;
use super::exchange_fields::CLIENT_CERTIFICATE;

/// A field of the exchange that cannot be used: the error names it. `reason` never holds its value.
pub fn unusable(field: &str, reason: &str) -> Error {
    tracing::debug!(field, reason, "a field of the exchange cannot be used");
    Error::HttpRequestHeaderSize { field_name: Some(field.into()), field_size: None }
}

pub fn client_certificate(reason: &str) -> Error {
    unusable(CLIENT_CERTIFICATE, reason)
}

pub fn no_revocation_lists() -> Error {
    tracing::debug!("revocation is asked for, and there are no lists");
    Error::TlsCertificateError
}

pub fn no_certificates(reason: &str) -> Error {
    tracing::warn!(reason, "the system's root certificates cannot be used");
    Error::TlsCertificateError
}

/// Why no response came.
pub fn of_request(error: &legacy::Error) -> Error {
    tracing::debug!(%error, source = ?error.source(), "request failed");
    if let Some(tls) = cause::<rustls::Error>(error) {
        return of_tls(tls);
    }
    if is_silent_proxy(error) {
        return Error::DestinationUnavailable;
    }
    if error.is_connect() {
        return match cause::<io::Error>(error).map(io::Error::kind) {
            Some(io::ErrorKind::ConnectionRefused) => Error::ConnectionRefused,
            Some(io::ErrorKind::TimedOut) => Error::ConnectionTimeout,
            Some(io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable) => Error::DestinationUnavailable,
            _ if is_name_failure(error) => Error::DnsError { rcode: None, info_code: None },
            _ => Error::DestinationUnavailable,
        };
    }
    match cause::<hyper::Error>(error) {
        Some(hyper) if hyper.is_parse_too_large() => Error::HttpResponseHeaderSectionSize(None),
        Some(hyper) if hyper.is_parse() => Error::HttpProtocolError,
        _ => Error::ConnectionTerminated,
    }
}

/// Whether a proxy did not answer: nothing was sent then.
pub fn is_silent_proxy(error: &legacy::Error) -> bool {
    cause::<Unreachable>(error).is_some()
}

/// Whether a proxy makes tunnels only for those whom it knows.
pub fn is_proxy_for_others(error: &legacy::Error) -> bool {
    says(error, "proxy authorization required")
}

/// Why a body broke off.
pub fn of_hyper(error: &hyper::Error) -> ErrorCode {
    if error.is_parse() { ErrorCode::HttpProtocolError } else { ErrorCode::ConnectionTerminated }
}

/// Why there is no secure connection. What an origin thinks of the client's certificate counts as a matter of certificates too.
pub fn of_tls(error: &rustls::Error) -> Error {
    use rustls::AlertDescription as Alert;
    match error {
        rustls::Error::InvalidCertificate(reason) => {
            tracing::debug!(?reason, "the origin's certificate is refused");
            Error::TlsCertificateError
        }
        rustls::Error::InvalidCertRevocationList(reason) => {
            tracing::debug!(?reason, "a revocation list cannot be trusted");
            Error::TlsCertificateError
        }
        rustls::Error::NoCertificatesPresented => Error::TlsCertificateError,
        rustls::Error::AlertReceived(
            alert @ (Alert::CertificateRequired
            | Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA),
        ) => {
            tracing::debug!(?alert, "the origin refuses the client's certificate");
            Error::TlsCertificateError
        }
        _ => Error::TlsProtocolError,
    }
}

fn is_name_failure(error: &legacy::Error) -> bool {
    says(error, "dns error")
}

/// For causes whose types are not public.
fn says(error: &legacy::Error, words: &str) -> bool {
    chain(error).any(|cause| cause.to_string().contains(words))
}

/// The innermost cause of type `E`.
fn cause<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    chain(error).filter_map(|cause| cause.downcast_ref::<E>()).last()
}

/// The error and its causes. An I/O error that wraps another names the cause of that one as its own, so it is unwrapped first.
fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'a (dyn StdError + 'static) = *error;
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        wrapped.map(|inner| inner as &(dyn StdError + 'static)).or_else(|| error.source())
    })
}

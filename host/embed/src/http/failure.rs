//! From the errors of the HTTP stack to those of wasi-http.

use std::error::Error as StdError;
use std::io;

use hyper_util::client::legacy;
use rustls::{CertificateError, OtherError};
use wasmtime_wasi_http::Error;
use wasmtime_wasi_http::p2::bindings::http::types::ErrorCode;

use super::connector::{Unreachable, WantsCredentials};
use super::dialer::{Prohibited, Unresolved};
use super::exchange_fields::CLIENT_CERTIFICATE;
use super::framing::BrokenFraming;
use super::tls::NotPinned;

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
    refusal("certificate-revocation-unknown")
}

pub fn no_certificates(reason: &str) -> Error {
    tracing::warn!(reason, "the system's root certificates cannot be used");
    Error::TlsCertificateError
}

/// Why no response came.
pub fn of_request(error: &legacy::Error) -> Error {
    tracing::debug!(%error, source = ?error.source(), "request failed");
    if cause::<Prohibited>(error).is_some() {
        return Error::DestinationIpProhibited;
    }
    if is_silent_proxy(error) {
        return Error::DestinationUnavailable;
    }
    if let Some(tls) = cause::<rustls::Error>(error) {
        return of_tls(tls);
    }
    if error.is_connect() {
        return match cause::<io::Error>(error).map(io::Error::kind) {
            Some(io::ErrorKind::ConnectionRefused) => Error::ConnectionRefused,
            Some(io::ErrorKind::TimedOut) => Error::ConnectionTimeout,
            Some(io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable) => Error::DestinationUnavailable,
            _ if cause::<Unresolved>(error).is_some() => Error::DnsError { rcode: None, info_code: None },
            _ => Error::DestinationUnavailable,
        };
    }
    if cause::<BrokenFraming>(error).is_some()
        || cause::<io::Error>(error).is_some_and(|error| error.kind() == io::ErrorKind::InvalidData)
    {
        return Error::HttpProtocolError;
    }
    match cause::<hyper::Error>(error) {
        Some(hyper) if hyper.is_parse_too_large() => Error::HttpResponseHeaderSectionSize(None),
        Some(hyper) if hyper.is_parse() => Error::HttpProtocolError,
        _ => Error::ConnectionTerminated,
    }
}

/// Whether a proxy did not answer: nothing was sent then.
pub fn is_silent_proxy(error: &legacy::Error) -> bool {
    cause::<Unreachable>(error).is_some() && cause::<Prohibited>(error).is_none()
}

/// Whether a proxy makes tunnels only for those whom it knows.
pub fn is_proxy_for_others(error: &legacy::Error) -> bool {
    cause::<WantsCredentials>(error).is_some()
}

/// Why a body broke off.
pub fn of_body(error: &hyper::Error) -> Error {
    tracing::debug!(%error, source = ?error.source(), "body broke off");
    if cause::<rustls::Error>(error).is_some() {
        return Error::ConnectionTerminated;
    }
    let is_broken =
        |error: &io::Error| matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput);
    match cause::<io::Error>(error) {
        Some(error) if is_broken(error) => broken_framing(),
        _ if error.is_parse() => Error::HttpProtocolError,
        _ => Error::ConnectionTerminated,
    }
}

/// A message does not end as it says. WASI has no word for it; of a body this one has no other meaning.
pub fn broken_framing() -> Error {
    Error::HttpResponseTransferCoding(Some("chunked".into()))
}

/// Of a request's body.
pub fn of_hyper(error: &hyper::Error) -> ErrorCode {
    if error.is_parse() { ErrorCode::HttpProtocolError } else { ErrorCode::ConnectionTerminated }
}

/// Why there is no secure connection.
pub fn of_tls(error: &rustls::Error) -> Error {
    use rustls::{AlertDescription as Alert, PeerIncompatible as Incompatible};
    tracing::debug!(%error, "no secure connection");
    match error {
        rustls::Error::InvalidCertificate(reason) => of_certificate(reason),
        rustls::Error::InvalidCertRevocationList(_) => refusal("certificate-revocation-unknown"),
        rustls::Error::NoCertificatesPresented => Error::TlsCertificateError,
        rustls::Error::AlertReceived(
            Alert::CertificateRequired
            | Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA,
        ) => refusal("client-certificate-refused"),
        rustls::Error::AlertReceived(Alert::ProtocolVersion)
        | rustls::Error::PeerIncompatible(
            Incompatible::ServerDoesNotSupportTls12Or13
            | Incompatible::ServerTlsVersionIsDisabledByOurConfig
            | Incompatible::Tls12NotOffered
            | Incompatible::Tls12NotOfferedOrEnabled,
        ) => refusal("tls-version"),
        rustls::Error::AlertReceived(Alert::HandshakeFailure | Alert::InsufficientSecurity)
        | rustls::Error::PeerIncompatible(
            Incompatible::NoCipherSuitesInCommon
            | Incompatible::NoKxGroupsInCommon
            | Incompatible::NoSignatureSchemesInCommon,
        ) => refusal("tls-parameters"),
        _ => Error::TlsProtocolError,
    }
}

fn of_certificate(reason: &CertificateError) -> Error {
    use CertificateError as Wrong;
    match reason {
        Wrong::Expired | Wrong::ExpiredContext { .. } => refusal("certificate-expired"),
        Wrong::NotValidYet | Wrong::NotValidYetContext { .. } => refusal("certificate-not-yet-valid"),
        Wrong::NotValidForName | Wrong::NotValidForNameContext { .. } => refusal("certificate-wrong-name"),
        Wrong::UnknownIssuer => refusal("certificate-unknown-issuer"),
        Wrong::Revoked => refusal("certificate-revoked"),
        Wrong::UnknownRevocationStatus | Wrong::ExpiredRevocationList | Wrong::ExpiredRevocationListContext { .. } => {
            refusal("certificate-revocation-unknown")
        }
        Wrong::InvalidPurpose | Wrong::InvalidPurposeContext { .. } => refusal("certificate-wrong-usage"),
        Wrong::BadSignature
        | Wrong::UnsupportedSignatureAlgorithmContext { .. }
        | Wrong::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => refusal("certificate-bad-signature"),
        Wrong::Other(OtherError(other)) if other.is::<NotPinned>() => refusal("certificate-not-pinned"),
        _ => Error::TlsCertificateError,
    }
}

/// A reason that WASI has no error for. The component trusts an internal error of a host with which it shares private fields; no text of
/// an origin becomes one.
fn refusal(reason: &str) -> Error {
    Error::InternalError(Some(format!("haul-{reason}")))
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

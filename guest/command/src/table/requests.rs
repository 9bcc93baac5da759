//! Options about requests and TLS.

use crate::option::{Kind, OPTION, Opt, Value};
use crate::values;

pub const HEADER: Opt = Opt {
    long: "header",
    short: Some('H'),
    aliases: &["custom-headers"],
    value: Value::Repeated("HEADER", Kind::Secret),
    help: "Request header; @FILE reads headers from a file, one on each line, and @- from standard input; repeatable",
    more: "Headers that haul sets itself, such as Range and Host, are refused.",
    set: |to, word| Ok(to.headers.push(values::header_or_file(word.text()?)?)),
    ..OPTION
};

pub const AUTH_HEADER: Opt = Opt {
    long: "auth-header",
    value: Value::Repeated("HEADER", Kind::Secret),
    help: "Like --header, but sent only after the server has answered 401; repeatable",
    set: |to, word| Ok(to.auth_headers.push(values::header_or_file(word.text()?)?)),
    ..OPTION
};

pub const CORRELATION_VECTOR: Opt = Opt {
    long: "correlation-vector",
    value: Value::One("TEXT", Kind::Text),
    help: "Sent as the header MS-CV, to find the download in the server's logs",
    set: |to, word| Ok(to.correlation_vector = Some(values::correlation_vector(word.text()?)?)),
    ..OPTION
};

pub const ALLOW_INSECURE_REDIRECT: Opt = Opt {
    long: "allow-insecure-redirect",
    help: "Follow a redirect from https to http",
    set: |to, _| Ok(to.allow_insecure_redirect = true),
    ..OPTION
};

pub const CLIENT_CERTIFICATE: Opt = Opt {
    long: "client-certificate",
    short: Some('E'),
    hidden_aliases: &["cert"],
    value: Value::One("FILE", Kind::File),
    help: "Client certificate and private key, as PEM text in one file",
    set: |to, word| Ok(to.client_certificate = Some(word.0.into())),
    ..OPTION
};

pub const INSECURE: Opt = Opt {
    long: "insecure",
    value: Value::List("FAULT", Kind::Words(&["unknown-ca", "wrong-usage", "wrong-name", "wrong-date"])),
    help: "Accept these faults of a certificate; separated by commas; repeatable",
    set: |to, word| {
        for fault in word.text()?.split(',') {
            to.insecure = to.insecure.with(values::fault(fault)?);
        }
        Ok(())
    },
    ..OPTION
};

pub const CHECK_REVOCATION: Opt = Opt {
    long: "check-revocation",
    help: "Refuse a certificate that was revoked, or that no list of --crl covers",
    conflicts: &["insecure"],
    requires: &["crl"],
    set: |to, _| Ok(to.check_revocation = true),
    ..OPTION
};

pub const CRL: Opt = Opt {
    long: "crl",
    hidden_aliases: &["crlfile", "crl-file"],
    value: Value::Repeated("FILE", Kind::File),
    help: "Certificate revocation list, PEM or DER; repeatable",
    requires: &["check-revocation"],
    set: |to, word| Ok(to.crls.push(word.0.into())),
    ..OPTION
};

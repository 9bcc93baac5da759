//! Options about requests and TLS.

use alloc::format;
use alloc::string::String;

use crate::option::{Kind, OPTION, Opt, Place, Value};
use crate::values;

pub const HEADER: Opt = Opt {
    long: "header",
    short: Some('H'),
    aliases: &["custom-headers"],
    value: Value::Repeated("HEADER", Kind::Secret),
    help: "Request header; @FILE reads headers from a file, one on each line, and @- from standard input; repeatable",
    more: "Headers that haul sets itself, such as Range and Host, are refused.",
    is_usual: true,
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

pub const USER_AGENT: Opt = Opt {
    long: "user-agent",
    short: Some('A'),
    value: Value::One("NAME", Kind::Text),
    help: "Request header User-Agent",
    set: |to, word| Ok(to.headers.push(values::header(&format!("User-Agent: {}", word.text()?))?)),
    ..OPTION
};

pub const REFERER: Opt = Opt {
    long: "referer",
    short: Some('e'),
    value: Value::One("URL", Kind::Url),
    help: "Request header Referer",
    set: |to, word| Ok(to.headers.push(values::header(&format!("Referer: {}", word.text()?))?)),
    ..OPTION
};

pub const USER: Opt = Opt {
    long: "user",
    short: Some('u'),
    value: Value::One("USER[:PASSWORD]", Kind::Secret),
    help: "User and password for the servers of the URLs (RFC 7617); without a password the command asks for it",
    more: "Under a stock runtime the password must be given.",
    is_usual: true,
    set: |to, word| {
        let text = word.text()?;
        let (user, password) = text.split_once(':').map_or((text, None), |(user, password)| (user, Some(password)));
        Ok(to.user = Some((user.into(), password.map(String::from))))
    },
    ..OPTION
};

pub const NETRC_FILE: Opt = Opt {
    long: "netrc-file",
    value: Value::One("FILE", Kind::File),
    help: "File with users and passwords of hosts [default: ~/.netrc, if it is there; under a stock runtime none]",
    conflicts: &["no-netrc"],
    set: |to, word| Ok(to.netrc_file = Some(word.0.into())),
    ..OPTION
};

pub const NO_NETRC: Opt =
    Opt { long: "no-netrc", help: "Do not read ~/.netrc", set: |to, _| Ok(to.no_netrc = true), ..OPTION };

pub const LOAD_COOKIES: Opt = Opt {
    long: "load-cookies",
    value: Value::One("FILE", Kind::File),
    help: "Cookies in the format of Netscape, as browsers' add-ons and curl write it; each goes to its own site only",
    set: |to, word| Ok(to.cookies = Some(word.0.into())),
    ..OPTION
};

pub const CACERT: Opt = Opt {
    long: "cacert",
    aliases: &["ca-certificate"],
    value: Value::One("FILE", Kind::File),
    help: "Trusted authorities in PEM, in place of the system's",
    place: Place::Native("a stock runtime has its own authorities"),
    set: |to, word| Ok(to.authority = Some(word.0.into())),
    ..OPTION
};

pub const NO_CHECK_CERTIFICATE: Opt = Opt {
    long: "no-check-certificate",
    short: Some('k'),
    help: "Accept any certificate: --insecure unknown-ca,wrong-name,wrong-date",
    conflicts: &["check-revocation"],
    is_usual: true,
    set: |to, _| {
        for fault in ["unknown-ca", "wrong-name", "wrong-date"] {
            to.insecure = to.insecure.with(values::fault(fault)?);
        }
        Ok(())
    },
    ..OPTION
};

//! Files that options name, and standard input in their place.

use std::fs;
use std::io::{self, Read};
use std::iter::repeat_n;
use std::path::Path;

use haul_queue::redaction::titled;

use crate::arguments::Get;
use crate::exit::Refusal;
use crate::headers;

/// # Errors
///
/// A file that cannot be read, by its name.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let read = match path.to_str() {
        Some("-") => io::stdin().read_to_end(&mut bytes).map(|_| bytes),
        _ => fs::read(path),
    };
    read.map_err(|error| Refusal::Misuse(format!("{} cannot be read: {error}", titled(path))))
}

/// # Errors
///
/// A file that cannot be read, or is no text, by its name.
pub fn text(path: &Path) -> Result<String, Refusal> {
    String::from_utf8(bytes(path)?).map_err(|_| Refusal::Misuse(format!("{} is no text in UTF-8", titled(path))))
}

/// # Errors
///
/// Two options that want all of standard input.
pub fn share_standard_input(get: &Get) -> Result<(), Refusal> {
    let named = [
        ("--input", &get.files.input),
        ("--metalink", &get.files.metalink),
        ("--pieces", &get.proof.pieces),
        ("--integrity-info", &get.proof.integrity_info),
        ("--decrypt", &get.proof.decrypt),
        ("--client-certificate", &get.tls.client_certificate),
    ];
    let lists = get.tls.crl.iter().map(|list| ("--crl", Some(list)));
    let all = named.into_iter().map(|(option, path)| (option, path.as_ref())).chain(lists);
    let all = all.filter(|(_, path)| path.is_some_and(|path| path == Path::new("-"))).map(|(option, _)| option);
    let headers = [("--header", &get.requests.header), ("--auth-header", &get.requests.auth_header)].into_iter();
    let headers = headers.flat_map(|(option, given)| repeat_n(option, headers::count_from_standard_input(given)));
    let mut reading = all.chain(headers);
    match (reading.next(), reading.next()) {
        (Some(one), Some(other)) => Err(Refusal::Misuse(format!(
            "{one} and {other} cannot both read standard input; name a file for one of them"
        ))),
        _ => Ok(()),
    }
}

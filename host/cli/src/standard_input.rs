//! Standard input, which only one option can read.

use std::iter::repeat_n;
use std::path::Path;

use crate::arguments::Get;
use crate::exit::Refusal;
use crate::headers;

/// Makes sure that at most one option reads standard input.
///
/// # Errors
///
/// [`Refusal::Misuse`] if two options name it.
pub fn share(get: &Get) -> Result<(), Refusal> {
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

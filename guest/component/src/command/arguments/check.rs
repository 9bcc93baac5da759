//! Checks for options that contradict or need each other.

use alloc::format;
use alloc::string::String;

use haul_core::settings::property::SecurityFlags;

use super::Get;

/// # Errors
///
/// If options contradict each other or need another one.
pub fn check(get: &Get) -> Result<(), String> {
    let found = both_given(get).map(|(one, other)| format!("{one} and {other} contradict each other"));
    let found = found.or_else(|| needs_another(get).map(|(one, other)| format!("{one} needs {other}")));
    let found = found.or_else(|| standard_input_twice(get));
    let found = found.or_else(|| to_standard_output(get));
    found.map_or(Ok(()), Err)
}

fn both_given(get: &Get) -> Option<(&'static str, &'static str)> {
    let (output, range) = (get.output.is_some(), !get.ranges.is_empty());
    let insecure = get.insecure != SecurityFlags::default();
    let pairs = [
        (get.pieces.is_some() && range, "--pieces", "--range"),
        (get.integrity_info.is_some() && range, "--integrity-info", "--range"),
        (get.decrypt.is_some() && range, "--decrypt", "--range"),
        (get.pieces.is_some() && get.integrity_info.is_some(), "--pieces", "--integrity-info"),
        (get.refresh && get.fresh, "--refresh", "--fresh"),
        (output && get.origin_names, "--output", "--content-disposition"),
        (output && get.input.is_some(), "--output", "--input"),
        (get.check_revocation && insecure, "--check-revocation", "--insecure"),
        (get.quiet && get.verbose, "--quiet", "--verbose"),
    ];
    pairs.into_iter().find_map(|(given, one, other)| given.then_some((one, other)))
}

fn needs_another(get: &Get) -> Option<(&'static str, &'static str)> {
    let pairs = [
        (get.urls.is_empty() && get.input.is_none() && get.metalink.is_none(), "get", "a URL"),
        (get.require_integrity && get.integrity_info.is_none(), "--require-integrity", "--integrity-info"),
        (get.check_revocation && get.crls.is_empty(), "--check-revocation", "--crl"),
        (!get.check_revocation && !get.crls.is_empty(), "--crl", "--check-revocation"),
    ];
    pairs.into_iter().find_map(|(lacking, one, other)| lacking.then_some((one, other)))
}

fn standard_input_twice(get: &Get) -> Option<String> {
    let named = [
        ("--input", &get.input),
        ("--metalink", &get.metalink),
        ("--pieces", &get.pieces),
        ("--integrity-info", &get.integrity_info),
        ("--decrypt", &get.decrypt),
        ("--client-certificate", &get.client_certificate),
    ];
    let named = named.into_iter().filter(|(_, path)| path.as_deref() == Some("-")).map(|(option, _)| option);
    let headers = [("--header", &get.headers), ("--auth-header", &get.auth_headers)].into_iter();
    let headers = headers.flat_map(|(option, given)| given.iter().filter(|given| *given == "@-").map(move |_| option));
    let mut reading = named.chain(headers);
    let (one, other) = (reading.next()?, reading.next()?);
    Some(format!("{one} and {other} cannot both read standard input; name a file for one of them"))
}

/// The error if an option cannot be used with standard output.
fn to_standard_output(get: &Get) -> Option<String> {
    let with_pieces = [("--pieces", get.pieces.is_some()), ("--integrity-info", get.integrity_info.is_some())];
    match with_pieces.into_iter().find(|(_, given)| *given) {
        _ if !get.to_standard_output() => None,
        _ if get.json => Some("--json and --output - both want standard output; leave out one of them".into()),
        Some((option, _)) => {
            Some(format!("{option} needs a file, of which pieces can be fetched again; use --checksum"))
        }
        None => None,
    }
}

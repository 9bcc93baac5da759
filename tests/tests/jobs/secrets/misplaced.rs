//! Malformed URLs, and URLs and headers in place of other arguments. No command downloads anything.

use std::process::Output;

use tempfile::tempdir;

use super::{MARK, Place, assert_files_unmarked, unmarked};

/// URLs with their password in place of `PW`, most of them malformed.
const URLS: [&str; 14] = [
    "https://user:PW@h/x?token=PW",
    "https://user:PW/w@host/",
    "https://user:PW?w@host/x",
    "https://user:PW#w@host",
    "https://user:12/PW@host/",
    "https//user:PW@host",
    "//user:PW@host",
    "user:PW@host:8080/x",
    "http:user:PW@host",
    "h ttp://u:PW@h",
    "https:/u:PW@h",
    "https:///u:PW@h",
    "https//h/x?e=a@b&sig=PW",
    "ftp://user:PW@h/x;token=PW",
];

/// Commands of both the native program and the component that refuse `IT`.
const BOTH: [&[&str]; 37] = [
    &["IT"],
    &["errors", "IT"],
    &["errors", "0x80D02013", "IT"],
    &["errors", "--IT"],
    &["jobs", "IT"],
    &["jobs", "show", "IT"],
    &["jobs", "complete", "IT"],
    &["jobs", "cancel", "IT"],
    &["jobs", "errors", "IT"],
    &["jobs", "suspend", "IT", "IT"],
    &["jobs", "priority", "IT", "x"],
    &["jobs", "create", "--priority", "IT"],
    &["jobs", "create", "--retry-timeout", "IT"],
    &["jobs", "create", "--IT"],
    &["jobs", "add", "--job", "IT", "http://127.0.0.1:1/"],
    &["jobs", "add", "-i", "IT"],
    &["jobs", "run", "--jobs", "IT"],
    &["jobs", "run", "--limit-rate", "IT"],
    &["jobs", "run", "--network", "IT"],
    &["get", "--retries", "0", "-H", "IT", "http://127.0.0.1:1/"],
    &["get", "--retries", "0", "--auth-header", "IT", "http://127.0.0.1:1/"],
    &["get", "-i", "IT"],
    &["get", "--metalink", "IT"],
    &["get", "--pieces", "IT", "http://127.0.0.1:1/"],
    &["get", "--integrity-info", "IT", "http://127.0.0.1:1/"],
    &["get", "--decrypt", "IT", "http://127.0.0.1:1/"],
    &["get", "--client-certificate", "IT", "http://127.0.0.1:1/"],
    &["get", "--checksum", "IT", "http://127.0.0.1:1/"],
    &["get", "--range", "IT", "http://127.0.0.1:1/"],
    &["get", "--connections", "IT", "http://127.0.0.1:1/"],
    &["get", "--limit-rate", "IT", "http://127.0.0.1:1/"],
    &["get", "--timeout", "IT", "http://127.0.0.1:1/"],
    &["get", "--network", "near-cap,IT", "http://127.0.0.1:1/"],
    &["get", "--cost-policy", "IT", "http://127.0.0.1:1/"],
    &["get", "--insecure", "IT", "http://127.0.0.1:1/"],
    &["get", "--overwrite=IT", "http://127.0.0.1:1/"],
    &["get", "--IT", "http://127.0.0.1:1/"],
];

/// Commands or options that only the native program has.
const NATIVE: [&[&str]; 13] = [
    &["man", "IT"],
    &["completions", "IT"],
    &["get", "--crl", "IT", "--check-revocation", "http://127.0.0.1:1/"],
    &["get", "--insecure", "unknown-ca", "-c", "1", "-c", "IT", "http://127.0.0.1:1/"],
    &["jobs", "add", "-M", "IT"],
    &["jobs", "add", "--ranges", "IT", "http://127.0.0.1:1/"],
    &["jobs", "create", "--proxy-usage", "IT"],
    &["jobs", "create", "--proxy-bypass", "IT"],
    &["jobs", "create", "--keep-going=IT"],
    &["jobs", "create", "--notify", "IT"],
    &["jobs", "run", "--schedule", "IT 08:00-18:00 2M"],
    &["jobs", "run", "--schedule", "08:00-IT 2M"],
    &["jobs", "watch", "--interval", "IT"],
];

/// Commands that would run if the argument were not a URL.
const PATHS: [&[&str]; 5] = [
    &["get", "-o", "IT", "http://127.0.0.1:1/"],
    &["get", "-d", "IT", "http://127.0.0.1:1/"],
    &["jobs", "--state-dir", "IT", "list"],
    &["jobs", "add", "-o", "IT", "http://127.0.0.1:1/"],
    &["jobs", "add", "-d", "IT", "http://127.0.0.1:1/"],
];

/// Runs `command` with each of `texts` in place of `IT`, and asserts that it refuses each.
fn refused(commands: &[&[&str]], texts: &[String], run: impl Fn(&Place<'_>, &[&str]) -> Output) {
    let (work, documents) = (tempdir().unwrap(), tempdir().unwrap());
    let place = Place { work: &work, documents: &documents };
    for command in commands {
        for text in texts {
            let words: Vec<_> = command.iter().map(|word| word.replace("IT", text)).collect();
            let words: Vec<_> = words.iter().map(String::as_str).collect();
            let output = run(&place, &words);
            assert!(!output.status.success(), "{words:?}");
        }
    }
    assert_files_unmarked(work.path());
}

fn native(place: &Place<'_>, words: &[&str]) -> Output {
    unmarked(place.native(words))
}

fn stock(place: &Place<'_>, words: &[&str]) -> Output {
    unmarked(place.stock(words))
}

fn marked(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| text.replace("PW", MARK)).collect()
}

#[test]
fn a_url_in_the_place_of_anything_shows_no_password() {
    refused(&BOTH, &marked(&URLS), native);
    refused(&NATIVE, &marked(&URLS), native);
    refused(&BOTH, &marked(&["https://user:PW/w@host/", "https//user:PW@host"]), stock);
}

#[test]
fn a_url_in_the_place_of_a_path_makes_no_directory() {
    let with_scheme: Vec<_> = marked(&URLS).into_iter().filter(|url| url.contains("://")).collect();
    refused(&PATHS, &with_scheme, native);
    refused(&PATHS, &with_scheme[..1], stock);
}

#[test]
fn a_url_that_cannot_be_read_shows_nothing_before_its_last_at_sign() {
    let commands: [&[&str]; 5] = [
        &["get", "--retries", "0", "IT"],
        &["get", "--retries", "0", "--json", "-v", "IT"],
        &["get", "--retries", "0", "-q", "IT", "IT"],
        &["get", "--mirror", "IT", "http://127.0.0.1:1/"],
        &["jobs", "add", "IT"],
    ];
    // The first one is a valid URL, and so is the one with a number.
    let malformed: Vec<_> = marked(&URLS[1..]).into_iter().filter(|url| !url.contains("user:12")).collect();
    refused(&commands, &malformed, native);
    refused(&commands, &malformed[..2], stock);
    let readable = marked(&["http://127.0.0.1:1/PW@host/"]);
    refused(&commands[..3], &readable, native);
    refused(&commands[..3], &readable, stock);
}

#[test]
fn a_header_shows_its_name_only_if_it_has_one() {
    let headers = marked(&["PW", "PW value: x", ": PW", "PW\u{e9}: x", "Range: PW", "X: PW\u{1}"]);
    let commands: [&[&str]; 2] =
        [&["get", "-H", "IT", "http://127.0.0.1:1/"], &["get", "--auth-header", "IT", "http://127.0.0.1:1/"]];
    refused(&commands, &headers, native);
    refused(&commands, &headers, stock);
    let jobs: [&[&str]; 2] =
        [&["jobs", "create", "-H", "IT"], &["jobs", "add", "--auth-header", "IT", "http://127.0.0.1:1/"]];
    refused(&jobs, &headers, native);
}

#[test]
fn a_document_that_cannot_be_read_is_not_quoted() {
    let (work, documents) = (tempdir().unwrap(), tempdir().unwrap());
    let place = Place { work: &work, documents: &documents };
    let url = "http://127.0.0.1:1/";
    for text in marked(&[
        "http://127.0.0.1:1/\thttp://user:PW@m/b\n",
        "http://127.0.0.1:1/\t../user:PW@m\n",
        "https//user:PW@host\n",
        "http://127.0.0.1:1/\n https://user:PW/w@h/b\n",
        "magnet:?xt=PW\n",
        "http://127.0.0.1:1/\n header=Authorization: Basic PW\n",
        "http://127.0.0.1:1/\n\thttp-passwd=PW\n",
        "http://127.0.0.1:1/\n Authorization: Basic PW\n",
    ]) {
        let list = place.document("list", &text);
        for run in [native, stock] {
            assert!(!run(&place, &["get", "--retries", "0", "-i", &list]).status.success(), "{text}");
        }
    }
    for text in marked(&[
        "http://h/a\tuser:PW@m/b\n",
        "http://h/a\n Authorization: Basic PW\n",
        "http://h/a\n https://user:PW@h/b\n",
        "http://h/a\n header=PW\n",
        "http://h/a\n header=PW PW: x\n",
        "http://h/a\n out=https://user:PW@h/b\n",
        "http://h/a\n dir=https://user:PW@h/b\n",
        "http://h/a\n checksum=PW\n",
        "http://h/a\n PW?x=1\n",
        "magnet:?xt=PW\n",
    ]) {
        let list = place.document("list", &text);
        assert!(!native(&place, &["jobs", "add", "-i", &list]).status.success(), "{text}");
    }
    let json =
        place.document("json", &format!("{{\"KeyData\":\"{MARK}\",\"PiecesHashFileUrl\":\"https//u:{MARK}@h\"}}"));
    let pem = place.document("pem", &format!("-----BEGIN PRIVATE KEY-----\n{MARK}\n-----END PRIVATE KEY-----\n"));
    for (option, document) in [
        ("--decrypt", &json),
        ("--integrity-info", &json),
        ("--client-certificate", &pem),
        ("--pieces", &json),
        ("--metalink", &json),
    ] {
        for run in [native, stock] {
            assert!(!run(&place, &["get", "--retries", "0", option, document, url]).status.success(), "{option}");
        }
    }
    assert_files_unmarked(work.path());
}

//! TLS with the system's roots: a certificate that is trusted, and one that is not.

use std::fs;
use std::path::Path;
use std::process::Output;

use haul_tests::nginx::Nginx;
use haul_tests::origin::Content;
use haul_tests::subject::processes::command;
use haul_tests::subject::{Get, Subject};
use tempfile::tempdir;

/// Runs `haul get` with `roots` in place of the system's roots.
fn get_trusting(roots: &Path, get: &Get) -> Output {
    command(Subject::Command, get).env("SSL_CERT_FILE", roots).env_remove("SSL_CERT_DIR").output().unwrap()
}

#[test]
fn a_trusted_origin_serves_and_another_is_refused_with_its_reason() {
    let (source, folder) = (tempdir().unwrap(), tempdir().unwrap());
    let content = Content::new(4, 3 << 20);
    fs::write(source.path().join("file"), content.bytes(0..content.length())).unwrap();
    let (trusted, other) = (Nginx::serve_securely(source.path()), Nginx::serve_securely(source.path()));
    let path = folder.path().join("file");

    let output = get_trusting(&other.certificate(), &Get::new(trusted.url("file"), &path));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("DO_E_HTTP_CERT_VALIDATION"), "{said}");
    assert!(!path.exists());

    let output = get_trusting(&trusted.certificate(), &Get::new(trusted.url("file"), &path).connections(4));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(fs::read(&path).unwrap() == content.bytes(0..content.length()));
}

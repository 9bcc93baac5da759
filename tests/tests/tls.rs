//! TLS with the system's roots: certificates that are trusted and such as are not, what may be passed over, and what a client
//! shows.

use std::fs;
use std::path::Path;
use std::process::Output;

use haul_tests::nginx::Nginx;
use haul_tests::origin::Content;
use haul_tests::subject::processes::command;
use haul_tests::subject::{Get, Subject};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, IsCa, Issuer, KeyIdMethod, KeyPair,
    KeyUsagePurpose, RevokedCertParams, SerialNumber, date_time_ymd,
};
use tempfile::{TempDir, tempdir};

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

/// A folder with a file for everybody and one for certified clients.
fn served() -> TempDir {
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join("certified")).unwrap();
    for name in ["file", "certified/file"] {
        fs::write(folder.path().join(name), "served").unwrap();
    }
    folder
}

/// Runs `haul get` of `url` with `options`, with `roots` in place of the system's roots; the exit code and what was said.
fn get(url: &str, roots: &Path, options: &[&str]) -> (Option<i32>, String) {
    let folder = tempdir().unwrap();
    let mut run = command(Subject::Command, &Get::new(url, folder.path().join("file")));
    let output = run.args(options).env("SSL_CERT_FILE", roots).env_remove("SSL_CERT_DIR").output().unwrap();
    assert_eq!(folder.path().join("file").exists(), output.status.success());
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn what_is_named_is_passed_over_and_nothing_else() {
    let source = served();
    let (server, other) = (Nginx::serve_securely(source.path()), Nginx::serve_securely(source.path()));
    let (by_name, roots) = (server.url("file"), other.certificate());
    let by_address = by_name.replace("localhost", "127.0.0.1");
    for (url, options, accepted) in [
        (&by_name, &[][..], false),
        (&by_name, &["--insecure", "wrong-name"], false),
        (&by_name, &["--insecure", "unknown-ca"], true),
        (&by_address, &["--insecure", "unknown-ca"], false),
        (&by_address, &["--insecure", "unknown-ca,wrong-name"], true),
        (&by_address, &["--insecure", "unknown-ca", "--insecure", "wrong-name"], true),
    ] {
        let (code, said) = get(url, &roots, options);
        assert_eq!(code == Some(0), accepted, "{url} {options:?}: {said}");
        assert!(accepted || said.contains("DO_E_HTTP_CERT_VALIDATION"), "{said}");
    }
}

#[test]
fn a_client_certificate_is_shown() {
    let (source, files) = (served(), tempdir().unwrap());
    let server = Nginx::serve_securely(source.path());
    let client = rcgen::generate_simple_self_signed(["a client".to_owned()]).unwrap();
    let both = files.path().join("client.pem");
    fs::write(&both, client.cert.pem() + &client.signing_key.serialize_pem()).unwrap();
    let (url, roots) = (server.url("certified/file"), server.certificate());
    let (code, said) = get(&url, &roots, &[]);
    assert!(code == Some(1) && said.contains("answered 403"), "{said}");
    for option in ["--client-certificate", "--cert", "-E"] {
        let (code, said) = get(&url, &roots, &[option, both.to_str().unwrap()]);
        assert_eq!(code, Some(0), "{said}");
    }
    let certificate_alone = server.certificate();
    let (code, said) = get(&url, &roots, &["-E", certificate_alone.to_str().unwrap()]);
    assert!(code == Some(2) && said.contains("CRYPT_E_FILE_ERROR 0x80092003"), "{said}");
}

#[test]
fn a_revoked_certificate_is_refused_where_that_is_asked_for() {
    let (source, files) = (served(), tempdir().unwrap());
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, "an authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate().unwrap();
    let (root, issuer) = (authority.self_signed(&key).unwrap().pem(), Issuer::new(authority, key));
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.serial_number = Some(SerialNumber::from(7));
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap().pem();
    let server = Nginx::serve_as(source.path(), &certificate, &key.serialize_pem());
    let file = |name: &str, text: String| {
        let path = files.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let roots = file("root.pem", root);
    for (number, accepted) in [(7, false), (8, true)] {
        let list = file("list.pem", revocation_list(&issuer, number));
        let options = ["--check-revocation", "--crl", list.to_str().unwrap()];
        assert_eq!(get(&server.url("file"), &roots, &[]).0, Some(0));
        let (code, said) = get(&server.url("file"), &roots, &options);
        assert_eq!(code == Some(0), accepted, "{said}");
    }
    let (code, said) = get(&server.url("file"), &roots, &["--check-revocation", "--crl", roots.to_str().unwrap()]);
    assert!(code == Some(2) && said.contains("--crl: no revocation lists"), "{said}");
}

/// A list in PEM that has the certificate with this number.
fn revocation_list(issuer: &Issuer<'_, KeyPair>, number: u64) -> String {
    let revoked = RevokedCertParams {
        serial_number: SerialNumber::from(number),
        revocation_time: date_time_ymd(2020, 1, 1),
        reason_code: None,
        invalidity_date: None,
    };
    let params = CertificateRevocationListParams {
        this_update: date_time_ymd(2020, 1, 1),
        next_update: date_time_ymd(4000, 1, 1),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: vec![revoked],
        key_identifier_method: KeyIdMethod::Sha256,
    };
    params.signed_by(issuer).unwrap().pem().unwrap()
}

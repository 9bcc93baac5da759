//! TLS with the system's roots: trusted and untrusted certificates, the checks that the user may skip, and client certificates.

use std::fs;
use std::path::Path;
use std::process::Output;

use haul::{Builder, Engine, Error, Failure, StartMode, TransferOptions};
use haul_tests::nginx::Nginx;
use haul_tests::origin::Content;
use haul_tests::subject::processes::command;
use haul_tests::subject::{Get, Subject};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SanType, SerialNumber, date_time_ymd,
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
    assert!(said.contains("ERROR_INTERNET_INVALID_CA"), "{said}");
    assert!(!path.exists());

    let output = get_trusting(&trusted.certificate(), &Get::new(trusted.url("file"), &path).connections(4));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(fs::read(&path).unwrap() == content.bytes(0..content.length()));
}

/// A folder with a public file and one for clients with a certificate.
fn served() -> TempDir {
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join("certified")).unwrap();
    for name in ["file", "certified/file"] {
        fs::write(folder.path().join(name), "served").unwrap();
    }
    folder
}

/// Runs `haul get` of `url` with `options`, with `roots` in place of the system's roots; returns the exit code and standard
/// error.
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
    for (url, options, refusal) in [
        (&by_name, &[][..], Some("ERROR_INTERNET_INVALID_CA")),
        (&by_name, &["--insecure", "wrong-name"], Some("ERROR_INTERNET_INVALID_CA")),
        (&by_name, &["--insecure", "unknown-ca"], None),
        (&by_address, &["--insecure", "unknown-ca"], Some("ERROR_INTERNET_SEC_CERT_CN_INVALID")),
        (&by_address, &["--insecure", "unknown-ca,wrong-name"], None),
        (&by_address, &["--insecure", "unknown-ca", "--insecure", "wrong-name"], None),
    ] {
        let (code, said) = get(url, &roots, options);
        assert_eq!(code == Some(0), refusal.is_none(), "{url} {options:?}: {said}");
        assert!(refusal.is_none_or(|name| said.contains(name)), "{said}");
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

/// A revocation list in PEM with the certificate of this number.
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

/// Waits until nginx has logged this many requests; returns them.
async fn told(server: &Nginx, at_least: usize) -> Vec<String> {
    for _ in 0..1000 {
        let requests = server.requests();
        if requests.len() >= at_least {
            return requests;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("only {:?}", server.requests());
}

/// Downloads `file` from `server` with these settings.
async fn fetched(
    server: &Nginx,
    connections: u32,
    settings: impl FnOnce(Builder) -> Builder,
) -> Result<Vec<u8>, Failure> {
    let folder = tempdir().unwrap();
    let root = fs::read(server.certificate()).unwrap();
    let builder = Engine::builder().policy(haul::Policy::allow_all()).grant(folder.path()).root_certificate(root);
    let engine = settings(builder).open().await.unwrap();
    let download = engine.create_download().await.unwrap();
    download.set_uri(&server.url("file")).await.unwrap();
    download.set_local_path(folder.path().join("file")).await.unwrap();
    let options = TransferOptions { connections: Some(connections), retries: Some(0), ..TransferOptions::default() };
    download.set_options(options).await.unwrap();
    download.start(StartMode::WholeFile).await.unwrap();
    let ended = match download.ended().await {
        Ok(_) => download.finalize().await.map(|()| fs::read(folder.path().join("file")).unwrap()),
        Err(error) => Err(error),
    };
    engine.close().await;
    ended.map_err(|error| match error {
        Error::Failed(failure) => failure,
        other => panic!("{other}"),
    })
}

#[tokio::test]
async fn http_2_is_spoken_where_it_is_offered_and_ranges_have_connections_of_their_own() {
    let (content, source) = (Content::new(4, 24 << 20), tempdir().unwrap());
    fs::write(source.path().join("file"), content.bytes(0..content.length())).unwrap();
    let server = Nginx::serve_securely(source.path());
    assert!(fetched(&server, 1, |builder| builder).await.unwrap() == content.bytes(0..content.length()));
    assert_eq!(told(&server, 1).await, ["HTTP/2.0 -"]);
    assert!(fetched(&server, 4, |builder| builder).await.unwrap() == content.bytes(0..content.length()));
    for request in &told(&server, 3).await[1..] {
        let (version, range) = request.split_once(' ').unwrap();
        assert_eq!(version, if range == "-" { "HTTP/2.0" } else { "HTTP/1.1" }, "{request}");
    }
    let before = server.requests().len();
    assert!(fetched(&server, 1, |builder| builder.http2(false)).await.unwrap() == content.bytes(0..content.length()));
    assert_eq!(told(&server, before + 1).await.last().unwrap(), "HTTP/1.1 -");
}

/// A server whose certificate, signed by `issuer`, is wrong in one way.
fn wrong(source: &Path, issuer: &Issuer<'_, KeyPair>, change: impl FnOnce(&mut CertificateParams)) -> Nginx {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, issuer).unwrap().pem();
    Nginx::serve_as(source, &certificate, &key.serialize_pem())
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_told_to_the_caller() {
    let source = served();
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, "an authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate().unwrap();
    let (root, issuer) = (authority.self_signed(&key).unwrap().pem(), Issuer::new(authority, key));
    let pin = |builder: Builder| builder.pin("localhost", [7; 32]);
    let right = wrong(source.path(), &issuer, |_| {});
    let servers = [
        (
            wrong(source.path(), &issuer, |params| params.not_after = date_time_ymd(2001, 1, 1)),
            "has expired",
            0x8007_2F05,
        ),
        (
            wrong(source.path(), &issuer, |params| params.not_before = date_time_ymd(4000, 1, 1)),
            "not valid yet",
            0x8007_2F05,
        ),
        (
            wrong(source.path(), &issuer, |params| {
                params.subject_alt_names = vec![SanType::DnsName("elsewhere.example".try_into().unwrap())];
            }),
            "for another host",
            0x8007_2F06,
        ),
        (
            wrong(source.path(), &issuer, |params| {
                params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
            }),
            "not meant for servers",
            0x80D0_5002,
        ),
    ];
    for (server, reason, code) in &servers {
        let failure = fetched(server, 1, |builder| builder.root_certificate(root.clone())).await.unwrap_err();
        assert!(failure.description.contains(reason) && failure.code == *code, "{failure}");
    }
    let failure = fetched(&right, 1, |builder| pin(builder.root_certificate(root.clone()))).await.unwrap_err();
    assert!(failure.description.contains("the one that is pinned") && failure.code == 0x80D0_5002, "{failure}");
    let failure = fetched(&right, 1, |builder| builder.system_roots(false)).await.unwrap_err();
    assert!(failure.description.contains("not trusted") && failure.code == 0x8007_2F0D, "{failure}");
    assert_eq!(fetched(&right, 1, |builder| builder.root_certificate(root.clone())).await.unwrap(), b"served");
}

//! Certificates that were taken back.

use rcgen::{CertificateRevocationListParams, KeyIdMethod, RevokedCertParams, SerialNumber, date_time_ymd};
use wasmtime_wasi_http::Error;

use super::certificates::{Authority, Fault, Identity, authority, faulty};
use super::server::Server;
use super::{Answer, Asker, HttpSettings, Trust, refuses, refuses_certificate};

const ENABLE_REVOCATION: u32 = 1;

/// A server's certificate with this number, by `authority`.
fn numbered(authority: &Authority, number: u64) -> Identity {
    let mut params = faulty(&[]);
    params.serial_number = Some(SerialNumber::from(number));
    authority.sign(&params)
}

/// A list of `authority` that has the certificates with these numbers, in force until the beginning of `until`.
fn list(authority: &Authority, numbers: &[u64], until: i32) -> rcgen::CertificateRevocationList {
    let revoked = numbers.iter().map(|number| RevokedCertParams {
        serial_number: SerialNumber::from(*number),
        revocation_time: date_time_ymd(2020, 1, 1),
        reason_code: None,
        invalidity_date: None,
    });
    let params = CertificateRevocationListParams {
        this_update: date_time_ymd(2020, 1, 1),
        next_update: date_time_ymd(until, 1, 1),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: revoked.collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    params.signed_by(&authority.issuer).expect("a list")
}

async fn ask(trusted: &Authority, lists: &[Vec<u8>], identity: &Identity, flags: u32) -> Result<Answer, Error> {
    let settings = HttpSettings { revocation_lists: lists.to_vec(), ..HttpSettings::default() };
    let server = Server::secure(identity).await;
    Asker::new(trusted, &settings).ask_with_flags(&server.origin(), flags).await
}

#[tokio::test]
async fn a_revoked_certificate_is_refused_where_revocation_counts() {
    let trusted = Authority::root("trusted");
    let list = list(&trusted, &[7], 4000);
    for bytes in [list.der().to_vec(), list.pem().expect("PEM").into_bytes()] {
        let lists = [bytes];
        let (good, revoked) = (numbered(&trusted, 8), numbered(&trusted, 7));
        assert!(ask(&trusted, &lists, &good, ENABLE_REVOCATION).await.is_ok());
        assert!(refuses(&ask(&trusted, &lists, &revoked, ENABLE_REVOCATION).await, "certificate-revoked"));
        assert!(ask(&trusted, &lists, &revoked, 0).await.is_ok());
    }
}

#[tokio::test]
async fn a_status_that_no_list_tells_is_refused() {
    let (trusted, other) = (Authority::root("trusted"), Authority::root("other"));
    let between = trusted.sub(authority("in between"));
    let identity = numbered(&trusted, 8);
    let chained = numbered(&between, 8).with(&between);
    let [of_trusted, of_other, of_between, old] =
        [list(&trusted, &[], 4000), list(&other, &[], 4000), list(&between, &[], 4000), list(&trusted, &[], 2021)]
            .map(|list| list.der().to_vec());
    let cases = [
        ("no list", &identity, vec![]),
        ("another's list", &identity, vec![of_other]),
        ("a list that is no more in force", &identity, vec![old]),
        ("no list for the authority in between", &chained, vec![of_between.clone()]),
        ("no list of the authority in between", &chained, vec![of_trusted.clone()]),
    ];
    for (what, identity, lists) in cases {
        let answer = ask(&trusted, &lists, identity, ENABLE_REVOCATION).await;
        assert!(refuses(&answer, "certificate-revocation-unknown"), "{what}");
        assert!(ask(&trusted, &lists, identity, 0).await.is_ok(), "{what}, where revocation does not count");
    }
    assert!(ask(&trusted, &[of_trusted, of_between], &chained, ENABLE_REVOCATION).await.is_ok());
}

#[tokio::test]
async fn revocation_cancels_the_other_flags() {
    let trusted = Authority::root("trusted");
    let lists = [list(&trusted, &[], 4000).der().to_vec()];
    for fault in [Fault::WrongUsage, Fault::WrongName, Fault::Expired] {
        let answer = ask(&trusted, &lists, &trusted.sign(&faulty(&[fault])), 0x3300 + ENABLE_REVOCATION).await;
        assert!(refuses_certificate(&answer), "{fault:?}");
    }
    let stranger = Authority::root("unknown").sign(&faulty(&[]));
    assert!(ask(&trusted, &lists, &stranger, 0x3300 + ENABLE_REVOCATION).await.is_err());
}

#[test]
fn what_is_no_list_is_refused_when_the_engine_opens() {
    let trusted = Authority::root("trusted");
    let certificate = trusted.certificate().to_vec();
    for bytes in
        [vec![], b"no list".to_vec(), b"-----BEGIN X509 CRL-----\nAA==\n-----END X509 CRL-----\n".to_vec(), certificate]
    {
        assert!(matches!(read(bytes), Err(crate::error::Error::Setting { setting: "revocation_list", .. })));
    }
    let [first, second] = [list(&trusted, &[1], 4000), list(&trusted, &[2], 4000)].map(|list| list.pem().expect("PEM"));
    assert!(read((first + &second).into_bytes()).is_ok());
}

fn read(list: Vec<u8>) -> Result<Trust, crate::error::Error> {
    Trust::new(&HttpSettings { revocation_lists: vec![list], ..HttpSettings::default() })
}

//! Security flags: each one ignores the certificate errors that it names and no others.

use rcgen::{BasicConstraints, CidrSubnet, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, NameConstraints};
use rustls::version::{TLS12, TLS13};
use wasmtime_wasi_http::Error;

use super::certificates::{Authority, Fault, Identity, authority, date, faulty};
use super::server::Server;
use super::{Asker, refuses_certificate};

/// Every combination of the four flags.
fn sets() -> impl Iterator<Item = u32> {
    let flags = [0x100, 0x200, 0x1000, 0x2000];
    (0..1 << flags.len()).map(move |set: u32| (0..).zip(flags).map(|(bit, flag)| (set >> bit & 1) * flag).sum())
}

fn needed(faults: &[Fault]) -> u32 {
    faults.iter().fold(0, |flags, fault| flags | fault.flag())
}

/// Asserts that a request succeeds if and only if its flags include all of `needed`.
async fn assert_needs(needed: u32, identity: &Identity, trusted: &Authority, what: &str) {
    let server = Server::secure(identity).await;
    let asker = Asker::trusting(trusted);
    for flags in sets() {
        let answer = asker.ask_with_flags(&server.origin(), flags).await;
        match flags & needed == needed {
            true => assert!(answer.is_ok(), "{what}: flags {flags:#x} are enough"),
            false => assert!(refuses_certificate(&answer), "{what}: flags {flags:#x} are too few"),
        }
    }
}

#[tokio::test]
async fn every_fault_and_every_pair_of_faults_needs_its_flags_and_no_others() {
    let (trusted, unknown) = (Authority::root("trusted"), Authority::root("unknown"));
    assert_needs(0, &trusted.sign(&faulty(&[])), &trusted, "nothing wrong").await;
    for (at, first) in Fault::ALL.into_iter().enumerate() {
        for second in Fault::ALL.into_iter().skip(at) {
            let faults = [first, second];
            let signer = if faults.contains(&Fault::UnknownCa) { &unknown } else { &trusted };
            let identity = signer.sign(&faulty(&faults));
            if !faults.contains(&Fault::Expired) || !faults.contains(&Fault::NotYetValid) {
                assert_needs(needed(&faults), &identity, &trusted, &format!("{faults:?}")).await;
            }
        }
    }
}

#[tokio::test]
async fn faults_of_an_authority_in_between_count_like_those_of_the_server() {
    for (top, unknown_ca) in [(Authority::root("trusted"), 0), (Authority::root("unknown"), 0x100)] {
        let trusted = if unknown_ca == 0 { &top } else { &Authority::root("trusted") };
        for fault in [Fault::Expired, Fault::NotYetValid, Fault::WrongUsage] {
            let mut params = authority("in between");
            date(&mut params, &[fault]);
            if fault == Fault::WrongUsage {
                params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
            }
            let between = top.sub(params);
            let identity = between.sign(&faulty(&[])).with(&between);
            assert_needs(unknown_ca | fault.flag(), &identity, trusted, &format!("{fault:?} in between")).await;
            let identity = between.sign(&faulty(&[])).with(&between).with(&top);
            assert_needs(unknown_ca | fault.flag(), &identity, trusted, &format!("{fault:?}, with the root")).await;
        }
    }
}

#[tokio::test]
async fn an_unknown_authority_may_be_sent_or_missing_or_the_server_itself() {
    let (trusted, unknown) = (Authority::root("trusted"), Authority::root("unknown"));
    let between = unknown.sub(authority("in between"));
    let chains = [
        ("alone", between.sign(&faulty(&[]))),
        ("without the root", between.sign(&faulty(&[])).with(&between)),
        ("with the root", between.sign(&faulty(&[])).with(&between).with(&unknown)),
        ("self-signed", Identity::self_signed(&faulty(&[]))),
    ];
    for (what, identity) in &chains {
        assert_needs(0x100, identity, &trusted, what).await;
    }
}

#[tokio::test]
async fn a_self_signed_certificate_that_calls_itself_an_authority_is_verified_like_others() {
    let trusted = Authority::root("trusted");
    for fault in [None].into_iter().chain(Fault::ALL.map(Some)) {
        let faults: Vec<_> = fault.into_iter().collect();
        let mut params = faulty(&faults);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let identity = Identity::self_signed(&params);
        assert_needs(0x100 | needed(&faults), &identity, &trusted, &format!("authority, {fault:?}")).await;
    }
}

#[tokio::test]
async fn signatures_inside_a_chain_count_whoever_is_at_its_end() {
    let unknown = Authority::root("unknown");
    let (between, namesake) = (unknown.sub(authority("in between")), unknown.sub(authority("in between")));
    let server = Server::secure(&between.sign(&faulty(&[])).with(&namesake)).await;
    let answer = Asker::trusting(&Authority::root("trusted")).ask_with_flags(&server.origin(), 0x3300).await;
    assert!(refuses_certificate(&answer));
}

#[tokio::test]
async fn an_authority_that_takes_the_name_of_a_trusted_one_is_unknown() {
    let (trusted, namesake) = (Authority::root("trusted"), Authority::root("trusted"));
    assert_needs(0x100, &namesake.sign(&faulty(&[])), &trusted, "the name of a trusted one").await;
}

#[tokio::test]
async fn what_a_trusted_authority_must_not_sign_is_refused_whatever_is_passed_over() {
    let mut params = authority("trusted");
    let permitted_subtrees = vec![GeneralSubtree::DnsName("elsewhere.example".to_owned())];
    let excluded_subtrees = vec![GeneralSubtree::IpAddress(CidrSubnet::V4([127, 0, 0, 0], [255, 0, 0, 0]))];
    params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees });
    let trusted = Authority::over_itself(params);
    let server = Server::secure(&trusted.sign(&faulty(&[]))).await;
    for flags in sets() {
        let answer = Asker::trusting(&trusted).ask_with_flags(&server.origin(), flags).await;
        assert!(refuses_certificate(&answer), "{flags:#x}");
    }
}

#[tokio::test]
async fn certificates_that_were_never_valid_together_are_refused() {
    let trusted = Authority::root("trusted");
    let mut params = authority("in between");
    date(&mut params, &[Fault::Expired]);
    let between = trusted.sub(params);
    let server = Server::secure(&between.sign(&faulty(&[Fault::NotYetValid])).with(&between)).await;
    let answer = Asker::trusting(&trusted).ask_with_flags(&server.origin(), 0x3300).await;
    assert!(refuses_certificate(&answer));
}

#[tokio::test]
async fn a_server_without_the_key_of_its_certificate_is_never_believed() {
    let trusted = Authority::root("trusted");
    let (shown, own) = (trusted.sign(&faulty(&[])), trusted.sign(&faulty(&[])));
    for version in [&TLS12, &TLS13] {
        let server = Server::impostor(&shown, &own, version).await;
        for flags in sets() {
            let answer = Asker::trusting(&trusted).ask_with_flags(&server.origin(), flags).await;
            assert!(answer.is_err(), "{version:?}, {flags:#x}");
        }
    }
}

#[tokio::test]
async fn flags_that_nobody_knows_fail_the_exchange_before_anything_is_sent() {
    let trusted = Authority::root("trusted");
    let server = Server::secure(&trusted.sign(&faulty(&[]))).await;
    for flags in ["2", "0x100", "", "all"] {
        let answer = Asker::trusting(&trusted).ask(&server.origin(), &[("haul-security-flags", flags)]).await;
        assert!(matches!(answer, Err(Error::HttpRequestHeaderSize { .. })), "{flags:?}");
    }
    assert_eq!(server.connections(), 0);
}

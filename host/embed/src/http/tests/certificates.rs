//! Valid and faulty certificates.

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The host of every test.
pub const HOST: &str = "127.0.0.1";

/// A defect of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    UnknownCa,
    WrongUsage,
    WrongName,
    Expired,
    NotYetValid,
}

impl Fault {
    pub const ALL: [Self; 5] = [Self::UnknownCa, Self::WrongUsage, Self::WrongName, Self::Expired, Self::NotYetValid];

    /// The flag that ignores it.
    pub fn flag(self) -> u32 {
        match self {
            Self::UnknownCa => 0x100,
            Self::WrongUsage => 0x200,
            Self::WrongName => 0x1000,
            Self::Expired | Self::NotYetValid => 0x2000,
        }
    }
}

/// Parameters of a certificate for [`HOST`] with these faults, except an unknown authority, which depends on the signer.
pub fn faulty(faults: &[Fault]) -> CertificateParams {
    let name = if faults.contains(&Fault::WrongName) { "other.example" } else { HOST };
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("names");
    params.distinguished_name.push(DnType::CommonName, "a server");
    let wrong_usage = faults.contains(&Fault::WrongUsage);
    let purpose = if wrong_usage { ExtendedKeyUsagePurpose::ClientAuth } else { ExtendedKeyUsagePurpose::ServerAuth };
    params.extended_key_usages = vec![purpose];
    date(&mut params, faults);
    params
}

pub fn date(params: &mut CertificateParams, faults: &[Fault]) {
    if faults.contains(&Fault::Expired) {
        params.not_after = date_time_ymd(2021, 1, 1);
    }
    if faults.contains(&Fault::NotYetValid) {
        params.not_before = date_time_ymd(4000, 1, 1);
    }
}

/// Parameters of an authority.
pub fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// A certificate authority with its key.
pub struct Authority {
    certificate: Certificate,
    pub issuer: Issuer<'static, KeyPair>,
}

/// A certificate with its key, and the chain that its owner sends.
pub struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: KeyPair,
}

impl Authority {
    pub fn root(name: &str) -> Self {
        Self::over_itself(authority(name))
    }

    pub fn over_itself(params: CertificateParams) -> Self {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a root");
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    /// An intermediate authority that this one signs.
    pub fn sub(&self, params: CertificateParams) -> Self {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("an authority");
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    pub fn certificate(&self) -> CertificateDer<'static> {
        self.certificate.der().clone()
    }

    pub fn sign(&self, params: &CertificateParams) -> Identity {
        self.sign_for(params, KeyPair::generate().expect("a key"))
    }

    pub fn sign_for(&self, params: &CertificateParams, key: KeyPair) -> Identity {
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        Identity { chain: vec![certificate.der().clone()], key }
    }
}

impl Identity {
    pub fn self_signed(params: &CertificateParams) -> Self {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        Self { chain: vec![certificate.der().clone()], key }
    }

    pub fn with(mut self, authority: &Authority) -> Self {
        self.chain.push(authority.certificate());
        self
    }

    pub fn key_der(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::try_from(self.key.serialize_der()).expect("a key")
    }
}

//! The usage of a certificate.

use rustls::pki_types::CertificateDer;
use webpki::{Error, ExtendedKeyUsageValidator, KeyPurposeIdIter, KeyUsage};

/// extKeyUsage, 2.5.29.37, and serverAuth, 1.3.6.1.5.5.7.3.1, as DER has them.
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
const SERVER_AUTH: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];

/// Tags of DER: X.690 section 8.
const BOOLEAN: u8 = 0x01;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const EXTENSIONS: u8 = 0xa3;

/// The purposes that will do.
#[derive(Clone, Copy)]
pub enum Usage {
    Server,
    Any,
}

impl ExtendedKeyUsageValidator for Usage {
    fn validate(&self, purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        match self {
            Self::Server => KeyUsage::server_auth().validate(purposes),
            Self::Any => Ok(()),
        }
    }
}

impl Usage {
    /// The same for a server's certificate that says that it is an authority, whose usage the library does not look at.
    pub fn verify_authority(self, certificate: &CertificateDer<'_>) -> Result<(), Error> {
        match self {
            Self::Any => Ok(()),
            Self::Server if serves(certificate).ok_or(Error::BadDer)? => Ok(()),
            Self::Server => Err(Error::CaUsedAsEndEntity),
        }
    }
}

/// Whether a certificate is for servers: it says so, or says nothing. `None` if it cannot be read.
fn serves(certificate: &[u8]) -> Option<bool> {
    let (signed, _) = element(certificate, SEQUENCE)?;
    let (mut fields, _) = element(signed, SEQUENCE)?;
    while *fields.first()? != EXTENSIONS {
        fields = any_element(fields)?.2;
    }
    let (extensions, _) = element(fields, EXTENSIONS)?;
    let (mut extensions, _) = element(extensions, SEQUENCE)?;
    while !extensions.is_empty() {
        let (extension, rest) = element(extensions, SEQUENCE)?;
        let (name, mut value) = element(extension, OBJECT_IDENTIFIER)?;
        if name == EXTENDED_KEY_USAGE {
            if let Some((_, after)) = element(value, BOOLEAN) {
                value = after;
            }
            let (purposes, _) = element(element(value, OCTET_STRING)?.0, SEQUENCE)?;
            return names_server(purposes);
        }
        extensions = rest;
    }
    Some(true)
}

fn names_server(mut purposes: &[u8]) -> Option<bool> {
    while !purposes.is_empty() {
        let (purpose, rest) = element(purposes, OBJECT_IDENTIFIER)?;
        if purpose == SERVER_AUTH {
            return Some(true);
        }
        purposes = rest;
    }
    Some(false)
}

/// The content of the first element, if it has that tag, and the bytes behind it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    any_element(der).filter(|(found, ..)| *found == tag).map(|(_, content, rest)| (content, rest))
}

/// Tag, content and rest. Nothing in a certificate that was read is longer than two bytes can say.
fn any_element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (length, start) = match *der.get(1)? {
        length @ ..=0x7f => (usize::from(length), 2),
        0x81 => (usize::from(*der.get(2)?), 3),
        0x82 => (usize::from(u16::from_be_bytes([*der.get(2)?, *der.get(3)?])), 4),
        _ => return None,
    };
    let (content, rest) = der.get(start..)?.split_at_checked(length)?;
    Some((*der.first()?, content, rest))
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, KeyPair};

    use super::*;

    fn certificate(purposes: &[ExtendedKeyUsagePurpose]) -> Vec<u8> {
        let mut params = CertificateParams::new(vec!["a.example".to_owned()]).expect("names");
        params.extended_key_usages = purposes.to_vec();
        params.self_signed(&KeyPair::generate().expect("a key")).expect("a certificate").der().to_vec()
    }

    #[test]
    fn a_certificate_serves_where_it_says_so_or_says_nothing() {
        use ExtendedKeyUsagePurpose::{ClientAuth, CodeSigning, ServerAuth};
        assert_eq!(serves(&certificate(&[])), Some(true));
        assert_eq!(serves(&certificate(&[ClientAuth, ServerAuth])), Some(true));
        assert_eq!(serves(&certificate(&[ClientAuth, CodeSigning])), Some(false));
    }

    #[test]
    fn a_torn_certificate_serves_nobody_and_harms_nothing() {
        let whole = certificate(&[ExtendedKeyUsagePurpose::ServerAuth]);
        for end in 0..whole.len() {
            assert_eq!(serves(&whole[..end]), None, "{end}");
        }
    }
}

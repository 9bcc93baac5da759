//! SCRAM-SHA-256 (RFC 5802 and RFC 7677): the client proves that it knows the password, and the server proves it too.

use std::num::NonZeroU32;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::{digest, hmac, pbkdf2};

pub const METHOD: &str = "SCRAM-SHA-256";

/// Bounded so that a hostile server cannot keep the client computing: these take a second. PostgreSQL uses 4,096.
const MOST_ITERATIONS: u32 = 1 << 20;

/// No channel binding, because TLS has verified the certificate.
const HEADER: &str = "n,,";

pub struct Scram {
    password: String,
    nonce: String,
    /// The server's key and the text that it signs.
    expected: Option<(hmac::Key, String)>,
}

impl Scram {
    /// `None` if the system has no random numbers.
    pub fn start(password: &str) -> Option<Self> {
        let mut nonce = [0; 18];
        SystemRandom::new().fill(&mut nonce).ok()?;
        Some(Self { password: password.into(), nonce: STANDARD.encode(nonce), expected: None })
    }

    /// PostgreSQL takes the user from the start of the connection.
    fn bare(&self) -> String {
        format!("n=,r={}", self.nonce)
    }

    pub fn first(&self) -> String {
        format!("{HEADER}{}", self.bare())
    }

    /// The answer to the challenge; `None` if that is invalid.
    pub fn answer(&mut self, challenge: &[u8]) -> Option<String> {
        let challenge = std::str::from_utf8(challenge).ok()?;
        let field = |name: &str| challenge.split(',').find_map(|field| field.strip_prefix(name)?.strip_prefix('='));
        let nonce = field("r")?;
        if !nonce.starts_with(&self.nonce) || nonce.len() == self.nonce.len() {
            return None;
        }
        let salt = STANDARD.decode(field("s")?).ok()?;
        let iterations = NonZeroU32::new(field("i")?.parse().ok()?).filter(|count| count.get() <= MOST_ITERATIONS)?;
        let mut salted = [0; digest::SHA256_OUTPUT_LEN];
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, iterations, &salt, self.password.as_bytes(), &mut salted);
        let client_key = sign(&salted, b"Client Key");
        let stored = digest::digest(&digest::SHA256, &client_key);
        let unsigned = format!("c={},r={nonce}", STANDARD.encode(HEADER));
        let exchange = format!("{},{challenge},{unsigned}", self.bare());
        let signature = sign(stored.as_ref(), exchange.as_bytes());
        let server_key = hmac::Key::new(hmac::HMAC_SHA256, &sign(&salted, b"Server Key"));
        self.expected = Some((server_key, exchange));
        let proof: Vec<_> = client_key.iter().zip(signature).map(|(key, signature)| key ^ signature).collect();
        Some(format!("{unsigned},p={}", STANDARD.encode(proof)))
    }

    /// Whether the last message proves that the server knows the password.
    pub fn is_proof(&self, message: &[u8]) -> bool {
        let given = message.strip_prefix(b"v=").and_then(|proof| STANDARD.decode(proof).ok());
        let (Some(given), Some((key, exchange))) = (given, &self.expected) else { return false };
        hmac::verify(key, exchange.as_bytes(), &given).is_ok()
    }
}

fn sign(key: &[u8], data: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), data).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7677, but for the user, which PostgreSQL leaves empty: its messages are computed for `n=,`.
    #[test]
    fn both_sides_prove_the_password() {
        let mut scram = Scram { password: "pencil".into(), nonce: "rOprNGfwEbeRWgbNEkqO".into(), expected: None };
        assert_eq!(scram.first(), "n,,n=,r=rOprNGfwEbeRWgbNEkqO");
        let challenge = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
        let answer = scram.answer(challenge).unwrap();
        assert!(answer.starts_with("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p="), "{answer}");
        let (key, exchange) = scram.expected.as_ref().unwrap();
        let proof = STANDARD.encode(hmac::sign(key, exchange.as_bytes()));
        assert!(scram.is_proof(format!("v={proof}").as_bytes()));
        assert!(!scram.is_proof(b"v=AAAA"));
    }

    #[test]
    fn a_challenge_that_ignores_the_nonce_or_asks_for_too_much_work_is_invalid() {
        let mut scram = Scram { password: "x".into(), nonce: "abc".into(), expected: None };
        for challenge in [
            "r=abc,s=AAAA,i=4096",
            "r=xabcd,s=AAAA,i=4096",
            "r=abcd,s=AAAA,i=4294967295",
            "r=abcd,s=!,i=1",
            "r=abcd,i=1",
            "",
        ] {
            assert_eq!(scram.answer(challenge.as_bytes()), None, "{challenge}");
        }
        assert!(!scram.is_proof(b"v="));
    }
}

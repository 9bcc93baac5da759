//! A caller's client certificate: PEM text ([RFC 7468](https://www.rfc-editor.org/rfc/rfc7468)) with a certificate chain and its private
//! key.
//!
//! The engine checks the text form only, so that a wrong file fails at the call that sets it. The host's TLS implementation reads the
//! contents of the blocks.

use alloc::vec::Vec;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::failure::Cause;

/// Limit on the text, in bytes, so that a wrong file is refused; a chain of ten certificates with its key takes 20 KiB.
const LONGEST: usize = 64 << 10;

const CERTIFICATE: &[u8] = b"CERTIFICATE";

/// Labels of unencrypted keys. An encrypted key has another label or header lines inside its block; the engine has no way to ask for its
/// password.
const PRIVATE_KEYS: [&[u8]; 3] = [b"PRIVATE KEY", b"RSA PRIVATE KEY", b"EC PRIVATE KEY"];

/// Accepts `text` with at least one certificate and exactly one private key, in any order. Ignores blocks with other labels and text
/// outside of blocks.
///
/// # Errors
///
/// [`Cause::ClientCertificateInvalid`] otherwise, and for more than 64 KiB, a block without an end, or a block that is not base64.
pub fn check(text: &[u8]) -> Result<(), Cause> {
    let labels = if text.len() <= LONGEST { labels(text) } else { None }.ok_or(Cause::ClientCertificateInvalid)?;
    let keys = labels.iter().filter(|label| PRIVATE_KEYS.contains(*label)).count();
    let sound = labels.contains(&CERTIFICATE) && keys == 1;
    if sound { Ok(()) } else { Err(Cause::ClientCertificateInvalid) }
}

/// The labels of all blocks; `None` if a block is malformed.
fn labels(text: &[u8]) -> Option<Vec<&[u8]>> {
    let mut labels = Vec::new();
    let mut lines = text.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii);
    while let Some(line) = lines.next() {
        if let Some(label) = boundary(line, b"-----BEGIN ") {
            skip_block(label, &mut lines)?;
            labels.push(label);
        }
    }
    Some(labels)
}

/// Skips the lines of a block up to its end line; `None` if the block is malformed.
fn skip_block<'a>(label: &[u8], lines: &mut impl Iterator<Item = &'a [u8]>) -> Option<()> {
    let mut encoded = Vec::new();
    for line in lines {
        if let Some(ended) = boundary(line, b"-----END ") {
            let content = BASE64_STANDARD.decode(encoded).ok()?;
            return (ended == label && !content.is_empty()).then_some(());
        }
        encoded.extend_from_slice(line);
    }
    None
}

/// The label between `start` and the dashes at the end of the line.
fn boundary<'a>(line: &'a [u8], start: &[u8]) -> Option<&'a [u8]> {
    line.strip_prefix(start)?.strip_suffix(b"-----")
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;
    use proptest::prelude::*;

    fn block(label: &str) -> String {
        format!("-----BEGIN {label}-----\nMIIBAAECAwQF\r\nBgcI\n-----END {label}-----\n")
    }

    fn check_text(text: &str, good: bool) {
        let expected = if good { Ok(()) } else { Err(Cause::ClientCertificateInvalid) };
        assert_eq!(check(text.as_bytes()), expected, "{text}");
    }

    #[test]
    fn certificates_and_one_key_come_in_any_order() {
        let certificate = block("CERTIFICATE");
        for key in ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"] {
            check_text(&format!("{certificate}{}", block(key)), true);
            check_text(&format!("{}{certificate}\n{certificate}", block(key)), true);
        }
    }

    #[test]
    fn text_outside_and_other_blocks_do_not_count() {
        let good = block("CERTIFICATE") + &block("PRIVATE KEY");
        check_text(&format!("subject=CN é\n-----END CERTIFICATE-----\n{good}\nthe end"), true);
        check_text(&format!("{}{good}", block("EC PARAMETERS")), true);
        assert_eq!(check(&[&[0xff, b'\n'], good.as_bytes()].concat()), Ok(()));
    }

    #[test]
    fn both_are_needed_and_one_key_only() {
        for bad in ["", "CERTIFICATE", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"] {
            check_text(&block(bad), false);
        }
        check_text(&(block("CERTIFICATE") + &block("ENCRYPTED PRIVATE KEY")), false);
        check_text(&(block("CERTIFICATE") + &block("PRIVATE KEY") + &block("EC PRIVATE KEY")), false);
    }

    #[test]
    fn malformed_blocks_are_refused() {
        let good = block("CERTIFICATE") + &block("PRIVATE KEY");
        check_text(&good.replacen("BgcI", "Bgc", 1), false);
        check_text(&good.replacen("BgcI", "Bgc!", 1), false);
        check_text(&good.replacen("BgcI", "Proc-Type: 4,ENCRYPTED", 1), false);
        check_text(&good.replacen("END CERTIFICATE", "END KEY", 1), false);
        check_text(&good.replacen("-----END CERTIFICATE-----", "", 1), false);
        check_text(good.trim_end().strip_suffix("-----END PRIVATE KEY-----").unwrap(), false);
        check_text(&format!("{good}-----BEGIN X-----\n-----END X-----"), false);
        check_text(&format!("{good}{}", " ".repeat(LONGEST)), false);
    }

    proptest! {
        #[test]
        fn nothing_arbitrary_is_taken(
            bytes in any::<Vec<u8>>(),
            lines in "((-----(BEGIN|END) (CERTIFICATE|PRIVATE KEY)-----|[A-Z=]{0,8})\n){0,12}",
        ) {
            prop_assert!(check(&bytes).is_err());
            let taken = check(lines.as_bytes()).is_ok();
            prop_assert!(!taken || lines.matches("BEGIN PRIVATE KEY").count() == 1);
        }
    }
}

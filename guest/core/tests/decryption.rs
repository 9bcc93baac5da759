//! Native tests of the component's decryptor. It is included by path, because the component only builds for WASI.

extern crate alloc;

#[path = "../../component/src/shell/decryption.rs"]
mod decryption;

use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, Key, KeyInit, Nonce};
use haul_core::failure::Cause;
use haul_core::parse::decryption_info::DecryptionInfo;
use proptest::prelude::*;

use decryption::Decryptor;

const KEY: [u8; 32] = [7; 32];

fn info(key: &[u8], buffer: u32) -> DecryptionInfo {
    DecryptionInfo::new(key.to_vec(), buffer).unwrap()
}

/// `plain` encrypted in the documented format with [`KEY`].
fn encrypt(plain: &[u8], buffer: usize) -> Vec<u8> {
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(KEY));
    let count = plain.len().div_ceil(buffer).max(1);
    let encrypt = |number: usize| {
        let start = number * buffer;
        let mut sealed = plain[start..plain.len().min(start + buffer)].to_vec();
        let mut nonce = Nonce::default();
        nonce[4..].copy_from_slice(&(number as u64).to_be_bytes());
        let place = [u8::from(number + 1 == count)];
        let tag = cipher.encrypt_inout_detached(&nonce, &place, sealed.as_mut_slice().into()).unwrap();
        sealed.extend_from_slice(&tag);
        sealed
    };
    (0..count).flat_map(encrypt).collect()
}

/// The output and result for `encrypted`, passed in parts of `part` bytes.
fn decrypt(info: &DecryptionInfo, encrypted: &[u8], part: usize) -> (Vec<u8>, Result<(), Cause>) {
    let (mut decryptor, mut out) = (Decryptor::new(info), Vec::new());
    for bytes in encrypted.chunks(part) {
        if let Err(cause) = decryptor.push(bytes, &mut out) {
            return (out, Err(cause));
        }
    }
    let ended = decryptor.finish(&mut out);
    (out, ended)
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16).unwrap() as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// Vectors from another implementation of the documented format.
#[test]
fn the_format_is_the_documented_one() {
    let key: Vec<u8> = (0..32).collect();
    for (key, encrypted, plain) in [
        (
            &key[..16],
            "21b7f23fb9f8c7fe91e01f1b40e8c4bdeb959d06e4f3c49e7102a0336616d747d2bac206f0bf18fc2f44fc2680da1b2c5409ba3f",
            "haul carries it home",
        ),
        (
            &key,
            "66ddc0b2954fe2cf7ac1cc463845e5b92c964176afb9886528b3bb5fb76d32937db9d299029c7dc44e8de1cf043b7e5cc795ed15",
            "haul carries it home",
        ),
        (&key[..16], "9c0cb3c5786e99d1eb967d210af0ca46", ""),
    ] {
        let (info, encrypted) = (info(key, 16), hex(encrypted));
        assert_eq!(info.plain_length(encrypted.len() as u64), Some(plain.len() as u64));
        assert_eq!(decrypt(&info, &encrypted, 7), (plain.into(), Ok(())));
    }
}

#[test]
fn a_content_that_is_not_encrypted_is_told_from_a_changed_one() {
    let (info, encrypted) = (info(&KEY, 100), encrypt(&[1; 250], 100));
    assert_eq!(decrypt(&info, &[1; 250], 9), (vec![], Err(Cause::EncryptionExpected)));
    assert_eq!(decrypt(&info, b"short", 9), (vec![], Err(Cause::EncryptionExpected)));
    assert_eq!(decrypt(&info, b"", 9), (vec![], Err(Cause::EncryptionExpected)));
    let other = DecryptionInfo::new(vec![8; 32], 100).unwrap();
    assert_eq!(decrypt(&other, &encrypted, 9), (vec![], Err(Cause::EncryptionExpected)));
    let mut changed = encrypted;
    changed[130] ^= 1;
    assert_eq!(decrypt(&info, &changed, 9), (vec![1; 100], Err(Cause::Undecryptable)));
}

#[test]
fn a_content_that_was_cut_off_between_buffers_is_found_out() {
    let (info, encrypted) = (info(&KEY, 100), encrypt(&[1; 300], 100));
    assert_eq!(decrypt(&info, &encrypted[..116], 9), (vec![], Err(Cause::Undecryptable)));
    assert_eq!(decrypt(&info, &encrypted[..232], 9), (vec![1; 100], Err(Cause::Undecryptable)));
    assert_eq!(decrypt(&info, &encrypted[..240], 9), (vec![1; 200], Err(Cause::Undecryptable)));
}

#[test]
fn nothing_may_follow_the_last_buffer() {
    let (info, mut encrypted) = (info(&KEY, 100), encrypt(&[1; 100], 100));
    encrypted.push(0);
    assert_eq!(decrypt(&info, &encrypted, 9), (vec![], Err(Cause::Undecryptable)));
}

#[test]
fn an_empty_buffer_is_only_that_of_an_empty_content() {
    let info = info(&KEY, 16);
    assert_eq!(decrypt(&info, &encrypt(&[], 16), 16), (vec![], Ok(())));
    // Both buffers are authentic, but the writer violated the format.
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(KEY));
    let mut encrypted = encrypt(&[1; 32], 16)[..32].to_vec();
    let mut nonce = Nonce::default();
    nonce[11] = 1;
    let mut nothing = [0_u8; 0];
    encrypted.extend(cipher.encrypt_inout_detached(&nonce, &[1], nothing.as_mut_slice().into()).unwrap());
    assert_eq!(decrypt(&info, &encrypted, 99), (vec![1; 16], Err(Cause::Undecryptable)));
}

proptest! {
    #[test]
    fn what_was_encrypted_comes_out_whole(
        plain in proptest::collection::vec(any::<u8>(), 0..600), buffer in 16..90_u32, part in 1..200_usize
    ) {
        let encrypted = encrypt(&plain, buffer as usize);
        let info = info(&KEY, buffer);
        prop_assert_eq!(info.plain_length(encrypted.len() as u64), Some(plain.len() as u64));
        prop_assert_eq!(decrypt(&info, &encrypted, part), (plain, Ok(())));
    }

    #[test]
    fn only_authentic_bytes_ever_come_out(
        plain in proptest::collection::vec(any::<u8>(), 1..600), buffer in 16..90_u32, part in 1..200_usize,
        at in any::<proptest::sample::Index>(), flip in 1..=255_u8, cut in any::<bool>()
    ) {
        let mut encrypted = encrypt(&plain, buffer as usize);
        let at = at.index(encrypted.len());
        if cut { encrypted.truncate(at) } else { encrypted[at] ^= flip };
        let (out, ended) = decrypt(&info(&KEY, buffer), &encrypted, part);
        prop_assert!(plain.starts_with(&out) && out.len() < plain.len());
        prop_assert!(matches!(ended, Err(Cause::EncryptionExpected | Cause::Undecryptable)));
        prop_assert!(at < buffer as usize + 16 || matches!(ended, Err(Cause::Undecryptable)));
    }
}

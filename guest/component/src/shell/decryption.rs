//! Decryption of content as it arrives: buffers of AES in Galois/Counter Mode, in the format that `decryption-info` in `wit/types.wit`
//! documents.
//!
//! Plain bytes are released only after their buffer is authenticated, so at most one buffer is held back: a whole one waits until the next
//! byte shows that it is not the last.
//!
//! This file uses nothing of the component, so that `guest/core/tests/decryption.rs` can test it natively.

use alloc::boxed::Box;
use alloc::vec::Vec;

use aes_gcm::{AeadInOut, Aes128Gcm, Aes256Gcm, Key, KeyInit, Nonce};
use haul_core::failure::Cause;
use haul_core::parse::decryption_info::{DecryptionInfo, TAG};

/// The position of a buffer, which is its associated data, so that truncation between two buffers is detected.
#[derive(Clone, Copy)]
enum Place {
    Before = 0,
    Last = 1,
}

enum Cipher {
    Aes128(Box<Aes128Gcm>),
    Aes256(Box<Aes256Gcm>),
}

impl Cipher {
    fn new(key: &[u8]) -> Self {
        match key.try_into() {
            Ok(key) => Self::Aes128(Box::new(Aes128Gcm::new(key))),
            Err(_) => {
                let mut long = Key::<Aes256Gcm>::default();
                long.copy_from_slice(key);
                Self::Aes256(Box::new(Aes256Gcm::new(&long)))
            }
        }
    }

    /// Decrypts buffer `number` in place. If it is not authentic, it stays as it is.
    fn open(&self, number: u64, place: Place, text: &mut [u8], tag: &[u8; TAG]) -> bool {
        let mut nonce = Nonce::default();
        nonce[4..].copy_from_slice(&number.to_be_bytes());
        let data = [place as u8];
        match self {
            Self::Aes128(cipher) => cipher.decrypt_inout_detached(&nonce, &data, text.into(), tag.into()),
            Self::Aes256(cipher) => cipher.decrypt_inout_detached(&nonce, &data, text.into(), tag.into()),
        }
        .is_ok()
    }
}

/// The decryptor of one content.
pub struct Decryptor {
    cipher: Cipher,
    /// Bytes of a buffer with its tag.
    whole: usize,
    /// The encrypted bytes of the current buffer.
    sealed: Vec<u8>,
    /// The number of decrypted buffers.
    number: u64,
}

impl Decryptor {
    pub fn new(info: &DecryptionInfo) -> Self {
        let whole = info.buffer() as usize + TAG;
        Self { cipher: Cipher::new(info.key()), whole, sealed: Vec::new(), number: 0 }
    }

    /// Takes the next encrypted bytes and appends the plain bytes that they authenticate to `out`. These can be up to one buffer more than
    /// the encrypted bytes.
    ///
    /// # Errors
    ///
    /// [`Cause::EncryptionExpected`] for a first buffer that is not authentic, [`Cause::Undecryptable`] for a later one.
    /// `out` then ends with the last authentic buffer.
    pub fn push(&mut self, mut encrypted: &[u8], out: &mut Vec<u8>) -> Result<(), Cause> {
        while !encrypted.is_empty() {
            if self.sealed.len() == self.whole {
                self.open(Place::Before, out)?;
            }
            let (taken, rest) = encrypted.split_at(encrypted.len().min(self.whole - self.sealed.len()));
            self.sealed.extend_from_slice(taken);
            encrypted = rest;
        }
        Ok(())
    }

    /// Ends the content and appends its last bytes to `out`.
    ///
    /// # Errors
    ///
    /// As those of [`push`](Self::push), and [`Cause::Undecryptable`] if buffers are missing at the end.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), Cause> {
        let is_empty_beside_others = self.number > 0 && self.sealed.len() <= TAG;
        if is_empty_beside_others { Err(Cause::Undecryptable) } else { self.open(Place::Last, out) }
    }

    fn open(&mut self, place: Place, out: &mut Vec<u8>) -> Result<(), Cause> {
        let Some((text, tag)) = self.sealed.split_last_chunk_mut() else { return Err(self.refusal()) };
        if !self.cipher.open(self.number, place, text, tag) {
            return Err(self.refusal());
        }
        out.extend_from_slice(text);
        self.sealed.clear();
        self.number += 1;
        Ok(())
    }

    /// The cause if the current buffer cannot be decrypted. If the first one opens at the other position, the key is right, and the content
    /// was truncated after it or extended.
    fn refusal(&mut self) -> Cause {
        let number = self.number;
        let is_ours = self.sealed.split_last_chunk_mut().is_some_and(|(text, tag)| {
            [Place::Before, Place::Last].into_iter().any(|place| self.cipher.open(number, place, text, tag))
        });
        if number > 0 || is_ours { Cause::Undecryptable } else { Cause::EncryptionExpected }
    }
}

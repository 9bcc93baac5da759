//! Wrapper for passwords, keys, and texts that may contain them.

use alloc::string::String;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A value that has neither `Debug` nor `Display`, and whose memory is overwritten on drop. A caller of [`expose`](Self::expose) must keep
/// its copies short-lived.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Overwrites the value and leaves an empty one.
    pub fn clear(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> From<T> for Secret<T> {
    fn from(secret: T) -> Self {
        Self(secret)
    }
}

impl From<&str> for Secret<String> {
    fn from(secret: &str) -> Self {
        Self(secret.into())
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::rc::Rc;
    use alloc::vec::Vec;
    use core::cell::Cell;

    /// Records that it was overwritten.
    struct Witness(Rc<Cell<bool>>);

    impl Zeroize for Witness {
        fn zeroize(&mut self) {
            self.0.set(true);
        }
    }

    #[test]
    fn a_secret_is_overwritten_when_it_is_dropped() {
        let overwritten = Rc::new(Cell::new(false));
        drop(Secret::from(Witness(overwritten.clone())));
        assert!(overwritten.get());
    }

    #[test]
    fn a_cleared_secret_is_empty() {
        let (mut text, mut bytes) = (Secret::from("secret"), Secret::from(Vec::from(*b"secret")));
        text.clear();
        bytes.clear();
        assert_eq!((text.expose().as_str(), bytes.expose().as_slice()), ("", &b""[..]));
    }

    /// The serialized form must stay plain text, so that ledgers written before this type remain readable.
    #[test]
    fn a_secret_is_kept_as_its_value() {
        let kept = postcard::to_allocvec(&Secret::from("secret")).unwrap();
        assert_eq!(kept, postcard::to_allocvec("secret").unwrap());
        assert!(postcard::from_bytes::<Secret<String>>(&kept) == Ok(Secret::from("secret")));
    }
}

//! Passwords, keys, and texts that may hold some.

use zeroize::Zeroize;

/// A value that is never shown: it has neither `Debug` nor `Display`, and its memory is overwritten when it is dropped. Copies that
/// [`expose`](Self::expose) leads to are the caller's to keep short-lived.
///
/// ```
/// let options = haul::JobOptions { auth_headers: "Authorization: Bearer abc".into(), ..haul::JobOptions::default() };
/// assert_eq!(options.auth_headers.expose(), "Authorization: Bearer abc");
/// assert!(!format!("{options:?}").contains("abc"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    pub const fn new(secret: T) -> Self {
        Self(secret)
    }

    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value itself, which is not overwritten any more.
    pub fn into_exposed(mut self) -> T
    where
        T: Default,
    {
        std::mem::take(&mut self.0)
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
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;

    /// Notes that it was overwritten.
    #[derive(Default)]
    struct Witness(Rc<Cell<bool>>);

    impl Zeroize for Witness {
        fn zeroize(&mut self) {
            self.0.set(true);
        }
    }

    #[test]
    fn a_secret_is_overwritten_when_it_is_dropped() {
        let overwritten = Rc::new(Cell::new(false));
        drop(Secret::new(Witness(overwritten.clone())));
        assert!(overwritten.get());
    }

    #[test]
    fn an_exposed_value_is_whole() {
        let overwritten = Rc::new(Cell::new(false));
        let exposed = Secret::new(Witness(overwritten.clone())).into_exposed();
        assert!(Rc::ptr_eq(&exposed.0, &overwritten) && !overwritten.get());
        assert_eq!(Secret::from("secret").into_exposed(), "secret");
    }
}

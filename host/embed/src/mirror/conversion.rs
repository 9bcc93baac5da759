//! The conversion of a value into its twin, and back.

use std::path::PathBuf;
use std::time::Duration;

use crate::secret::Secret;

/// A value with a twin of type `Wit` in the component. `Unit` is the unit of a number there.
pub(crate) trait Mirror<Wit, Unit = Plain> {
    fn to_wit(self) -> Wit;
    fn of_wit(value: Wit) -> Self;
}

/// No number, or one whose unit its name says.
pub(crate) struct Plain;

pub(crate) struct Seconds;

pub(crate) struct Milliseconds;

/// The unit of a field.
macro_rules! unit {
    () => {
        $crate::mirror::Plain
    };
    ($unit:ty) => {
        $unit
    };
}

/// The conversion of types that are converted with `From` in both directions.
macro_rules! mirror {
    ($own:ty = $wit:ty) => {
        impl $crate::mirror::Mirror<$wit> for $own {
            fn to_wit(self) -> $wit {
                self.into()
            }

            fn of_wit(value: $wit) -> Self {
                value.into()
            }
        }
    };
}

pub(crate) use {mirror, unit};

mirror!(String = String);
mirror!(bool = bool);
mirror!(u8 = u8);
mirror!(u32 = u32);
mirror!(u64 = u64);

impl<T: Mirror<Wit, Unit>, Wit, Unit> Mirror<Option<Wit>, Unit> for Option<T> {
    fn to_wit(self) -> Option<Wit> {
        self.map(T::to_wit)
    }

    fn of_wit(value: Option<Wit>) -> Self {
        value.map(T::of_wit)
    }
}

impl<T: Mirror<Wit, Unit>, Wit, Unit> Mirror<Vec<Wit>, Unit> for Vec<T> {
    fn to_wit(self) -> Vec<Wit> {
        self.into_iter().map(T::to_wit).collect()
    }

    fn of_wit(value: Vec<Wit>) -> Self {
        value.into_iter().map(T::of_wit).collect()
    }
}

impl Mirror<String> for Secret<String> {
    fn to_wit(self) -> String {
        self.into_exposed()
    }

    fn of_wit(value: String) -> Self {
        value.into()
    }
}

/// The component names files in Unicode; paths that go to it were checked.
impl Mirror<String> for PathBuf {
    fn to_wit(self) -> String {
        self.to_string_lossy().into()
    }

    fn of_wit(value: String) -> Self {
        value.into()
    }
}

impl Mirror<u32, Seconds> for Duration {
    fn to_wit(self) -> u32 {
        u32::try_from(self.as_secs()).unwrap_or(u32::MAX)
    }

    fn of_wit(seconds: u32) -> Self {
        Self::from_secs(seconds.into())
    }
}

impl Mirror<u32, Milliseconds> for Duration {
    fn to_wit(self) -> u32 {
        u32::try_from(self.as_millis()).unwrap_or(u32::MAX)
    }

    fn of_wit(milliseconds: u32) -> Self {
        Self::from_millis(milliseconds.into())
    }
}

impl Mirror<u64, Milliseconds> for Duration {
    fn to_wit(self) -> u64 {
        u64::try_from(self.as_millis()).unwrap_or(u64::MAX)
    }

    fn of_wit(milliseconds: u64) -> Self {
        Self::from_millis(milliseconds)
    }
}

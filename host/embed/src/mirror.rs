//! Values that have the same names on both sides of the border, written once.

/// An enumeration of the component, and its twin here.
macro_rules! mirrored_enum {
    ($(#[$about:meta])* $name:ident = $wit:ty { $($(#[$doc:meta])* $case:ident),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $case),+ }

        impl From<$wit> for $name {
            fn from(value: $wit) -> Self {
                type Wit = $wit;
                match value { $(Wit::$case => Self::$case),+ }
            }
        }

        impl From<$name> for $wit {
            fn from(value: $name) -> Self {
                match value { $($name::$case => Self::$case),+ }
            }
        }
    };
}

/// Flags of the component, and their twins here; none of them by default.
macro_rules! mirrored_flags {
    ($(#[$about:meta])* $name:ident($bits:ty) = $wit:ty { $($(#[$doc:meta])* $flag:ident = $bit:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $name($bits);

        impl $name {
            $($(#[$doc])* pub const $flag: Self = Self(1 << $bit);)+

            /// Whether all of `other` are among them.
            pub const fn contains(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }
        }

        impl std::ops::BitOr for $name {
            type Output = Self;

            fn bitor(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
        }

        impl From<$wit> for $name {
            fn from(flags: $wit) -> Self {
                type Wit = $wit;
                let mut own = Self::default();
                $(if flags.contains(Wit::$flag) { own = own | Self::$flag; })+
                own
            }
        }

        impl From<$name> for $wit {
            fn from(flags: $name) -> Self {
                let mut theirs = Self::empty();
                $(if flags.contains($name::$flag) { theirs |= Self::$flag; })+
                theirs
            }
        }
    };
}

pub(crate) use {mirrored_enum, mirrored_flags};

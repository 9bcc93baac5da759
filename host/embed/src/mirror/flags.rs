//! Flags.

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

        $crate::mirror::mirror!($name = $wit);

        /// The names of the flags.
        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let all = [$((Self::$flag, stringify!($flag))),+];
                let set = all.into_iter().filter(|(flag, _)| self.contains(*flag));
                serializer.collect_seq(set.map(|(_, name)| name))
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let names: Vec<String> = serde::Deserialize::deserialize(deserializer)?;
                names.iter().try_fold(Self::default(), |all, name| match name.as_str() {
                    $(stringify!($flag) => Ok(all | Self::$flag),)+
                    other => Err(serde::de::Error::unknown_variant(other, &[$(stringify!($flag)),+])),
                })
            }
        }
    };
}

pub(crate) use mirrored_flags;

//! Flags.

/// Flags of the component, and their twins here; none of them by default.
macro_rules! mirrored_flags {
    ($(#[$about:meta])* $name:ident($bits:ty) = $wit:ty { $($(#[$doc:meta])* $flag:ident = $bit:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $name($bits);

        impl $name {
            $($(#[$doc])* pub const $flag: Self = Self(1 << $bit);)+

            const ALL: $bits = $((1 << $bit))|+;

            /// The flags with these bits, as the Windows headers number them; `None` if a bit has no flag.
            pub const fn from_bits(bits: $bits) -> Option<Self> {
                if bits & !Self::ALL == 0 { Some(Self(bits)) } else { None }
            }

            /// The bits, as the Windows headers number them.
            pub const fn bits(self) -> $bits {
                self.0
            }

            /// All flags.
            pub const fn all() -> Self {
                Self(Self::ALL)
            }

            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// The flags that are in one of both.
            #[must_use]
            pub const fn union(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// The flags that are in both.
            #[must_use]
            pub const fn intersection(self, other: Self) -> Self {
                Self(self.0 & other.0)
            }

            /// The flags that are not in `other`.
            #[must_use]
            pub const fn difference(self, other: Self) -> Self {
                Self(self.0 & !other.0)
            }

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

        impl std::ops::Sub for $name {
            type Output = Self;

            fn sub(self, other: Self) -> Self {
                self.difference(other)
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

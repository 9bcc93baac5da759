//! Enumerations.

/// An enumeration of the component, and its twin here.
macro_rules! mirrored_enum {
    ($(#[$about:meta])* $name:ident = $wit:ty { $($(#[$doc:meta])* $case:ident),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
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

        $crate::mirror::mirror!($name = $wit);
    };
}

/// A mirrored enumeration whose cases this crate also writes as the component model does.
macro_rules! named_enum {
    ($(#[$about:meta])* $name:ident = $wit:ty { $($(#[$doc:meta])* $case:ident = $text:literal),+ $(,)? }) => {
        $crate::mirror::mirrored_enum! {
            $(#[$about])*
            $name = $wit { $($(#[$doc])* $case),+ }
        }

        impl $name {
            /// The name in `wit/`.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$case => $text),+ }
            }
        }
    };
}

pub(crate) use {mirrored_enum, named_enum};

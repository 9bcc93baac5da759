//! Variants.

/// A variant of the component, and its twin here. A case has one value or none.
macro_rules! mirrored_variant {
    ($(#[$about:meta])* $name:ident = $wit:ty { $($(#[$doc:meta])* $case:ident $(($value:ty))?),+ $(,)? }) => {
        $(#[$about])*
        pub enum $name { $($(#[$doc])* $case $(($value))?),+ }

        impl From<$wit> for $name {
            fn from(value: $wit) -> Self {
                type Wit = $wit;
                match value {
                    $(Wit::$case $(($crate::mirror::bind!($value, value)))? =>
                        Self::$case $((<$value as $crate::mirror::Mirror<_>>::of_wit(value)))?),+
                }
            }
        }

        impl From<$name> for $wit {
            fn from(value: $name) -> Self {
                match value {
                    $($name::$case $(($crate::mirror::bind!($value, value)))? =>
                        Self::$case $((<$value as $crate::mirror::Mirror<_>>::to_wit(value)))?),+
                }
            }
        }
    };
}

/// Binds the value of a case, whose type says that there is one.
macro_rules! bind {
    ($type:ty, $name:ident) => {
        $name
    };
}

pub(crate) use {bind, mirrored_variant};

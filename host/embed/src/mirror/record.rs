//! Records.

/// A record of the component that holds secrets, and its twin here, which cannot be serialized. A field whose number has a unit in the
/// component names the unit after its type.
macro_rules! mirrored_secrets {
    (
        $(#[$about:meta])* $name:ident = $wit:ty {
            $($(#[$doc:meta])* $field:ident: $type:ty $(as $unit:ty)?),+ $(,)?
        }
    ) => {
        $(#[$about])*
        pub struct $name { $($(#[$doc])* pub $field: $type),+ }

        impl From<$wit> for $name {
            fn from(value: $wit) -> Self {
                use $crate::mirror::{Mirror, unit};
                Self { $($field: <$type as Mirror<_, unit!($($unit)?)>>::of_wit(value.$field)),+ }
            }
        }

        impl From<$name> for $wit {
            fn from(value: $name) -> Self {
                use $crate::mirror::{Mirror, unit};
                Self { $($field: <$type as Mirror<_, unit!($($unit)?)>>::to_wit(value.$field)),+ }
            }
        }

        $crate::mirror::mirror!($name = $wit);
    };
}

/// A record of the component, and its twin here.
macro_rules! mirrored_record {
    ($(#[$about:meta])* $name:ident = $wit:ty { $($fields:tt)+ }) => {
        $crate::mirror::mirrored_secrets! {
            #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
            $(#[$about])*
            $name = $wit { $($fields)+ }
        }
    };
}

pub(crate) use {mirrored_record, mirrored_secrets};

//! Tables of properties.

/// The ids of some properties, and the properties with their values.
macro_rules! properties {
    (
        $(#[$about_id:meta])* $id:ident = $wit_id:ty,
        $(#[$about:meta])* $property:ident = $wit:ty,
        { $($(#[$doc:meta])* $name:ident $(($value:ty))?),+ $(,)? }
    ) => {
        $crate::mirror::mirrored_enum! {
            $(#[$about_id])*
            $id = $wit_id { $($name),+ }
        }

        $crate::mirror::mirrored_variant! {
            $(#[$about])*
            $property = $wit { $($(#[$doc])* $name $(($value))?),+ }
        }

        impl $property {
            /// Which property it is.
            pub const fn id(&self) -> $id {
                match self { $(Self::$name { .. } => $id::$name),+ }
            }
        }
    };
}

/// Debug output that shows only the id: values may be passwords, headers with some, or keys.
macro_rules! debug_as_id {
    ($($property:ty),+) => {
        $(impl std::fmt::Debug for $property {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.id().fmt(f)
            }
        })+
    };
}

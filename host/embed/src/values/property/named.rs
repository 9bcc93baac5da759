//! Properties whose names are the same on both sides, each with a value.

/// The ids of some properties, and the properties with their values, written once.
macro_rules! properties {
    (
        $(#[$about_id:meta])* $id:ident = $wit_id:ty,
        $(#[$about:meta])* $property:ident = $wit:ty,
        { $($(#[$doc:meta])* $name:ident($value:ty)),+ $(,)? }
    ) => {
        $(#[$about_id])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $id { $($name),+ }

        $(#[$about])*
        #[derive(Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $property { $($(#[$doc])* $name($value)),+ }

        impl $property {
            /// Which property it is.
            pub const fn id(&self) -> $id {
                match self { $(Self::$name(_) => $id::$name),+ }
            }
        }

        /// Its id: values may be passwords, headers with some, or keys.
        impl std::fmt::Debug for $property {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.id().fmt(f)
            }
        }

        impl From<$id> for $wit_id {
            fn from(id: $id) -> Self {
                match id { $($id::$name => Self::$name),+ }
            }
        }

        impl From<$wit_id> for $id {
            fn from(id: $wit_id) -> Self {
                type Wit = $wit_id;
                match id { $(Wit::$name => Self::$name),+ }
            }
        }

        impl From<$property> for $wit {
            fn from(property: $property) -> Self {
                match property { $($property::$name(value) => Self::$name(value.to_wit())),+ }
            }
        }

        impl From<$wit> for $property {
            fn from(property: $wit) -> Self {
                type Wit = $wit;
                match property { $(Wit::$name(value) => Self::$name(Value::of_wit(value))),+ }
            }
        }
    };
}

//! Values of this crate that have a twin in the component. Macros write each pair, so that each name stands in one place.

mod conversion;
mod enumeration;
mod flags;
mod record;
mod variant;

pub(crate) use self::conversion::{Milliseconds, Mirror, Plain, Seconds, mirror, unit};
pub(crate) use self::enumeration::{mirrored_enum, named_enum};
pub(crate) use self::flags::mirrored_flags;
pub(crate) use self::record::{mirrored_record, mirrored_secrets};
pub(crate) use self::variant::{bind, mirrored_variant};

//! The caller's proxy settings. The host parses the lists.

use alloc::format;
use alloc::string::String;
use core::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::{Deserialize, Serialize};

use crate::failure::Cause;
use crate::text::secret::Secret;

/// Limit on a list, in characters: that of BITS.
const LONGEST: usize = 4_000;

/// BG_JOB_PROXY_USAGE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyUsage {
    Preconfig,
    NoProxy,
    Override,
    Autodetect,
}

/// The proxy for exchanges.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProxySettings {
    /// The host's configured proxy.
    #[default]
    Preconfig,
    NoProxy,
    /// The first proxy in the list that answers; a direct connection for hosts in the bypass list.
    Override {
        list: Secret<String>,
        bypass: Option<Secret<String>>,
    },
    /// The result of the host's own detection.
    Autodetect,
}

impl ProxySettings {
    /// The caller's settings, checked without parsing the lists.
    ///
    /// # Errors
    ///
    /// [`Cause::InvalidArgument`] for `Override` without a proxy list, and for a list without `Override`; [`Cause::ProxyListTooLarge`] and
    /// [`Cause::ProxyBypassListTooLarge`] beyond 4,000 characters.
    pub fn check(usage: ProxyUsage, list: Option<String>, bypass: Option<String>) -> Result<Self, Cause> {
        let is_long = |list: &Option<String>| list.as_ref().is_some_and(|list| list.chars().nth(LONGEST).is_some());
        if is_long(&list) {
            return Err(Cause::ProxyListTooLarge);
        }
        if is_long(&bypass) {
            return Err(Cause::ProxyBypassListTooLarge);
        }
        match (usage, list, bypass) {
            (ProxyUsage::Override, Some(list), bypass) => {
                Ok(Self::Override { list: list.into(), bypass: bypass.map(Into::into) })
            }
            (ProxyUsage::Preconfig, None, None) => Ok(Self::Preconfig),
            (ProxyUsage::NoProxy, None, None) => Ok(Self::NoProxy),
            (ProxyUsage::Autodetect, None, None) => Ok(Self::Autodetect),
            _ => Err(Cause::InvalidArgument),
        }
    }

    pub const fn usage(&self) -> ProxyUsage {
        match self {
            Self::Preconfig => ProxyUsage::Preconfig,
            Self::NoProxy => ProxyUsage::NoProxy,
            Self::Override { .. } => ProxyUsage::Override,
            Self::Autodetect => ProxyUsage::Autodetect,
        }
    }

    /// Whether the settings need a driver that accepts private fields of exchanges.
    pub(crate) const fn needs_host(&self) -> bool {
        matches!(self, Self::Override { .. } | Self::Autodetect)
    }

    /// Total length of the lists in bytes.
    pub(crate) fn footprint(&self) -> usize {
        match self {
            Self::Override { list, bypass } => {
                list.expose().len() + bypass.as_ref().map_or(0, |bypass| bypass.expose().len())
            }
            _ => 0,
        }
    }

    /// The value of the private proxy field for the host; `None` if the default applies.
    pub(crate) fn field(&self) -> Option<String> {
        match self {
            Self::Preconfig => None,
            Self::NoProxy => Some("direct".into()),
            Self::Autodetect => Some("detect".into()),
            Self::Override { list, bypass } => {
                let list = BASE64_STANDARD.encode(list.expose());
                Some(match bypass.as_ref().map(|bypass| bypass.expose().as_str()) {
                    None | Some("") => format!("use {list}"),
                    Some(bypass) => format!("use {list} {}", BASE64_STANDARD.encode(bypass)),
                })
            }
        }
    }
}

/// Omits the lists, which may hold passwords.
impl fmt::Debug for ProxySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.usage().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(usage: ProxyUsage, list: Option<&str>, bypass: Option<&str>) -> Result<ProxySettings, Cause> {
        ProxySettings::check(usage, list.map(Into::into), bypass.map(Into::into))
    }

    #[test]
    fn lists_are_for_override_and_override_needs_one() {
        use ProxyUsage::{Autodetect, NoProxy, Override, Preconfig};
        for usage in [Preconfig, NoProxy, Autodetect] {
            assert_eq!(check(usage, None, None).map(|settings| settings.usage()), Ok(usage));
            assert_eq!(check(usage, Some("proxy:80"), None), Err(Cause::InvalidArgument));
            assert_eq!(check(usage, None, Some("<local>")), Err(Cause::InvalidArgument));
        }
        assert_eq!(check(Override, None, None), Err(Cause::InvalidArgument));
        assert_eq!(check(Override, None, Some("<local>")), Err(Cause::InvalidArgument));
        assert_eq!(check(Override, Some("proxy:80"), None).map(|settings| settings.usage()), Ok(Override));
    }

    #[test]
    fn lists_have_4000_characters_at_most() {
        let (most, more) = ("ä".repeat(LONGEST), "ä".repeat(LONGEST + 1));
        assert!(check(ProxyUsage::Override, Some(&most), Some(&most)).is_ok());
        assert_eq!(check(ProxyUsage::Override, Some(&more), None), Err(Cause::ProxyListTooLarge));
        assert_eq!(check(ProxyUsage::Override, Some("a"), Some(&more)), Err(Cause::ProxyBypassListTooLarge));
    }

    #[test]
    fn the_host_is_told_in_one_field() {
        let told = |usage, list, bypass| check(usage, list, bypass).expect("settings").field();
        assert_eq!(told(ProxyUsage::Preconfig, None, None), None);
        assert_eq!(told(ProxyUsage::NoProxy, None, None).as_deref(), Some("direct"));
        assert_eq!(told(ProxyUsage::Autodetect, None, None).as_deref(), Some("detect"));
        assert_eq!(told(ProxyUsage::Override, Some("a:1"), None).as_deref(), Some("use YTox"));
        assert_eq!(told(ProxyUsage::Override, Some("a:1"), Some("*.b")).as_deref(), Some("use YTox Ki5i"));
    }

    #[test]
    fn a_list_never_shows_in_debug_output() {
        let settings = check(ProxyUsage::Override, Some("http://me:secret@proxy"), None);
        assert_eq!(format!("{settings:?}"), "Ok(Override)");
    }
}

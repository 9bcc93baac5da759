//! Ownership of downloads: each caller finds its own downloads only.

use haul_core::engine::Category;
use haul_core::failure::Cause;
use haul_core::settings::property::{Property, PropertyId};

use super::World;

const CALLERS: [&str; 2] = ["one", "other"];

/// The caller's name.
pub fn name(other: bool) -> &'static str {
    CALLERS[usize::from(other)]
}

impl World {
    pub(super) fn check_callers(&self) {
        for caller in CALLERS {
            let is_its = |subject: &&super::Subject| {
                let download = self.engine.download(subject.id);
                subject.caller() == caller && download.is_some_and(|download| !download.is_over())
            };
            let mut its: Vec<_> = self.subjects.iter().filter(is_its).map(|subject| subject.id).collect();
            its.sort_unstable();
            let expected = if its.is_empty() { Err(Cause::NoDownloads) } else { Ok(its.clone()) };
            assert_eq!(self.engine.downloads_of(caller, None), expected, "of {caller}");
            for subject in &self.subjects {
                let Some(download) = self.engine.download(subject.id) else { continue };
                let found = |category| self.engine.downloads_of(caller, Some(&category)).unwrap_or_default();
                let is_found = its.contains(&subject.id);
                assert_eq!(found(Category::Id(download.id().into())).contains(&subject.id), is_found);
                if let Ok(Property::Uri(url)) = download.property(PropertyId::Uri) {
                    assert_eq!(found(Category::Uri(url)).contains(&subject.id), is_found);
                }
            }
        }
    }
}

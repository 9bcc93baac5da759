//! Categories of downloads.

use crate::bindings::do_manager;

/// The downloads whose property has this value, to the letter: DO_DOWNLOAD_ENUM_CATEGORY.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Category {
    Id(String),
    Uri(String),
    ContentId(String),
    DisplayName(String),
    LocalPath(String),
}

impl From<Category> for do_manager::Category {
    fn from(category: Category) -> Self {
        match category {
            Category::Id(id) => Self::Id(id),
            Category::Uri(url) => Self::Uri(url),
            Category::ContentId(id) => Self::ContentId(id),
            Category::DisplayName(name) => Self::DisplayName(name),
            Category::LocalPath(path) => Self::LocalPath(path),
        }
    }
}

//! What a contender is sent for.

/// The name of the file to be written: that of the URL as well, so that it holds whoever names the file.
pub const FILE: &str = "file";

/// One download into the working directory of the process.
#[derive(Clone, Copy, Debug)]
pub struct Errand<'a> {
    pub url: &'a str,
    /// How many the program is told to use; it is told nothing for `None`.
    pub connections: Option<u32>,
    /// Fields for the request, as `Name: value`.
    pub fields: &'a [&'a str],
    /// Whether the name of the file is left to the origin, where the program has an option for that.
    pub named_by_origin: bool,
}

impl Errand<'_> {
    /// An errand to this URL with nothing special about it.
    pub const fn plain(url: &str) -> Errand<'_> {
        Errand { url, connections: None, fields: &[], named_by_origin: false }
    }
}

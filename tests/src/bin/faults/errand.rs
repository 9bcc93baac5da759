//! The download that a contender is sent for.

/// The name of the downloaded file. It is also the last segment of the URL, so it holds whether the user or the program names the
/// file.
pub const FILE: &str = "file";

/// One download into the working directory of the process.
#[derive(Clone, Copy, Debug)]
pub struct Errand<'a> {
    pub url: &'a str,
    /// The number of connections on the command line; without such an option if `None`.
    pub connections: Option<u32>,
    /// Fields of the request, as `Name: value`.
    pub fields: &'a [&'a str],
    /// Whether the origin names the file, if the program has an option for that.
    pub named_by_origin: bool,
}

impl Errand<'_> {
    /// A plain download of this URL.
    pub const fn plain(url: &str) -> Errand<'_> {
        Errand { url, connections: None, fields: &[], named_by_origin: false }
    }
}

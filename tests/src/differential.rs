//! The differential run: curl and haul get the same URLs, fields, names and bodies from the scripted origin. haul fetches whatever curl
//! fetches, or the corpus states the reason.

pub mod bodies;
pub mod fields;
pub mod names;
mod run;
pub mod urls;

pub use self::run::differences;

/// An input for both programs.
#[derive(Clone, Debug)]
pub struct Case {
    pub task: Task,
    /// The reason why haul does something else than curl; `None` if both do the same.
    pub reason: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub enum Task {
    /// Fetch a URL through a proxy that answers for every host.
    Url(String),
    /// Follow a redirect to this Location, from [`run::REDIRECTING`].
    Location(Vec<u8>),
    /// Read this answer, from its status line on. Then the origin closes the connection.
    Answer(Vec<u8>),
    /// Save a file under the name in this value of Content-Disposition.
    Name(Vec<u8>),
}

impl Case {
    /// Both do the same.
    fn same(task: Task) -> Self {
        Self { task, reason: None }
    }

    fn differs(task: Task, reason: &'static str) -> Self {
        Self { task, reason: Some(reason) }
    }
}

/// The whole corpus.
pub fn corpus() -> Vec<Case> {
    [urls::cases(), urls::locations(), fields::cases(), bodies::cases(), names::cases()].concat()
}

//! The set-up of a scenario: origins, a folder, and events.

use haul_tests::origin::{Content, Origin, Resource, Site};

use crate::errand::Errand;
use crate::folder::Folder;

/// The path of the file at the origin.
pub const PATH: &str = "/file";

/// A scenario set up for one contender.
pub struct Stage {
    /// The origin of the download, then those to which it redirects.
    pub origins: Vec<Origin>,
    /// `None` if this machine cannot provide it.
    pub folder: Option<Folder>,
    /// The contents, each of which is a right result.
    pub versions: Vec<Content>,
    /// The number of connections; each program chooses its own if `None`.
    pub connections: Option<u32>,
    pub fields: &'static [&'static str],
    pub named_by_origin: bool,
    /// An event during the first run.
    pub moment: Option<Moment>,
    /// The action after the first run, which is then a prologue: its end is no verdict, unless it claims a wrong success.
    pub after_prologue: Option<fn(&Folder)>,
}

/// A point in a run, and the event at that point.
pub struct Moment {
    /// The number of content bytes that the origin has sent.
    pub sent: u64,
    pub act: Act,
}

/// The event at a moment.
pub enum Act {
    /// Kills the process.
    Kill,
    /// Replaces the resource of the origin.
    Serve(Resource),
}

impl Stage {
    /// A download of `versions` from `site`.
    pub fn new(site: Site, versions: impl Into<Vec<Content>>) -> Self {
        Self {
            origins: vec![Origin::start(site)],
            folder: Some(Folder::new()),
            versions: versions.into(),
            connections: None,
            fields: &[],
            named_by_origin: false,
            moment: None,
            after_prologue: None,
        }
    }

    /// Adds an origin.
    pub fn and_origin(mut self, origin: Origin) -> Self {
        self.origins.push(origin);
        self
    }

    /// Sets the number of connections.
    pub fn with_connections(self, connections: u32) -> Self {
        Self { connections: Some(connections), ..self }
    }

    /// Puts this content at the target of the download.
    pub fn with_file(self, content: &Content) -> Self {
        self.folder.iter().for_each(|folder| folder.put(content));
        self
    }

    /// Sets an event during the first run.
    pub fn at(self, sent: u64, act: Act) -> Self {
        Self { moment: Some(Moment { sent, act }), ..self }
    }

    /// Makes the first run a prologue, followed by this action.
    pub fn after_prologue(self, act: fn(&Folder)) -> Self {
        Self { after_prologue: Some(act), ..self }
    }

    /// The errand to the origin at `url`.
    pub fn errand<'a>(&self, url: &'a str) -> Errand<'a> {
        Errand { url, connections: self.connections, fields: self.fields, named_by_origin: self.named_by_origin }
    }

    /// Whether one of the fields reached another origin than that of the download.
    pub fn has_leaked(&self) -> bool {
        let others = self.origins.iter().skip(1).flat_map(Origin::requests);
        let is_ours = |(name, value): (String, String)| {
            self.fields.iter().any(|field| field.eq_ignore_ascii_case(&format!("{name}: {value}")))
        };
        others.into_iter().any(|request| request.headers.into_iter().any(is_ours))
    }
}

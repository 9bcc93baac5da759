//! What a scenario needs: origins, a folder, and what happens to them.

use haul_tests::origin::{Content, Origin, Resource, Site};

use crate::errand::Errand;
use crate::folder::Folder;

/// Where the origin has what is to be downloaded.
pub const PATH: &str = "/file";

/// A scenario that is set up for one contender.
pub struct Stage {
    /// The origin that is asked, and those that it redirects to.
    pub origins: Vec<Origin>,
    /// None where this machine cannot provide it.
    pub folder: Option<Folder>,
    /// The contents each of which is right in the end.
    pub versions: Vec<Content>,
    /// How many connections to use; each program's own choice for `None`.
    pub connections: Option<u32>,
    pub fields: &'static [&'static str],
    pub named_by_origin: bool,
    /// Something that happens in the midst of the first run.
    pub moment: Option<Moment>,
    /// What is done after the first run, which is then a prologue: its end is no verdict, unless it is a wrong success.
    pub after_prologue: Option<fn(&Folder)>,
}

/// A point in a run, and what happens then.
pub struct Moment {
    /// How many bytes of content the origin has sent.
    pub sent: u64,
    pub act: Act,
}

/// What happens at a moment.
pub enum Act {
    /// The process is killed.
    Kill,
    /// The origin has this from now on.
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

    /// With one more origin.
    pub fn and_origin(mut self, origin: Origin) -> Self {
        self.origins.push(origin);
        self
    }

    /// With so many connections.
    pub fn with_connections(self, connections: u32) -> Self {
        Self { connections: Some(connections), ..self }
    }

    /// With this where the download is to go.
    pub fn with_file(self, content: &Content) -> Self {
        self.folder.iter().for_each(|folder| folder.put(content));
        self
    }

    /// With something that happens in the midst of the first run.
    pub fn at(self, sent: u64, act: Act) -> Self {
        Self { moment: Some(Moment { sent, act }), ..self }
    }

    /// With a first run that is a prologue, and what is done after it.
    pub fn after_prologue(self, act: fn(&Folder)) -> Self {
        Self { after_prologue: Some(act), ..self }
    }

    /// The errand to the origin at `url`.
    pub fn errand<'a>(&self, url: &'a str) -> Errand<'a> {
        Errand { url, connections: self.connections, fields: self.fields, named_by_origin: self.named_by_origin }
    }

    /// Whether one of the fields went to an origin other than the one that was asked.
    pub fn has_leaked(&self) -> bool {
        let others = self.origins.iter().skip(1).flat_map(Origin::requests);
        let is_ours = |(name, value): (String, String)| {
            self.fields.iter().any(|field| field.eq_ignore_ascii_case(&format!("{name}: {value}")))
        };
        others.into_iter().any(|request| request.headers.into_iter().any(is_ours))
    }
}

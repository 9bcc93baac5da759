//! The resources of an origin.

use crate::origin::{Content, Fault, RecordedRequest, Representation, When};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// A representation that may change from one request to the next, with the faults in its delivery.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Each with the number of the first request that it answers.
    representations: Vec<(usize, Representation)>,
    faults: Vec<(When, Fault)>,
}

impl Resource {
    /// A resource that always has this representation, without faults.
    pub fn new(representation: impl Into<Representation>) -> Self {
        Self { representations: vec![(0, representation.into())], faults: Vec::new() }
    }

    /// Adds a fault.
    pub fn fault(mut self, when: When, fault: Fault) -> Self {
        self.faults.push((when, fault));
        self
    }

    /// Switches to another representation from request number `first` on.
    pub fn from_request(mut self, first: usize, representation: impl Into<Representation>) -> Self {
        self.representations.push((first, representation.into()));
        self
    }

    /// Replaces the representation for all later requests.
    pub(super) fn replace(&mut self, representation: Representation) {
        self.representations = vec![(0, representation)];
    }

    /// The representation that answers request number `nth`.
    pub(super) fn representation(&self, nth: usize) -> &Representation {
        let mut begun = self.representations.iter().filter(|(first, _)| *first <= nth);
        // The first representation begins with request 0.
        let latest = begun.next_back().unwrap_or(&self.representations[0]);
        &latest.1
    }

    /// The faults that apply to `request`, in order.
    pub(super) fn faults_for(&self, request: &RecordedRequest) -> Vec<&Fault> {
        let concerned = |rule: &&(When, Fault)| rule.0.applies_to(request);
        let rules = self.faults.iter().filter(concerned);
        rules.map(|(_, fault)| fault).collect()
    }
}

impl From<Representation> for Resource {
    fn from(representation: Representation) -> Self {
        Self::new(representation)
    }
}

impl From<Content> for Resource {
    fn from(content: Content) -> Self {
        Self::new(content)
    }
}

type Fallback = dyn Fn(&RecordedRequest) -> Option<Resource> + Send + Sync;

/// The resources by path. The site answers any other path with 404.
#[derive(Clone, Default)]
pub struct Site {
    resources: HashMap<String, Arc<Resource>>,
    fallback: Option<Arc<Fallback>>,
}

impl Site {
    /// A site without resources.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a resource at `path`. A path with a query matches only that query, a path without one matches any.
    pub fn resource(mut self, path: impl Into<String>, resource: impl Into<Resource>) -> Self {
        self.put(path.into(), resource.into());
        self
    }

    /// Creates resources for requests that match no path.
    pub fn fallback(mut self, make: impl Fn(&RecordedRequest) -> Option<Resource> + Send + Sync + 'static) -> Self {
        self.fallback = Some(Arc::new(make));
        self
    }

    pub(super) fn put(&mut self, path: String, resource: Resource) {
        self.resources.insert(path, Arc::new(resource));
    }

    pub(super) fn replace(&mut self, path: &str, representation: Representation) {
        match self.resources.get_mut(path) {
            Some(resource) => Arc::make_mut(resource).replace(representation),
            None => self.put(path.to_string(), representation.into()),
        }
    }

    /// The key under which requests for this resource are counted.
    pub(super) fn key<'a>(&self, request: &'a RecordedRequest) -> &'a str {
        if self.resources.contains_key(&request.target) { &request.target } else { request.path() }
    }

    pub(super) fn find(&self, key: &str) -> Found {
        match (self.resources.get(key), &self.fallback) {
            (Some(resource), _) => Found::Resource(resource.clone()),
            (None, Some(make)) => Found::Fallback(make.clone()),
            (None, None) => Found::Nothing,
        }
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(&self.resources).finish()
    }
}

/// The result of a search in a site. `resource_for` turns it into a resource without holding a lock, because that may call the
/// test's closure.
pub(super) enum Found {
    Resource(Arc<Resource>),
    Fallback(Arc<Fallback>),
    Nothing,
}

impl Found {
    pub(super) fn resource_for(self, request: &RecordedRequest) -> Option<Arc<Resource>> {
        match self {
            Self::Resource(resource) => Some(resource),
            Self::Fallback(make) => make(request).map(Arc::new),
            Self::Nothing => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::origin::{Content, RecordedRequest, Representation, Resource, Site};

    fn lengths(resource: &Resource) -> Vec<u64> {
        let length = |nth| resource.representation(nth).content().length();
        (0..4).map(length).collect()
    }

    #[test]
    fn the_representation_changes_with_the_requests() {
        let mut resource = Resource::new(Content::new(1, 10))
            .from_request(1, Content::new(2, 20))
            .from_request(3, Content::new(3, 30));
        assert_eq!(lengths(&resource), [10, 20, 20, 30]);
        resource.replace(Representation::new(Content::new(4, 40)));
        assert_eq!(lengths(&resource), [40; 4]);
    }

    #[test]
    fn a_target_with_a_query_is_preferred_to_its_path() {
        let site = Site::new().resource("/a", Content::new(1, 1)).resource("/a?x", Content::new(2, 2));
        for (target, key) in [("/a?x", "/a?x"), ("/a?y", "/a"), ("/a", "/a"), ("/b?z", "/b")] {
            let request = RecordedRequest { target: target.into(), ..RecordedRequest::default() };
            assert_eq!(site.key(&request), key);
        }
    }
}

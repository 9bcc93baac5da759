//! Methods that add downloads.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::Session;
use super::fault::Fault;
use super::parameters::Parameters;
use crate::options::Call;
use crate::service::{New, Refusal};

impl Session<'_> {
    pub(super) async fn add_uri(&self, params: &Parameters) -> Result<Value, Fault> {
        let given = params.texts(0)?;
        if given.is_empty() {
            return Err(Fault::sentence("URI is not provided."));
        }
        let options = params.optional_options(1, Call::Add)?;
        let position = params.position(2)?;
        let uris: Vec<String> = given.into_iter().filter(|uri| is_uri(uri)).collect();
        if uris.is_empty() {
            return Err(Fault::sentence("No URI to download."));
        }
        let gid = self.service().add(New { uris, options, position, ..New::default() }).await.map_err(refused)?;
        Ok(gid.to_string().into())
    }

    pub(super) async fn add_metalink(&self, params: &Parameters) -> Result<Value, Fault> {
        let unreadable = || Fault::sentence("Could not parse Metalink XML document.");
        let document = STANDARD.decode(params.text(0)?).map_err(|_| unreadable())?;
        let options = params.optional_options(1, Call::Add)?;
        let position = params.position(2)?;
        let added = self.service().add_metalink(&document, options, position).await;
        let gids = added.map_err(|refusal| refusal.map_or_else(unreadable, refused))?;
        Ok(gids.into_iter().map(|gid| gid.to_string()).collect())
    }
}

/// `addTorrent` is known, so that its error says more than that it is not.
pub(super) fn add_torrent(params: &Parameters) -> Result<Value, Fault> {
    params.text(0)?;
    Err(Fault::sentence("BitTorrent is not supported: haul downloads over HTTP and HTTPS"))
}

fn refused(refusal: Refusal) -> Fault {
    Fault::of(refusal, || Fault::sentence("No URI to download."))
}

/// Whether a text is an absolute URI: a scheme, a colon, and something behind it.
pub fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let begins = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    begins
        && scheme.chars().all(is_scheme)
        && !rest.trim_start_matches('/').is_empty()
        && !rest.contains(['\0', '\r', '\n', '\t'])
}

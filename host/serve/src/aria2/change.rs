//! Methods that change downloads.

use serde_json::{Value, json};

use super::Session;
use super::add::is_uri;
use super::fault::Fault;
use super::parameters::Parameters;
use crate::book::Unnamed;
use crate::gid::Gid;
use crate::options::{self, Call};
use crate::service::Anchor;

impl Session<'_> {
    /// The download that a parameter names.
    pub(super) fn gid(&self, params: &Parameters) -> Result<Gid, Fault> {
        let text = params.text(0)?;
        self.service().book().find(text).map(|entry| entry.gid).map_err(|unnamed| match unnamed {
            Unnamed::Invalid => Fault::sentence(format!("Invalid GID {text}")),
            Unnamed::Unknown => Fault::sentence(format!("GID {text} is not found")),
            Unnamed::Ambiguous => Fault::sentence(format!("GID {text} is not unique")),
        })
    }

    pub(super) async fn remove(&self, params: &Parameters) -> Result<Value, Fault> {
        let gid = self.gid(params)?;
        let stopped = || Fault::cannot("Active Download not found for ", gid, "");
        self.service().remove(gid).await.map_err(|refusal| Fault::of(refusal, stopped))?;
        Ok(gid.to_string().into())
    }

    pub(super) async fn pause(&self, params: &Parameters) -> Result<Value, Fault> {
        let gid = self.gid(params)?;
        let cannot = || Fault::cannot("", gid, " cannot be paused now");
        self.service().pause(gid).await.map_err(|refusal| Fault::of(refusal, cannot))?;
        Ok(gid.to_string().into())
    }

    pub(super) async fn pause_all(&self) -> Result<Value, Fault> {
        let refused = |refusal| Fault::of(refusal, || Fault::sentence("the downloads cannot be paused"));
        self.service().pause_all().await.map_err(refused)?;
        Ok("OK".into())
    }

    pub(super) async fn unpause(&self, params: &Parameters) -> Result<Value, Fault> {
        let gid = self.gid(params)?;
        let cannot = || Fault::cannot("", gid, " cannot be unpaused now");
        self.service().unpause(gid).await.map_err(|refusal| Fault::of(refusal, cannot))?;
        Ok(gid.to_string().into())
    }

    pub(super) async fn unpause_all(&self) -> Result<Value, Fault> {
        self.service().unpause_all().await;
        Ok("OK".into())
    }

    pub(super) async fn change_position(&self, params: &Parameters) -> Result<Value, Fault> {
        let gid = self.gid(params)?;
        let offset = params.number(1)?;
        let anchor = match params.text(2)? {
            "POS_SET" => Anchor::Start,
            "POS_CUR" => Anchor::Current,
            "POS_END" => Anchor::End,
            _ => return Err(Fault::sentence("Illegal argument.")),
        };
        let absent = || Fault::cannot("", gid, " not found in the waiting queue.");
        let place = self.service().move_to(gid, offset, anchor).await.map_err(|refusal| Fault::of(refusal, absent))?;
        Ok(place.into())
    }

    pub(super) async fn change_uri(&self, params: &Parameters) -> Result<Value, Fault> {
        let gid = self.gid(params)?;
        let file = params.number_from(1, 1)?;
        let remove = params.texts(2)?;
        let insert = params.texts(3)?.into_iter().filter(|uri| is_uri(uri)).collect();
        let position = params.position(4)?;
        let stopped = || Fault::cannot("Cannot remove URIs from ", gid, "");
        if self.service().book().entry(gid).is_some_and(crate::book::Entry::is_stopped) {
            return Err(stopped());
        }
        if file != 1 {
            return Err(Fault::sentence("fileIndex is out of range"));
        }
        let changed = self.service().change_uris(gid, &remove, insert, position).await;
        let (removed, inserted) = changed.map_err(|refusal| Fault::of(refusal, stopped))?;
        Ok(json!([removed, inserted]))
    }

    pub(super) fn get_option(&self, params: &Parameters) -> Result<Value, Fault> {
        let gid = self.gid(params)?;
        let book = self.service().book();
        let entry = book.entry(gid).ok_or_else(|| Fault::cannot("Cannot get option for ", gid, ""))?;
        let mut all = options::of_download(&entry.options);
        all.insert("dir".into(), self.service().directory(entry).display().to_string());
        Ok(all.into_iter().collect())
    }

    pub(super) async fn change_option(&self, params: &Parameters) -> Result<Value, Fault> {
        let gid = self.gid(params)?;
        let given = params.options(1, self.service().call_for(gid))?;
        let stopped = || Fault::cannot("Cannot change option for ", gid, "");
        self.service().set_options(gid, given).await.map_err(|refusal| Fault::of(refusal, stopped))?;
        Ok("OK".into())
    }

    pub(super) fn get_global_option(&self) -> Value {
        let service = self.service();
        let mut all = options::global(&service.global_options());
        let directory = all.get("dir").and_then(|directory| service.folders().directory(directory));
        let directory = directory.unwrap_or_else(|| service.folders().default().to_owned());
        all.insert("dir".into(), directory.display().to_string());
        all.into_iter().collect()
    }

    pub(super) async fn change_global_option(&self, params: &Parameters) -> Result<Value, Fault> {
        let given = params.options(0, Call::Global)?;
        let refused = |refusal| Fault::of(refusal, || Fault::sentence("the options cannot be changed"));
        self.service().set_global(given).await.map_err(refused)?;
        Ok("OK".into())
    }

    pub(super) async fn purge(&self) -> Result<Value, Fault> {
        let refused = |refusal| Fault::of(refusal, || Fault::sentence("the results cannot be removed"));
        self.service().purge().await.map_err(refused)?;
        Ok("OK".into())
    }

    pub(super) async fn remove_result(&self, params: &Parameters) -> Result<Value, Fault> {
        let gid = self.gid(params)?;
        let live = || Fault::cannot("Could not remove download result of ", gid, "");
        self.service().remove_result(gid).await.map_err(|refusal| Fault::of(refusal, live))?;
        Ok("OK".into())
    }

    /// haul's own method: removes a download together with its file, for the page.
    pub(super) async fn delete(&self, params: &Parameters) -> Result<Value, Fault> {
        let gid = self.gid(params)?;
        let gone = || Fault::sentence(format!("GID {gid} is not found"));
        self.service().delete(gid).await.map_err(|refusal| Fault::of(refusal, gone))?;
        Ok("OK".into())
    }
}

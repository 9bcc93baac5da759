//! Methods that describe downloads.

use serde_json::{Value, json};

use super::Session;
use super::fault::Fault;
use super::parameters::Parameters;
use super::status::{self, Keys};
use crate::book::{Entry, List, State};
use crate::gid::Gid;

impl Session<'_> {
    pub(super) fn tell_status(&self, params: &Parameters) -> Result<Value, Fault> {
        let gid = self.gid(params)?;
        let keys = Keys::new(params.optional_texts(1)?);
        let book = self.service().book();
        let entry = book.entry(gid).ok_or_else(|| Fault::cannot("No such download for ", gid, ""))?;
        Ok(status::of(self.service(), entry, &keys))
    }

    pub(super) fn tell_active(&self, params: &Parameters) -> Result<Value, Fault> {
        let keys = Keys::new(params.optional_texts(0)?);
        Ok(self.tell(List::Active, Chosen::new(0, usize::MAX, usize::MAX), &keys))
    }

    pub(super) fn tell_waiting(&self, params: &Parameters) -> Result<Value, Fault> {
        self.tell_range(List::Waiting, params)
    }

    pub(super) fn tell_stopped(&self, params: &Parameters) -> Result<Value, Fault> {
        self.tell_range(List::Stopped, params)
    }

    fn tell_range(&self, list: List, params: &Parameters) -> Result<Value, Fault> {
        let (offset, count) = (params.number(0)?, params.number_from(1, 0)?);
        let keys = Keys::new(params.optional_texts(2)?);
        let length = self.service().book().lists().of(list).len();
        Ok(self.tell(list, Chosen::new(offset, count, length), &keys))
    }

    fn tell(&self, list: List, chosen: Chosen, keys: &Keys) -> Value {
        let book = self.service().book();
        let part = book.listed(list).skip(chosen.from).take(chosen.to - chosen.from);
        let mut statuses: Vec<_> = part.map(|entry| status::of(self.service(), entry, keys)).collect();
        if chosen.backwards {
            statuses.reverse();
        }
        statuses.into()
    }

    pub(super) fn get_uris(&self, params: &Parameters) -> Result<Value, Fault> {
        let gid = self.gid(params)?;
        self.live(gid, "No URI data is available for ", |entry| status::uris(entry).into())
    }

    pub(super) fn get_files(&self, params: &Parameters) -> Result<Value, Fault> {
        let gid = self.gid(params)?;
        let book = self.service().book();
        let entry = book.entry(gid).ok_or_else(|| Fault::cannot("No file data is available for ", gid, ""))?;
        Ok(status::files(self.service(), entry))
    }

    pub(super) fn get_peers(&self, params: &Parameters) -> Result<Value, Fault> {
        let gid = self.gid(params)?;
        self.live(gid, "No peer data is available for ", |_| json!([]))
    }

    pub(super) fn get_servers(&self, params: &Parameters) -> Result<Value, Fault> {
        let gid = self.gid(params)?;
        let book = self.service().book();
        let active = book.entry(gid).filter(|entry| entry.state == State::Active);
        let entry = active.ok_or_else(|| Fault::cannot("No active download for ", gid, ""))?;
        let present = self.service().present(entry);
        let uri = entry.uris.first().cloned().unwrap_or_default();
        let current = if present.source.is_empty() { uri.clone() } else { present.source };
        let server = json!({"uri": uri, "currentUri": current, "downloadSpeed": present.speed.to_string()});
        let servers = if present.connections > 0 { vec![server] } else { Vec::new() };
        Ok(json!([{"index": "1", "servers": servers}]))
    }

    fn live(&self, gid: Gid, otherwise: &str, value: impl FnOnce(&Entry) -> Value) -> Result<Value, Fault> {
        let book = self.service().book();
        let live = book.entry(gid).filter(|entry| !entry.is_stopped());
        live.map(value).ok_or_else(|| Fault::cannot(otherwise, gid, ""))
    }

    pub(super) fn get_global_stat(&self) -> Value {
        let service = self.service();
        let book = service.book();
        let count = |list| book.lists().of(list).len().to_string();
        json!({
            "downloadSpeed": service.speed().to_string(),
            "numActive": count(List::Active),
            "numStopped": count(List::Stopped),
            "numStoppedTotal": service.ended().all().to_string(),
            "numWaiting": count(List::Waiting),
            "uploadSpeed": "0",
        })
    }
}

/// The part of a list that an offset and a count choose.
#[derive(Debug, PartialEq, Eq)]
struct Chosen {
    from: usize,
    to: usize,
    backwards: bool,
}

impl Chosen {
    /// A negative offset counts from the end, where -1 is the last, and the result runs backwards from there.
    fn new(offset: i64, count: usize, length: usize) -> Self {
        let distance = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
        if offset >= 0 {
            let from = distance.min(length);
            return Self { from, to: from.saturating_add(count).min(length), backwards: false };
        }
        let to = (length + 1).saturating_sub(distance);
        Self { from: to.saturating_sub(count), to, backwards: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_offset_runs_backwards() {
        let list = ["A", "B", "C"];
        let chosen = |offset, count| {
            let Chosen { from, to, backwards } = Chosen::new(offset, count, list.len());
            let mut part = list[from..to].to_vec();
            if backwards {
                part.reverse();
            }
            part.concat()
        };
        for (offset, count, expected) in
            [(0, 1, "A"), (1, 2, "BC"), (-1, 2, "CB"), (-2, 2, "BA"), (-4, 1, ""), (-3, 9, "A"), (9, 1, ""), (0, 0, "")]
        {
            assert_eq!(chosen(offset, count), expected, "{offset} {count}");
        }
        assert_eq!(chosen(i64::MIN, usize::MAX), "");
    }
}

//! The process's only `tracing` subscriber. It keeps the fields of all events, and of the spans of the library's requests.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Condvar, Mutex, Once};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// The longest wait for an event.
const LIMIT: Duration = Duration::from_secs(60);

pub type Fields = BTreeMap<String, String>;

#[derive(Default)]
struct Records {
    spans: BTreeMap<u64, Fields>,
    events: Vec<(String, Fields)>,
}

/// `None` between recordings, so that other tests do not fill it.
static RECORDS: Mutex<Option<Records>> = Mutex::new(None);

static CHANGED: Condvar = Condvar::new();

/// Lasts until it is dropped.
pub struct Recording;

struct Tap;

struct Reading<'a>(&'a mut Fields);

impl Recording {
    pub fn start() -> Self {
        static SUBSCRIBED: Once = Once::new();
        SUBSCRIBED.call_once(|| {
            let subscriber = tracing_subscriber::registry().with(Tap);
            tracing::subscriber::set_global_default(subscriber).expect("the only subscriber");
        });
        *RECORDS.lock().unwrap() = Some(Records::default());
        Self
    }

    pub fn spans(&self) -> Vec<Fields> {
        RECORDS.lock().unwrap().iter().flat_map(|records| records.spans.values().cloned()).collect()
    }

    pub fn events(&self) -> Vec<Fields> {
        RECORDS
            .lock()
            .unwrap()
            .iter()
            .flat_map(|records| records.events.iter().map(|(_, fields)| fields.clone()))
            .collect()
    }

    /// Waits for an event of `target` with the field `name`, a number.
    ///
    /// # Panics
    ///
    /// When none comes within [`LIMIT`].
    pub fn first(&self, target: &str, name: &str) -> u64 {
        let find = |records: &Option<Records>| {
            let mut events = records.iter().flat_map(|records| &records.events).filter(|(of, _)| of.contains(target));
            events.find_map(|(_, fields)| fields.get(name)?.parse().ok())
        };
        let waiting = RECORDS.lock().unwrap();
        let (records, _) = CHANGED.wait_timeout_while(waiting, LIMIT, |records| find(records).is_none()).unwrap();
        find(&records).unwrap_or_else(|| panic!("no {name} of {target}"))
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        *RECORDS.lock().unwrap() = None;
    }
}

impl Visit for Reading<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().into(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

impl<S: Subscriber> Layer<S> for Tap {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        if let Some(records) = RECORDS.lock().unwrap().as_mut()
            && attributes.metadata().name() == "http.client.request"
        {
            attributes.record(&mut Reading(records.spans.entry(id.into_u64()).or_default()));
        }
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, _: Context<'_, S>) {
        let mut records = RECORDS.lock().unwrap();
        if let Some(fields) = records.as_mut().and_then(|records| records.spans.get_mut(&id.into_u64())) {
            record.record(&mut Reading(fields));
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if let Some(records) = RECORDS.lock().unwrap().as_mut() {
            let mut fields = Fields::new();
            event.record(&mut Reading(&mut fields));
            records.events.push((event.metadata().target().into(), fields));
            CHANGED.notify_all();
        }
    }
}

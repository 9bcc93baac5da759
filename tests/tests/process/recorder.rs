//! The process's only `tracing` subscriber. It keeps the fields of all events, and of the spans of the library's requests.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Condvar, LazyLock, Mutex, Once};
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

#[derive(Default)]
pub struct Recorder {
    records: Mutex<Records>,
    changed: Condvar,
}

static RECORDER: LazyLock<Recorder> = LazyLock::new(Recorder::default);

struct Tap;

struct Reading<'a>(&'a mut Fields);

impl Recorder {
    /// The recorder, cleared of the records of earlier tests.
    pub fn start() -> &'static Self {
        static SUBSCRIBED: Once = Once::new();
        SUBSCRIBED.call_once(|| {
            let subscriber = tracing_subscriber::registry().with(Tap);
            tracing::subscriber::set_global_default(subscriber).expect("the only subscriber");
        });
        *RECORDER.records.lock().unwrap() = Records::default();
        &RECORDER
    }

    pub fn spans(&self) -> Vec<Fields> {
        self.records.lock().unwrap().spans.values().cloned().collect()
    }

    pub fn events(&self) -> Vec<Fields> {
        self.records.lock().unwrap().events.iter().map(|(_, fields)| fields.clone()).collect()
    }

    /// The number in field `name` of the first event of `target` that has it.
    ///
    /// # Panics
    ///
    /// If there is none within [`LIMIT`].
    pub fn first(&self, target: &str, name: &str) -> u64 {
        let find = |records: &Records| {
            let mut events = records.events.iter().filter(|(of, _)| of.contains(target));
            events.find_map(|(_, fields)| fields.get(name)?.parse().ok())
        };
        let waiting = self.records.lock().unwrap();
        let waited = self.changed.wait_timeout_while(waiting, LIMIT, |records| find(records).is_none());
        let (records, _) = waited.unwrap();
        find(&records).unwrap_or_else(|| panic!("no {name} of {target}"))
    }
}

impl Visit for Reading<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().into(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

impl<S: Subscriber> Layer<S> for Tap {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        if attributes.metadata().name() == "http.client.request" {
            let mut records = RECORDER.records.lock().unwrap();
            attributes.record(&mut Reading(records.spans.entry(id.into_u64()).or_default()));
        }
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, _: Context<'_, S>) {
        if let Some(fields) = RECORDER.records.lock().unwrap().spans.get_mut(&id.into_u64()) {
            record.record(&mut Reading(fields));
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::new();
        event.record(&mut Reading(&mut fields));
        RECORDER.records.lock().unwrap().events.push((event.metadata().target().into(), fields));
        RECORDER.changed.notify_all();
    }
}

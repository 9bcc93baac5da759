//! What the library tells `tracing`, by the names of OpenTelemetry. One test: a subscriber is for the whole process.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use haul::{Engine, Policy};
use haul_tests::origin::{Content, Origin, Representation, Resource, Site};
use tempfile::tempdir;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

type Fields = BTreeMap<String, String>;

/// The fields of every span and of every event, as they were told.
#[derive(Clone, Default)]
struct Told {
    spans: Arc<Mutex<BTreeMap<u64, Fields>>>,
    events: Arc<Mutex<Vec<Fields>>>,
}

struct Reading<'a>(&'a mut Fields);

impl Visit for Reading<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().into(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

impl<S: Subscriber> Layer<S> for Told {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        if attributes.metadata().name() == "http.client.request" {
            attributes.record(&mut Reading(self.spans.lock().unwrap().entry(id.into_u64()).or_default()));
        }
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, _: Context<'_, S>) {
        if let Some(fields) = self.spans.lock().unwrap().get_mut(&id.into_u64()) {
            record.record(&mut Reading(fields));
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::new();
        event.record(&mut Reading(&mut fields));
        self.events.lock().unwrap().push(fields);
    }
}

#[tokio::test]
async fn exchanges_are_told_by_the_names_of_opentelemetry_and_without_secrets() {
    let told = Told::default();
    let subscriber = tracing_subscriber::registry().with(told.clone());
    tracing::subscriber::set_global_default(subscriber).expect("the first subscriber");
    let resource = Resource::new(Representation::new(Content::new(1, 3_000_000)).strong_etag("v1"));
    let origin = Origin::start(Site::new().resource("/file?token=hush", resource));
    let folder = tempdir().unwrap();
    let engine = Engine::builder().policy(Policy::allow_all()).grant(folder.path()).open().await.unwrap();
    engine.fetch(&origin.url("/file?token=hush"), folder.path().join("file")).await.unwrap();
    engine.close().await;

    let spans = told.spans.lock().unwrap();
    let span = spans.values().next().expect("a span");
    let port = origin.address().port().to_string();
    for (name, value) in [
        ("otel.name", "GET"),
        ("otel.kind", "client"),
        ("http.request.method", "GET"),
        ("url.full", format!("http://127.0.0.1:{port}/file?REDACTED").as_str()),
        ("server.address", "127.0.0.1"),
        ("server.port", port.as_str()),
        ("http.response.status_code", "200"),
        ("network.protocol.version", "1.1"),
    ] {
        assert_eq!(span.get(name).map(String::as_str), Some(value), "{name} of {span:?}");
    }
    let events = told.events.lock().unwrap();
    let sum = |name: &str| -> f64 { events.iter().filter_map(|fields| fields.get(name)?.parse::<f64>().ok()).sum() };
    assert_eq!(sum("histogram.http.client.response.body.size"), 3_000_000.0);
    assert_eq!(sum("counter.http.client.active_requests"), 0.0);
    assert!(sum("histogram.http.client.request.duration") > 0.0);
    let all = format!("{spans:?}{events:?}");
    assert!(!all.contains("hush"), "a secret is told");
}

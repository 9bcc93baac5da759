//! CallbackFreqPercent, CallbackFreqSeconds, CallbackInterface and StreamInterface as properties.

use haul::{Download, DownloadStatus, Property, PropertyId, StatusCallback};

use crate::codes::E_INVALIDARG;
use crate::sources::{CALLBACK, IDL, PROPERTY};
use crate::statement::statements;
use crate::stream::Sink;
use crate::world::{World, refused, round_trip};

struct Ignores;

impl StatusCallback for Ignores {
    async fn on_status_change(&mut self, _: &Download, _: &DownloadStatus) {}
}

statements! {
    "Properties 8, 9, 13 and 14: callbacks and streams";

    /// CallbackFreqPercent can be written and read.
    Doc(PROPERTY), Holds;
    async fn the_percents_are_read_as_they_were_written() {
        let world = World::new().await;
        let download = world.download().await;
        round_trip(&download, PropertyId::CallbackFreqPercent, Property::CallbackFreqPercent(25)).await;
    }

    /// The default of CallbackFreqPercent is not documented.
    Silent(PROPERTY), Chosen("0: only CallbackFreqSeconds applies.");
    async fn the_percents_are_zero_by_default() {
        let world = World::new().await;
        let percent = world.download().await.property(PropertyId::CallbackFreqPercent).await.unwrap();
        assert_eq!(percent, Property::CallbackFreqPercent(0));
    }

    /// The limits of CallbackFreqPercent are not documented.
    Silent(PROPERTY), Chosen("0 to 100, else E_INVALIDARG.");
    async fn there_are_a_hundred_percents() {
        let world = World::new().await;
        let download = world.download().await;
        download.set_property(Property::CallbackFreqPercent(100)).await.unwrap();
        refused(download.set_property(Property::CallbackFreqPercent(101)).await, E_INVALIDARG);
    }

    /// CallbackFreqSeconds can be written and read.
    Doc(PROPERTY), Holds;
    async fn the_seconds_are_read_as_they_were_written() {
        let world = World::new().await;
        let download = world.download().await;
        round_trip(&download, PropertyId::CallbackFreqSeconds, Property::CallbackFreqSeconds(7)).await;
    }

    /// CallbackFreqSeconds is 1 by default.
    Doc(CALLBACK), Holds;
    async fn the_seconds_are_one_by_default() {
        let world = World::new().await;
        let seconds = world.download().await.property(PropertyId::CallbackFreqSeconds).await.unwrap();
        assert_eq!(seconds, Property::CallbackFreqSeconds(1));
    }

    /// By default no callback is set; GetProperty returns the object.
    Idl(IDL), Chosen("GetProperty returns whether a callback is set.");
    async fn whether_there_is_a_callback_can_be_read() {
        let world = World::new().await;
        let download = world.download().await;
        let there = async || download.property(PropertyId::CallbackInterface).await.unwrap();
        assert_eq!(there().await, Property::CallbackInterface(false));
        download.on_status_change(Ignores).await.unwrap();
        assert_eq!(there().await, Property::CallbackInterface(true));
        download.remove_callback().await.unwrap();
        assert_eq!(there().await, Property::CallbackInterface(false));
    }

    /// By default no stream is set; GetProperty returns the object.
    Idl(IDL), Chosen("GetProperty returns whether a stream is set: the engine owns a stream once it is set.");
    async fn whether_there_is_a_stream_can_be_read() {
        let world = World::new().await;
        let download = world.engine.create_download().await.unwrap();
        let there = async || download.property(PropertyId::StreamInterface).await.unwrap();
        assert_eq!(there().await, Property::StreamInterface(false));
        download.set_stream(Sink::default()).await.unwrap();
        assert_eq!(there().await, Property::StreamInterface(true));
    }
}

//! A stream instead of a file.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use haul::{
    DigestAlgorithm, Download, DownloadState, ExpectedDigest, Property, PropertyId, RequestedRange, StartMode,
    TransferOptions,
};
use haul_tests::origin::{Fault, When};
use tokio::io::AsyncWrite;

use crate::codes::{DO_E_FILE_DOWNLOADSINK_ALREADY_SET, DO_E_INVALID_STATE, E_INVALIDARG, E_NOTIMPL};
use crate::sources::{PROPERTY, SAMPLE, SAMPLE_STREAM, SDK_COM, SDK_PROPERTY_TESTS};
use crate::statement::statements;
use crate::world::{HELD, LENGTH, World, fetch, options, ranges, refused, until, wit};

/// A stream that keeps its data, and fails after `room` bytes.
#[derive(Clone)]
pub struct Sink {
    written: Arc<Mutex<Vec<Vec<u8>>>>,
    flushed: Arc<Mutex<bool>>,
    room: usize,
}

impl Default for Sink {
    fn default() -> Self {
        Self { written: Arc::default(), flushed: Arc::default(), room: usize::MAX }
    }
}

impl Sink {
    fn with_room(room: usize) -> Self {
        Self { room, ..Self::default() }
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.written.lock().unwrap().concat()
    }
}

impl AsyncWrite for Sink {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let mut written = self.written.lock().unwrap();
        if written.iter().map(Vec::len).sum::<usize>() + bytes.len() > self.room {
            return Poll::Ready(Err(io::Error::other("no room")));
        }
        written.push(bytes.to_vec());
        *self.flushed.lock().unwrap() = false;
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        *self.flushed.lock().unwrap() = true;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(cx)
    }
}

/// A download of the resource at `path` to `sink`.
async fn streaming(world: &World, path: &str, sink: Sink) -> Download {
    let download = world.engine.create_download().await.unwrap();
    download.set_uri(&world.origin.url(path)).await.unwrap();
    download.set_stream(sink).await.unwrap();
    download.set_options(options()).await.unwrap();
    download
}

statements! {
    "The stream";

    /// All data goes to the stream, and no file is created.
    Doc(PROPERTY), Holds;
    async fn the_bytes_go_to_the_stream_and_to_no_file() {
        let (world, sink) = (World::new().await, Sink::default());
        let download = streaming(&world, "/file", sink.clone()).await;
        fetch(&download, StartMode::WholeFile).await;
        download.finalize().await.unwrap();
        assert!(sink.bytes() == world.bytes(0..LENGTH));
        assert_eq!(world.names(), [""; 0]);
    }

    /// The number of streamed bytes is TotalSizeBytes.
    Observed(SDK_PROPERTY_TESTS), Holds;
    async fn as_many_bytes_are_streamed_as_the_total_size_says() {
        let (world, sink) = (World::new().await, Sink::default());
        let download = streaming(&world, "/file", sink.clone()).await;
        fetch(&download, StartMode::WholeFile).await;
        let total = download.property(PropertyId::TotalSizeBytes).await.unwrap();
        assert_eq!(total, Property::TotalSizeBytes(sink.bytes().len() as u64));
    }

    /// One range from 0 to the end streams the whole file.
    Observed(SAMPLE), Holds;
    async fn one_range_to_the_end_streams_the_whole_file() {
        let (world, sink) = (World::new().await, Sink::default());
        let download = streaming(&world, "/file", sink.clone()).await;
        fetch(&download, StartMode::Ranges(vec![RequestedRange::ToEnd { offset: 0 }])).await;
        assert!(sink.bytes() == world.bytes(0..LENGTH));
    }

    /// Older systems reject streaming without ranges; clients pass one range to the end.
    Observed(SAMPLE), Differs("haul accepts it like any other start, because rejecting it has no benefit.");
    async fn streaming_needs_no_ranges() {
        let (world, sink) = (World::new().await, Sink::default());
        let download = streaming(&world, "/file", sink.clone()).await;
        fetch(&download, ranges(&[])).await;
        assert!(sink.bytes() == world.bytes(0..LENGTH));
    }

    /// The ranges {0,100} and {200,1000} stream 1100 bytes.
    Observed(SDK_PROPERTY_TESTS), Holds;
    async fn two_ranges_stream_the_sum_of_their_bytes() {
        let (world, sink) = (World::new().await, Sink::default());
        let download = streaming(&world, "/file", sink.clone()).await;
        fetch(&download, ranges(&[(0, 100), (200, 1000)])).await;
        assert_eq!(sink.bytes(), [world.bytes(0..100), world.bytes(200..1200)].concat());
    }

    /// The order in which ranges are streamed is not documented.
    Silent(SDK_PROPERTY_TESTS), Chosen("In the caller's order, sorted or not.");
    async fn ranges_are_streamed_in_the_order_of_the_caller() {
        let (world, sink) = (World::new().await, Sink::default());
        let download = streaming(&world, "/file", sink.clone()).await;
        fetch(&download, ranges(&[(500, 100), (0, 50)])).await;
        assert_eq!(sink.bytes(), [world.bytes(500..600), world.bytes(0..50)].concat());
    }

    /// Of IStream only Write is called; the other methods may return E_NOTIMPL.
    Observed(SAMPLE_STREAM), CannotBeWritten("The stream is an `output-stream`, which only accepts bytes.");
    async fn a_stream_only_takes_bytes() {
        let expected = "set-stream-interface: func(sink: output-stream) -> result<_, failure>";
        assert_eq!(wit().signature("do-download", "download.set-stream-interface"), expected);
    }

    /// The bytes are written in pieces of up to about 1 MB.
    Observed(SAMPLE_STREAM), Holds;
    async fn the_pieces_are_a_mebibyte_at_most() {
        let (world, sink) = (World::new().await, Sink::default());
        let content = haul_tests::origin::Content::new(8, 3 << 20);
        world.origin.put("/here", crate::world::representation(&content));
        let download = streaming(&world, "/here", sink.clone()).await;
        fetch(&download, StartMode::WholeFile).await;
        assert!(sink.written.lock().unwrap().iter().all(|piece| piece.len() <= 1 << 20));
        assert!(sink.bytes() == content.bytes(0..3 << 20));
    }

    /// If Write fails, the download fails; the code is not documented.
    Observed(SAMPLE_STREAM), Chosen("0x8007001D, ERROR_WRITE_FAULT.");
    async fn a_stream_that_fails_stops_the_download() {
        let (world, sink) = (World::new().await, Sink::with_room(1000));
        let download = streaming(&world, "/file", sink).await;
        download.start(StartMode::WholeFile).await.unwrap();
        let status = until(&download, |status| status.error.is_some()).await;
        assert_eq!(status.state, DownloadState::Paused);
        assert_eq!(status.error.map(|error| error.code), Some(0x8007_001D));
    }

    /// A download has either a stream or a file.
    Observed(SDK_COM), Holds;
    async fn a_stream_and_a_path_exclude_each_other() {
        let world = World::new().await;
        let download = streaming(&world, "/file", Sink::default()).await;
        refused(download.set_local_path(world.path()).await, DO_E_FILE_DOWNLOADSINK_ALREADY_SET);
    }

    /// The documentation does not say whether a stream can be removed.
    Silent(PROPERTY), Chosen("Yes, before the first start; then a path can be set.");
    async fn a_stream_can_be_taken_away() {
        let (world, sink) = (World::new().await, Sink::default());
        let download = streaming(&world, "/file", sink.clone()).await;
        download.set_property(Property::StreamInterface(false)).await.unwrap();
        download.set_local_path(world.path()).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        download.finalize().await.unwrap();
        world.assert_whole();
        assert_eq!(sink.bytes(), [0; 0]);
    }

    /// The property holds an object, which a plain value cannot be.
    Doc(PROPERTY), Chosen("`set-stream-interface` takes the stream; setting the property to `true` fails with E_INVALIDARG.");
    async fn a_value_is_no_stream() {
        let world = World::new().await;
        let download = world.engine.create_download().await.unwrap();
        refused(download.set_property(Property::StreamInterface(true)).await, E_INVALIDARG);
    }

    /// The states in which a stream can be set are not documented.
    Silent(PROPERTY), Chosen("Before the first start.");
    async fn a_stream_is_set_before_the_first_start() {
        let world = World::new().await;
        let download = streaming(&world, "/file", Sink::default()).await;
        fetch(&download, StartMode::WholeFile).await;
        refused(download.set_stream(Sink::default()).await, DO_E_INVALID_STATE);
    }

    /// The documentation does not say whether a paused stream continues at the same offset.
    Silent(SDK_PROPERTY_TESTS), Chosen("It does: each byte is written once.");
    async fn a_paused_stream_goes_on_where_it_was() {
        let (world, sink) = (World::new().await, Sink::default());
        let download = streaming(&world, "/held", sink.clone()).await;
        download.start(StartMode::WholeFile).await.unwrap();
        until(&download, |status| status.bytes_transferred == HELD).await;
        download.pause().await.unwrap();
        world.release();
        fetch(&download, StartMode::Resume).await;
        assert!(sink.bytes() == world.bytes(0..LENGTH));
    }

    /// The documentation does not say whether a stream survives a broken connection.
    Silent(SDK_PROPERTY_TESTS), Chosen("It does if the origin supports ranges and sends a strong validator.");
    async fn a_stream_survives_a_broken_connection() {
        let (world, sink) = (World::faulty([(When::Nth(0), Fault::CutAfter(HELD))]).await, Sink::default());
        let download = streaming(&world, "/here", sink.clone()).await;
        fetch(&download, StartMode::WholeFile).await;
        assert!(sink.bytes() == world.bytes(0..LENGTH));
    }

    /// The documentation does not say whether all data is written when a download is Transferred.
    Silent(PROPERTY), Chosen("It is, and haul has flushed the stream.");
    async fn a_stream_is_flushed_before_the_end() {
        let (world, sink) = (World::new().await, Sink::default());
        let download = streaming(&world, "/file", sink.clone()).await;
        fetch(&download, StartMode::WholeFile).await;
        assert!(*sink.flushed.lock().unwrap());
    }

    /// The documentation does not say whether the pieces of a stream can be verified.
    Silent(PROPERTY), Chosen("No, because written data cannot be taken back: Start fails with E_NOTIMPL.");
    async fn the_pieces_of_a_stream_are_not_verified() {
        let world = World::new().await;
        let download = streaming(&world, "/file", Sink::default()).await;
        let info = world.integrity_check_info(&world.origin.url("/hashes")).await;
        download.set_property(Property::IntegrityCheckInfo(info)).await.unwrap();
        refused(download.start(StartMode::WholeFile).await, E_NOTIMPL);
    }

    /// The documentation does not say how a digest mismatch of the whole stream is handled.
    Silent(PROPERTY), Chosen("The download fails after the last byte; written data cannot be taken back.");
    async fn the_whole_of_a_stream_is_verified() {
        let (world, sink) = (World::new().await, Sink::default());
        let download = streaming(&world, "/file", sink.clone()).await;
        let expected = vec![ExpectedDigest { algorithm: DigestAlgorithm::Sha256, value: vec![0; 32] }];
        download.set_options(TransferOptions { expected, ..options() }).await.unwrap();
        download.start(StartMode::WholeFile).await.unwrap();
        download.ended().await.unwrap_err();
        assert_eq!(download.status().await.unwrap().state, DownloadState::Paused);
        assert!(sink.bytes() == world.bytes(0..LENGTH));
    }

    /// The documentation does not say whether a download to a stream can survive a restart.
    Silent(PROPERTY), Chosen("No: NonVolatile together with a stream fails with E_NOTIMPL.");
    async fn a_download_to_a_stream_is_not_kept() {
        let world = World::built(|builder, folder| builder.state_directory(folder.path().join("state"))).await;
        let download = streaming(&world, "/file", Sink::default()).await;
        refused(download.set_property(Property::NonVolatile(true)).await, E_NOTIMPL);
    }
}

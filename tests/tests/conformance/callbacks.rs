//! IDODownloadStatusCallback: the times of its calls, their arguments, and calls made within it.

use std::sync::{Arc, Mutex};

use haul::{Download, DownloadState, DownloadStatus, Property, PropertyId, StartMode, StatusCallback};
use haul_tests::origin::{Fault, When};
use tokio::sync::Notify;

use crate::sources::{CALLBACK, CALLBACK_INTERFACE, PROPERTY, SAMPLE_DOWNLOAD, SDK_PROPERTY_TESTS};
use crate::statement::statements;
use crate::world::{HELD, LENGTH, World, fetch, state_of, until, wit};

/// Records its calls, and wakes the test at each.
#[derive(Clone, Default)]
struct Recorder {
    told: Arc<Mutex<Vec<DownloadStatus>>>,
    more: Arc<Notify>,
}

impl Recorder {
    fn states(&self) -> Vec<DownloadState> {
        self.told.lock().unwrap().iter().map(|status| status.state).collect()
    }

    fn bytes(&self) -> Vec<u64> {
        self.told.lock().unwrap().iter().map(|status| status.bytes_transferred).collect()
    }

    async fn until(&self, shown: impl Fn(&Self) -> bool) {
        loop {
            let more = self.more.notified();
            if shown(self) {
                return;
            }
            more.await;
        }
    }

    async fn until_state(&self, state: DownloadState) {
        self.until(|recorder| recorder.states().contains(&state)).await;
    }
}

impl StatusCallback for Recorder {
    async fn on_status_change(&mut self, _: &Download, status: &DownloadStatus) {
        self.told.lock().unwrap().push(status.clone());
        self.more.notify_waiters();
        self.more.notify_one();
    }
}

/// Acts on the download when it reaches a state.
struct Acting<F>(DownloadState, F);

impl<F: AsyncActing> StatusCallback for Acting<F> {
    async fn on_status_change(&mut self, download: &Download, status: &DownloadStatus) {
        if status.state == self.0 {
            self.1.act(download.clone()).await;
        }
    }
}

trait AsyncActing: Send + 'static {
    fn act(&mut self, download: Download) -> impl Future<Output = ()> + Send;
}

struct Pauses(Arc<Notify>);

impl AsyncActing for Pauses {
    async fn act(&mut self, download: Download) {
        assert_eq!(download.status().await.unwrap().state, DownloadState::Transferring);
        download.pause().await.unwrap();
        self.0.notify_one();
    }
}

struct Finalizes(Arc<Notify>);

impl AsyncActing for Finalizes {
    async fn act(&mut self, download: Download) {
        download.finalize().await.unwrap();
        self.0.notify_one();
    }
}

async fn frequent(download: &Download) {
    download.set_property(Property::CallbackFreqSeconds(0)).await.unwrap();
}

statements! {
    "IDODownloadStatusCallback";

    /// OnStatusChange is called on every status change.
    Doc(CALLBACK), Holds;
    async fn every_change_is_told() {
        let world = World::new().await;
        let download = world.download_of("/held").await;
        let recorder = Recorder::default();
        download.on_status_change(recorder.clone()).await.unwrap();
        download.start(StartMode::WholeFile).await.unwrap();
        recorder.until_state(DownloadState::Transferring).await;
        download.pause().await.unwrap();
        recorder.until_state(DownloadState::Paused).await;
        world.release();
        fetch(&download, StartMode::Resume).await;
        recorder.until_state(DownloadState::Transferred).await;
    }

    /// The argument is a DO_DOWNLOAD_STATUS with the current status.
    Idl(CALLBACK), Holds;
    async fn the_status_is_passed() {
        let world = World::new().await;
        let download = world.download().await;
        let recorder = Recorder::default();
        download.on_status_change(recorder.clone()).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        recorder.until_state(DownloadState::Transferred).await;
        let last = recorder.told.lock().unwrap().last().cloned();
        assert_eq!(last, Some(download.status().await.unwrap()));
    }

    /// By default the callback is called at most once a second while data arrives.
    Doc(CALLBACK), Holds;
    async fn bytes_are_told_once_a_second_at_most() {
        let world = World::faulty([(When::Every, Fault::Slow(4 * LENGTH))]).await;
        let download = world.download_of("/here").await;
        let recorder = Recorder::default();
        let begin = std::time::Instant::now();
        download.on_status_change(recorder.clone()).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        recorder.until_state(DownloadState::Transferred).await;
        let between = recorder.bytes().iter().filter(|&&bytes| bytes > 0 && bytes < LENGTH).count();
        assert!(between as u64 <= begin.elapsed().as_secs() + 1, "{between}");
    }

    /// The method is called OnStatusChange in the IDL and OnStatusChanged in the table of contents.
    Silent(CALLBACK_INTERFACE), Chosen("The name of the IDL.");
    async fn the_method_has_the_name_of_the_idl() {
        let wit = wit();
        assert!(wit.interface("do-download-status-callback").functions.keys().eq(["on-status-change"]));
    }

    /// OnStatusChange returns S_OK; the effect of another result is not documented.
    Silent(CALLBACK), CannotBeWritten("The callback has no result.");
    async fn the_callback_returns_nothing() {
        let expected = "on-status-change: func(download: borrow<download>, status: download-status)";
        assert_eq!(wit().signature("do-download-status-callback", "on-status-change"), expected);
    }

    /// The download that is passed is borrowed: the client does not release it.
    Idl(CALLBACK), CannotBeWritten("Its type is `borrow<download>`, in Rust a reference.");
    async fn the_download_is_borrowed() {
        let signature = wit().signature("do-download-status-callback", "on-status-change");
        assert!(signature.contains("download: borrow<download>"));
    }

    /// The callback may use the download, for example call GetStatus and Pause.
    Observed(SDK_PROPERTY_TESTS), Holds;
    async fn a_callback_may_ask_and_pause() {
        let world = World::new().await;
        let download = world.download_of("/held").await;
        let done = Arc::new(Notify::new());
        let pauses = Acting(DownloadState::Transferring, Pauses(done.clone()));
        download.on_status_change(pauses).await.unwrap();
        download.start(StartMode::WholeFile).await.unwrap();
        done.notified().await;
        assert_eq!(state_of(&download).await, DownloadState::Paused);
    }

    /// The documentation does not say whether the callback may call Finalize.
    Silent(CALLBACK), Chosen("It may, as it may make every other call.");
    async fn a_callback_may_finalize() {
        let world = World::new().await;
        let download = world.download().await;
        let done = Arc::new(Notify::new());
        let finalizes = Acting(DownloadState::Transferred, Finalizes(done.clone()));
        download.on_status_change(finalizes).await.unwrap();
        download.start(StartMode::WholeFile).await.unwrap();
        done.notified().await;
        world.assert_whole();
    }

    /// Callbacks arrive in parallel with the client's calls; a slow one is the client's responsibility.
    Observed(SAMPLE_DOWNLOAD), Chosen("Each callback runs in its own task, and blocks neither the download nor other \
                                       callers.");
    async fn a_slow_callback_holds_up_nobody() {
        struct Stuck(Arc<Notify>);
        impl StatusCallback for Stuck {
            async fn on_status_change(&mut self, _: &Download, _: &DownloadStatus) {
                self.0.notified().await;
            }
        }
        let world = World::new().await;
        let download = world.download().await;
        let never = Arc::new(Notify::new());
        download.on_status_change(Stuck(never.clone())).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        download.finalize().await.unwrap();
        world.assert_whole();
    }

    /// The documentation does not specify the order of callbacks, nor whether two can run at once.
    Silent(CALLBACK), Chosen("One at a time, in the order of the changes.");
    async fn callbacks_follow_each_other() {
        let world = World::faulty([(When::Every, Fault::Slow(8 * LENGTH))]).await;
        let download = world.download_of("/here").await;
        frequent(&download).await;
        let recorder = Recorder::default();
        download.on_status_change(recorder.clone()).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        recorder.until_state(DownloadState::Transferred).await;
        assert!(recorder.bytes().is_sorted(), "{:?}", recorder.bytes());
    }

    /// A callback can be missed, so clients also poll.
    Observed(SAMPLE_DOWNLOAD), Chosen("A state that ends before it can be reported is skipped; the last state is \
                                       always reported.");
    async fn the_last_state_is_always_told() {
        let world = World::new().await;
        let download = world.download().await;
        let recorder = Recorder::default();
        download.on_status_change(recorder.clone()).await.unwrap();
        fetch(&download, StartMode::WholeFile).await;
        download.finalize().await.unwrap();
        recorder.until_state(DownloadState::Finalized).await;
        assert_eq!(recorder.states().last(), Some(&DownloadState::Finalized));
    }

    /// A new callback replaces the old one, which receives no further calls.
    Observed(SDK_PROPERTY_TESTS), Holds;
    async fn a_new_callback_takes_the_place_of_the_old_one() {
        let world = World::new().await;
        let download = world.download().await;
        let (old, new) = (Recorder::default(), Recorder::default());
        download.on_status_change(old.clone()).await.unwrap();
        download.on_status_change(new.clone()).await.unwrap();
        let before = old.states().len();
        fetch(&download, StartMode::WholeFile).await;
        new.until_state(DownloadState::Transferred).await;
        assert_eq!(old.states().len(), before);
    }

    /// The documentation does not say whether a callback that is set late receives the current state; BITS repeats its events.
    Silent(CALLBACK), Chosen("It receives the current status once.");
    async fn a_late_callback_hears_of_the_present_state() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferred).await;
        let recorder = Recorder::default();
        download.on_status_change(recorder.clone()).await.unwrap();
        recorder.until_state(DownloadState::Transferred).await;
        assert_eq!(recorder.states(), [DownloadState::Transferred]);
    }

    /// An empty value removes the callback.
    Doc(PROPERTY), Holds;
    async fn an_empty_value_takes_the_callback_away() {
        let world = World::new().await;
        let download = world.download().await;
        let recorder = Recorder::default();
        download.on_status_change(recorder.clone()).await.unwrap();
        download.remove_callback().await.unwrap();
        let before = recorder.states().len();
        fetch(&download, StartMode::WholeFile).await;
        download.finalize().await.unwrap();
        assert_eq!(recorder.states().len(), before);
    }

    /// CallbackFreqSeconds may be 0; the meaning is not documented.
    Silent(PROPERTY), Chosen("Status is reported as fast as the client takes it, at most ten times a second.");
    async fn a_period_of_zero_is_as_fast_as_possible() {
        let world = World::new().await;
        let download = world.download_of("/held").await;
        frequent(&download).await;
        let recorder = Recorder::default();
        download.on_status_change(recorder.clone()).await.unwrap();
        download.start(StartMode::WholeFile).await.unwrap();
        recorder.until(|recorder| recorder.bytes().contains(&HELD)).await;
    }

    /// CallbackFreqPercent requests a callback each time progress grows by this percentage.
    Doc(PROPERTY), Holds;
    async fn percents_are_told_whatever_the_period() {
        let world = World::new().await;
        let download = world.download_of("/held").await;
        download.set_property(Property::CallbackFreqSeconds(3600)).await.unwrap();
        download.set_property(Property::CallbackFreqPercent(10)).await.unwrap();
        let recorder = Recorder::default();
        download.on_status_change(recorder.clone()).await.unwrap();
        download.start(StartMode::WholeFile).await.unwrap();
        recorder.until(|recorder| recorder.bytes().iter().any(|&bytes| bytes > 0)).await;
        until(&download, |status| status.bytes_transferred == HELD).await;
    }

    /// A callback belongs to the process that set it and is not persisted.
    Doc(PROPERTY), Holds;
    async fn a_callback_is_not_kept() {
        let (download, _world) = crate::lifetime::reopened(async |download: &Download| {
            download.on_status_change(Recorder::default()).await.unwrap();
        })
        .await;
        let kept = download.property(PropertyId::CallbackInterface).await.unwrap();
        assert_eq!(kept, Property::CallbackInterface(false));
    }
}

//! Library calls from many threads, and cancelled calls: nothing is lost, and nothing is left behind.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use haul::{Download, Engine, Job, JobFile, JobState, Policy, StartMode};
use haul_tests::scene::{assert_holds, content, origin};
use tempfile::tempdir;

/// Polls a call once, then drops it; returns whether it had completed.
fn given_up<R>(call: impl Future<Output = R>) -> bool {
    let mut call = pin!(call);
    matches!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(_))
}

#[test]
fn handles_and_calls_go_to_any_thread() {
    fn any_thread<T: Send + Sync + Clone + 'static>() {}
    fn sent<F: Send>(_: impl FnOnce(Engine, Download, Job) -> F) {}
    any_thread::<Engine>();
    any_thread::<Download>();
    any_thread::<Job>();
    any_thread::<JobFile>();
    sent(|engine, download, job| async move {
        let _ = (engine.fetch("", "").await, download.start(StartMode::WholeFile).await, job.files().await);
        let _ = (download.ended().await, job.complete().await, engine.close().await);
    });
}

#[tokio::test]
async fn a_call_that_is_given_up_leaves_the_engine_as_it_is_or_is_done() {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let engine = Engine::builder().policy(Policy::allow_all()).grant(folder.path()).open().await.unwrap();
    let job = engine.create_job("job").await.unwrap();
    for number in 0..500 {
        let path = folder.path().join(format!("never-{number}"));
        given_up(engine.create_download());
        given_up(engine.fetch(&origin.url("/file"), &path));
        given_up(job.progress());
        given_up(job.set_display_name(&format!("name {number}")));
        given_up(engine.downloads(None));
    }
    // The engine runs commands in order, so all earlier ones are complete by now.
    assert_eq!(job.state().await.unwrap(), JobState::Suspended);
    assert!(engine.downloads(None).await.is_err(), "downloads are left that nobody has");
    engine.fetch(&origin.url("/file"), folder.path().join("file")).await.unwrap();
    assert_holds(&folder.path().join("file"), &content());
    engine.close().await;
}

#[tokio::test]
async fn a_fetch_that_is_given_up_is_resumed_by_the_next() {
    let held = haul_tests::origin::Fault::hold_until_released(4 << 20, "the first has gone");
    let (origin, folder) = (origin(vec![(haul_tests::origin::When::Nth(0), held)]), tempdir().unwrap());
    let engine = Engine::builder().policy(Policy::allow_all()).grant(folder.path()).open().await.unwrap();
    let (url, path) = (origin.url("/file"), folder.path().join("file"));
    let mut events = engine.events();
    tokio::select! {
        fetched = engine.fetch(&url, &path) => panic!("it is held: {fetched:?}"),
        () = async { while origin.body_bytes_sent() < 4 << 20 { let _ = events.recv().await; } } => {}
    }
    origin.release("the first has gone");
    engine.fetch(&url, &path).await.unwrap();
    assert_holds(&path, &content());
    engine.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_tasks_use_one_engine() {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let engine = Engine::builder().policy(Policy::allow_all()).grant(folder.path()).open().await.unwrap();
    let tasks: Vec<_> = (0..12)
        .map(|number| {
            let (engine, url) = (engine.clone(), origin.url("/file"));
            let path = folder.path().join(number.to_string());
            tokio::spawn(async move {
                engine.fetch(&url, &path).await.unwrap();
                assert_holds(&path, &content());
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    engine.close().await;
}

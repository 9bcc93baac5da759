//! IBackgroundCopyJob: the settings of a job, and their effects.

use std::time::{Duration, Instant};

use haul::{
    CostFlags, Event, FileProperty, FilePropertyId, Happening, JobOptions, JobPriority, JobProperty, JobPropertyId,
    JobState, NotifyFlags, ProxySettings, ProxyUsage, Subject, TransferOptions,
};
use haul_tests::origin::{Fault, When};

use super::sources::{
    BITS_ABOUT, BITS_GET_ERROR_COUNT, BITS_GET_OWNER, BITS_PRIORITY, BITS_SET_DESCRIPTION, BITS_SET_DISPLAY_NAME,
    BITS_SET_MINIMUM_RETRY_DELAY, BITS_SET_NO_PROGRESS_TIMEOUT, BITS_SET_NOTIFY_FLAGS, BITS_SET_NOTIFY_INTERFACE,
    BITS_SET_PRIORITY, BITS_SET_PROXY, BITS_TAKE_OWNERSHIP, CREATE_JOB, GET_DISPLAY_NAME, GET_NO_PROGRESS_TIMEOUT,
    GET_NOTIFY_FLAGS, GET_NOTIFY_INTERFACE, IDL, JOB_PRIORITY, JOB_STATE, PROXY, SET_NO_PROGRESS_TIMEOUT,
    SET_NOTIFY_FLAGS, SET_NOTIFY_INTERFACE, SET_PRIORITY, WINE_JOB,
};
use super::world::{
    OPEN, OVER, Recorder, Told, done, ends, fails, fetch, silent, state_of, until_state, until_written,
};
use crate::codes::*;
use crate::http_codes::status;
use crate::statement::statements;
use crate::status::{OFFLINE, ONLINE};
use crate::world::{LENGTH, World, refused, wit};

const HOUR: Duration = Duration::from_secs(3600);

/// Proxy settings with this list.
fn through(list: &str) -> ProxySettings {
    ProxySettings { usage: ProxyUsage::Override, proxy_list: Some(list.into()), proxy_bypass_list: None }
}

/// Queues two jobs with these priorities for the only slot; returns the index of the one that gets it first.
async fn first_of(priorities: [JobPriority; 2]) -> usize {
    let world = World::crowded().await;
    world.occupy().await;
    let mut jobs = Vec::new();
    for (number, priority) in priorities.into_iter().enumerate() {
        let job = world.job_into(&number.to_string(), &[&format!("/file?{number}")]).await;
        job.set_priority(priority).await.unwrap();
        job.resume().await.unwrap();
        jobs.push(job);
    }
    world.release();
    for job in &jobs {
        until_state(job, JobState::Transferred).await;
    }
    let requests = world.origin.requests();
    let first = requests.iter().find(|request| request.path() == "/file").unwrap();
    first.target.trim_start_matches("/file?").parse().unwrap()
}

/// Whether a job with priority `comes` preempts a running one with priority `has`.
async fn preempts(comes: JobPriority, has: JobPriority) -> bool {
    let world = World::crowded().await;
    let running = world.job_into("running", &["/held"]).await;
    running.set_priority(has).await.unwrap();
    running.resume().await.unwrap();
    until_written(&running, 1).await;
    world.origin.put("/silent", silent(&world));
    let coming = world.job_into("coming", &["/silent"]).await;
    coming.set_priority(comes).await.unwrap();
    coming.resume().await.unwrap();
    // The engine decides at the resume; the running job yields once its written bytes are safe.
    for _ in 0..1000 {
        if state_of(&coming).await == JobState::Transferring {
            assert_eq!(state_of(&running).await, JobState::Queued);
            return true;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(state_of(&running).await, JobState::Transferring);
    false
}

statements! {
    "IBackgroundCopyJob: settings";

    /// BITS: GetOwner returns the SID of the user. DO documents no such call.
    Doc(BITS_GET_OWNER), Differs("The host's name for the caller, or an empty name for the host itself: a component \
                                  has no users.");
    async fn the_owner_is_the_callers_name() {
        let world = World::new().await;
        assert_eq!(world.job().await.owner().await.unwrap(), "");
        let job = world.engine.for_caller("somebody").create_job("job").await.unwrap();
        assert_eq!(job.owner().await.unwrap(), "somebody");
    }

    /// GetDisplayName returns the name of the job.
    Doc(GET_DISPLAY_NAME), Holds;
    async fn a_job_has_a_name() {
        let world = World::new().await;
        assert_eq!(world.engine.create_job("a name").await.unwrap().display_name().await.unwrap(), "a name");
    }

    /// Two jobs may have the same name.
    Doc(GET_DISPLAY_NAME), Holds;
    async fn a_name_need_not_be_unique() {
        let world = World::new().await;
        let (one, other) = (world.job().await, world.job().await);
        assert_eq!(one.display_name().await.unwrap(), other.display_name().await.unwrap());
        assert_ne!(one.id(), other.id());
    }

    /// BITS: SetDisplayName changes the name. DO documents the getter only.
    Doc(BITS_SET_DISPLAY_NAME), Holds;
    async fn a_job_can_have_another_name() {
        let world = World::new().await;
        let job = world.job().await;
        job.set_display_name("another").await.unwrap();
        assert_eq!(job.display_name().await.unwrap(), "another");
    }

    /// BITS: a name of more than 256 characters is BG_E_STRING_TOO_LONG.
    Doc(BITS_SET_DISPLAY_NAME), Holds;
    async fn a_name_has_256_characters_at_most() {
        let world = World::new().await;
        let job = world.job().await;
        let longest = "ä".repeat(256);
        job.set_display_name(&longest).await.unwrap();
        refused(job.set_display_name(&"a".repeat(257)).await, BG_E_STRING_TOO_LONG);
        assert_eq!(job.display_name().await.unwrap(), longest);
    }

    /// BITS: a null name is E_INVALIDARG.
    Doc(BITS_SET_DISPLAY_NAME), CannotBeWritten("A string is never null; an empty string is a valid name.");
    async fn a_name_may_be_empty() {
        let world = World::new().await;
        let job = world.job().await;
        job.set_display_name("").await.unwrap();
        assert_eq!(job.display_name().await.unwrap(), "");
    }

    /// BITS: SetDescription takes at most 1,024 characters; more are BG_E_STRING_TOO_LONG. DO documents no description.
    Doc(BITS_SET_DESCRIPTION), Holds;
    async fn a_description_has_1024_characters_at_most() {
        let world = World::new().await;
        let job = world.job().await;
        assert_eq!(job.description().await.unwrap(), "");
        let longest = "ä".repeat(1024);
        job.set_description(&longest).await.unwrap();
        refused(job.set_description(&"a".repeat(1025)).await, BG_E_STRING_TOO_LONG);
        assert_eq!(job.description().await.unwrap(), longest);
    }

    /// The priority of a new job is NORMAL.
    Doc(SET_PRIORITY), Holds;
    async fn a_new_job_has_normal_priority() {
        let world = World::new().await;
        assert_eq!(world.job().await.priority().await.unwrap(), JobPriority::Normal);
    }

    /// GetPriority returns the priority set with SetPriority.
    Doc(SET_PRIORITY), Holds;
    async fn a_priority_is_read_as_it_was_set() {
        let world = World::new().await;
        let job = world.job().await;
        for priority in [JobPriority::Foreground, JobPriority::High, JobPriority::Low, JobPriority::Normal] {
            job.set_priority(priority).await.unwrap();
            assert_eq!(job.priority().await.unwrap(), priority);
        }
    }

    /// BITS: a priority other than the four is E_NOTIMPL.
    Doc(BITS_SET_PRIORITY), CannotBeWritten("`job-priority` is an enum.");
    async fn there_is_no_fifth_priority() {
        assert_eq!(wit().names("types", "job-priority"), ["foreground", "high", "normal", "low"]);
    }

    /// SetPriority has S_OK only; the result after the end of the job is not documented.
    Silent(SET_PRIORITY), Chosen("DO_E_INVALID_STATE, as for the neighbouring calls.");
    async fn a_job_that_is_over_has_no_new_priority() {
        for state in OVER {
            let world = World::new().await;
            refused(world.job_in(state).await.set_priority(JobPriority::Low).await, DO_E_INVALID_STATE);
        }
    }

    /// HIGH, NORMAL and LOW are the same: all of them mean background.
    Doc(JOB_PRIORITY), Differs("They are the levels of BITS: a job runs before jobs of lower levels.");
    async fn a_job_goes_before_those_of_lower_levels() {
        assert_eq!(first_of([JobPriority::Low, JobPriority::Normal]).await, 1);
        assert_eq!(first_of([JobPriority::High, JobPriority::Normal]).await, 0);
    }

    /// FOREGROUND jobs run before the others.
    Doc(JOB_PRIORITY), Holds;
    async fn the_foreground_goes_first() {
        assert!(preempts(JobPriority::Foreground, JobPriority::High).await);
        assert!(preempts(JobPriority::Foreground, JobPriority::Low).await);
    }

    /// BITS: a job preempts a job of a lower level.
    Doc(BITS_PRIORITY), Holds;
    async fn a_job_takes_the_place_of_one_of_a_lower_level() {
        assert!(preempts(JobPriority::High, JobPriority::Normal).await);
        assert!(preempts(JobPriority::Normal, JobPriority::Low).await);
        assert!(!preempts(JobPriority::Normal, JobPriority::Normal).await);
    }

    /// BITS: jobs of the same level share time in slices.
    Doc(BITS_ABOUT), Chosen("They take turns: a turn is one file, or 30 s of it if other jobs wait.");
    async fn jobs_of_one_level_take_turns() {
        let world = World::crowded().await;
        world.occupy().await;
        let mut jobs = Vec::new();
        for name in ["a", "b"] {
            let paths: Vec<_> = (0..3).map(|number| format!("/file?{name}{number}")).collect();
            let paths: Vec<_> = paths.iter().map(String::as_str).collect();
            jobs.push(world.job_into(name, &paths).await);
            jobs.last().unwrap().resume().await.unwrap();
        }
        world.release();
        for job in &jobs {
            until_state(job, JobState::Transferred).await;
        }
        let requests = world.origin.requests();
        let order: Vec<_> = requests.iter().filter_map(|request| request.target.strip_prefix("/file?")).collect();
        assert_eq!(order, ["a0", "b0", "a1", "b1", "a2", "b2"]);
    }

    /// Several transfers run at a time, in the foreground and in the background.
    Doc(JOB_PRIORITY), Holds;
    async fn foreground_and_background_run_at_a_time() {
        let world = World::new().await;
        let mut jobs = Vec::new();
        for priority in [JobPriority::Foreground, JobPriority::Foreground, JobPriority::Normal, JobPriority::Low] {
            let job = world.job_into(&jobs.len().to_string(), &["/held"]).await;
            job.set_priority(priority).await.unwrap();
            job.resume().await.unwrap();
            jobs.push(job);
        }
        for job in &jobs {
            until_written(job, 1).await;
        }
        for job in &jobs {
            assert_eq!(state_of(job).await, JobState::Transferring);
        }
    }

    /// The default notify flags are not documented; in BITS they are JOB_TRANSFERRED and JOB_ERROR.
    Silent(BITS_SET_NOTIFY_FLAGS), Chosen("The defaults of BITS.");
    async fn a_new_job_tells_of_its_ends() {
        let world = World::new().await;
        assert_eq!(world.job().await.notify_flags().await.unwrap(), ends());
    }

    /// GetNotifyFlags returns the flags set with SetNotifyFlags.
    Doc(GET_NOTIFY_FLAGS), Holds;
    async fn flags_are_read_as_they_were_set() {
        let world = World::new().await;
        let job = world.job().await;
        for flags in [NotifyFlags::default(), NotifyFlags::JOB_ERROR, ends() | NotifyFlags::JOB_MODIFICATION] {
            job.set_notify_flags(flags).await.unwrap();
            assert_eq!(job.notify_flags().await.unwrap(), flags);
        }
    }

    /// Without the flag JOB_TRANSFERRED the callback is not called for the end of the transfer.
    Doc(SET_NOTIFY_FLAGS), Holds;
    async fn without_its_flag_the_end_is_not_told() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        let recorder = Recorder::of(&job, NotifyFlags::JOB_ERROR).await;
        fetch(&job).await;
        job.set_notify_flags(ends()).await.unwrap();
        recorder.until_told(Told::Transferred).await;
        assert_eq!(recorder.told(), [Told::Transferred]);
    }

    /// Without the flag JOB_ERROR the callback is not called for errors.
    Doc(SET_NOTIFY_FLAGS), Holds;
    async fn without_its_flag_an_error_is_not_told() {
        let world = World::new().await;
        let job = world.job_of(&["/missing"]).await;
        let recorder = Recorder::of(&job, NotifyFlags::JOB_TRANSFERRED).await;
        fails(&job, status(404)).await;
        assert_eq!(recorder.told(), []);
        job.set_notify_flags(ends()).await.unwrap();
        recorder.until_told(Told::Error(status(404).number)).await;
    }

    /// Without the flag JOB_MODIFICATION the callback is not called for modifications.
    Doc(SET_NOTIFY_FLAGS), Holds;
    async fn without_its_flag_a_modification_is_not_told() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        let recorder = Recorder::of(&job, ends()).await;
        job.set_description("modified").await.unwrap();
        fetch(&job).await;
        recorder.until_told(Told::Transferred).await;
        assert_eq!(recorder.told(), [Told::Transferred]);
    }

    /// BG_NOTIFY_DISABLE is not supported according to SetNotifyFlags, and stops every notification according to
    /// GetNotifyFlags.
    Silent(GET_NOTIFY_FLAGS), Chosen("It is accepted, and stops every notification.");
    async fn disable_stops_every_notification() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        let recorder = Recorder::of(&job, ends() | NotifyFlags::DISABLE).await;
        fetch(&job).await;
        assert_eq!(recorder.told(), []);
        job.set_notify_flags(ends()).await.unwrap();
        recorder.until_told(Told::Transferred).await;
    }

    /// FILE_TRANSFERRED is supported, though no callback exists for it.
    Doc(SET_NOTIFY_FLAGS), Chosen("It can be set. No callback is called for it; the engine sends the event of the \
                                   file in any case.");
    async fn files_are_told_by_events() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        job.set_notify_flags(NotifyFlags::FILE_TRANSFERRED).await.unwrap();
        assert_eq!(job.notify_flags().await.unwrap(), NotifyFlags::FILE_TRANSFERRED);
        let mut events = world.engine.events();
        fetch(&job).await;
        let of_file = Subject::File { job: job.id().to_owned(), index: 0 };
        while events.recv().await.unwrap().subject != of_file {}
    }

    /// FILE_RANGES_TRANSFERRED is not supported.
    Doc(SET_NOTIFY_FLAGS), Chosen("E_NOTIMPL, as in BITS for invalid flags.");
    async fn ranges_are_not_told() {
        let world = World::new().await;
        let job = world.job().await;
        refused(job.set_notify_flags(ends() | NotifyFlags::FILE_RANGES_TRANSFERRED).await, E_NOTIMPL);
        assert_eq!(job.notify_flags().await.unwrap(), ends());
    }

    /// GetNotifyFlags lists the flags 1, 2, 4 and 8 only.
    Doc(GET_NOTIFY_FLAGS), Differs("It returns every flag that was set, FILE_TRANSFERRED too.");
    async fn every_flag_that_was_set_comes_back() {
        let world = World::new().await;
        let job = world.job().await;
        let all = ends() | NotifyFlags::DISABLE | NotifyFlags::JOB_MODIFICATION | NotifyFlags::FILE_TRANSFERRED;
        job.set_notify_flags(all).await.unwrap();
        assert_eq!(job.notify_flags().await.unwrap(), all);
    }

    /// BITS: an invalid flag is E_NOTIMPL.
    Doc(BITS_SET_NOTIFY_FLAGS), CannotBeWritten("`notify-flags` has the six flags only.");
    async fn there_are_six_flags() {
        assert_eq!(wit().names("types", "notify-flags").len(), 6);
    }

    /// SetNotifyFlags fails with DO_E_INVALID_STATE in CANCELLED and ACKNOWLEDGED.
    Doc(SET_NOTIFY_FLAGS), Holds;
    async fn a_job_that_is_over_has_no_new_flags() {
        for state in OVER {
            let world = World::new().await;
            refused(world.job_in(state).await.set_notify_flags(ends()).await, DO_E_INVALID_STATE);
        }
    }

    /// SetNotifyInterface with null removes the callback.
    Doc(SET_NOTIFY_INTERFACE), Holds;
    async fn a_callback_can_be_taken_away() {
        let world = World::new().await;
        let job = world.job().await;
        Recorder::of(&job, ends()).await;
        assert!(job.notify_interface().await.unwrap());
        job.remove_notify_interface().await.unwrap();
        assert!(!job.notify_interface().await.unwrap());
    }

    /// Only the creator of a job and administrators may set its callback.
    Doc(SET_NOTIFY_INTERFACE), Holds;
    async fn others_cannot_set_a_callback() {
        let world = World::new().await;
        let job = world.engine.for_caller("one").create_job("job").await.unwrap();
        refused(world.engine.for_caller("other").job(job.id()).await, E_ACCESSDENIED);
        let seen_by_the_host = world.engine.job(job.id()).await.unwrap();
        Recorder::of(&seen_by_the_host, ends()).await;
        assert!(job.notify_interface().await.unwrap());
    }

    /// BITS: SetNotifyInterface is BG_E_INVALID_STATE after the end of the job.
    Doc(BITS_SET_NOTIFY_INTERFACE), Chosen("DO_E_INVALID_STATE.");
    async fn a_job_that_is_over_has_no_new_callback() {
        for state in OVER {
            let world = World::new().await;
            let job = world.job_in(state).await;
            refused(job.set_notify_interface(Recorder::default()).await.map(|_| ()), DO_E_INVALID_STATE);
            refused(job.remove_notify_interface().await, DO_E_INVALID_STATE);
        }
    }

    /// BITS: the service queries the object for the callback interface.
    Doc(BITS_SET_NOTIFY_INTERFACE), CannotBeWritten("A client component exports the callback and sets a flag to have \
                                                     it called; in Rust a callback is a value that implements the \
                                                     trait.");
    async fn a_callback_is_set_by_a_flag() {
        let signature = wit().signature("background-copy-job", "job.set-notify-interface");
        assert_eq!(signature, "set-notify-interface: func(is-set: bool) -> result<_, failure>");
    }

    /// GetNotifyInterface returns the object, which the caller releases.
    Doc(GET_NOTIFY_INTERFACE), Differs("It returns whether a callback is set.");
    async fn whether_there_is_a_callback_can_be_read() {
        let signature = wit().signature("background-copy-job", "job.get-notify-interface");
        assert_eq!(signature, "get-notify-interface: func() -> bool");
    }

    /// GetNotifyInterface succeeds with null if no callback is set.
    Observed(WINE_JOB), Holds;
    async fn a_new_job_has_no_callback() {
        let world = World::new().await;
        assert!(!world.job().await.notify_interface().await.unwrap());
    }

    /// BITS: the default retry delay is 600 s.
    Doc(BITS_SET_MINIMUM_RETRY_DELAY), Differs("0: the engine's own back-off, from 0.2 s to 30 s.");
    async fn a_new_job_has_no_retry_delay() {
        let world = World::new().await;
        assert_eq!(world.job().await.minimum_retry_delay().await.unwrap(), Duration::ZERO);
    }

    /// DO retries transient failures according to its own settings.
    Doc(JOB_STATE), Holds;
    async fn a_failure_that_passes_is_tried_again() {
        let world = World::faulty([(When::First(3), Fault::CloseBeforeResponse)]).await;
        done(&world.job_of(&["/here"]).await).await;
        world.assert_file("0");
    }

    /// BITS: a retry delay below 5 s becomes 5 s.
    Doc(BITS_SET_MINIMUM_RETRY_DELAY), Holds;
    async fn a_short_retry_delay_becomes_five_seconds() {
        let world = World::new().await;
        let job = world.job().await;
        for (set, got) in [(1, 5), (4, 5), (5, 5), (6, 6), (600, 600)] {
            job.set_minimum_retry_delay(Duration::from_secs(set)).await.unwrap();
            assert_eq!(job.minimum_retry_delay().await.unwrap(), Duration::from_secs(got));
        }
    }

    /// BITS: a retry delay of 0 counts as below 5 s.
    Doc(BITS_SET_MINIMUM_RETRY_DELAY), Differs("It restores the engine's own back-off.");
    async fn a_retry_delay_of_zero_is_none() {
        let world = World::new().await;
        let job = world.job().await;
        job.set_minimum_retry_delay(HOUR).await.unwrap();
        job.set_minimum_retry_delay(Duration::ZERO).await.unwrap();
        assert_eq!(job.minimum_retry_delay().await.unwrap(), Duration::ZERO);
    }

    /// BITS: a file is not retried before the retry delay has passed.
    Doc(BITS_SET_MINIMUM_RETRY_DELAY), Holds;
    async fn a_retry_delay_is_waited_for() {
        let world = World::faulty([(When::Every, Fault::status(503))]).await;
        let job = world.job_of(&["/here"]).await;
        job.set_minimum_retry_delay(HOUR).await.unwrap();
        let mut events = world.engine.events();
        job.resume().await.unwrap();
        loop {
            if let Event { what: Happening::Retrying { after, .. }, .. } = events.recv().await.unwrap() {
                assert_eq!(after, HOUR);
                break;
            }
        }
    }

    /// BITS: with a retry delay longer than the no-progress timeout every failure is an error.
    Doc(BITS_SET_MINIMUM_RETRY_DELAY), Holds;
    async fn a_retry_delay_beyond_the_timeout_makes_failures_final() {
        let world = World::faulty([(When::Every, Fault::status(503))]).await;
        let job = world.job_of(&["/here"]).await;
        job.set_no_progress_timeout(Duration::from_secs(60)).await.unwrap();
        job.set_minimum_retry_delay(Duration::from_secs(61)).await.unwrap();
        fails(&job, status(503)).await;
        assert_eq!(world.origin.requests().len(), 1);
    }

    /// The no-progress timeout is 3,600 s for foreground jobs.
    Doc(SET_NO_PROGRESS_TIMEOUT), Holds;
    async fn the_timeout_of_the_foreground_is_an_hour() {
        let world = World::new().await;
        let job = world.job().await;
        job.set_priority(JobPriority::Foreground).await.unwrap();
        assert_eq!(job.no_progress_timeout().await.unwrap(), HOUR);
    }

    /// The no-progress timeout is 86,400 s for other jobs.
    Doc(SET_NO_PROGRESS_TIMEOUT), Holds;
    async fn the_timeout_of_the_background_is_a_day() {
        let world = World::new().await;
        let job = world.job().await;
        for priority in [JobPriority::High, JobPriority::Normal, JobPriority::Low] {
            job.set_priority(priority).await.unwrap();
            assert_eq!(job.no_progress_timeout().await.unwrap(), 24 * HOUR);
        }
    }

    /// BITS: the default no-progress timeout is 14 days.
    Doc(BITS_SET_NO_PROGRESS_TIMEOUT), Differs("An hour or a day, as in DO.");
    async fn the_timeout_is_not_that_of_bits() {
        let world = World::new().await;
        assert_ne!(world.job().await.no_progress_timeout().await.unwrap(), 14 * 24 * HOUR);
    }

    /// GetNoProgressTimeout returns the timeout, though its page marks the argument as an input.
    Doc(GET_NO_PROGRESS_TIMEOUT), Holds;
    async fn a_timeout_is_read_as_it_was_set() {
        let world = World::new().await;
        let job = world.job().await;
        job.set_no_progress_timeout(Duration::from_secs(77)).await.unwrap();
        job.set_priority(JobPriority::Foreground).await.unwrap();
        assert_eq!(job.no_progress_timeout().await.unwrap(), Duration::from_secs(77));
    }

    /// SetNoProgressTimeout fails with DO_E_INVALID_STATE in CANCELLED and ACKNOWLEDGED.
    Doc(SET_NO_PROGRESS_TIMEOUT), Holds;
    async fn a_job_that_is_over_has_no_new_timeout() {
        for state in OVER {
            let world = World::new().await;
            refused(world.job_in(state).await.set_no_progress_timeout(HOUR).await, DO_E_INVALID_STATE);
        }
    }

    /// After this time without progress TRANSIENT_ERROR becomes ERROR.
    Doc(SET_NO_PROGRESS_TIMEOUT), Holds;
    async fn without_progress_the_job_fails() {
        let world = World::faulty([(When::Every, Fault::status(503))]).await;
        let job = world.job_of(&["/here"]).await;
        job.set_no_progress_timeout(Duration::from_secs(1)).await.unwrap();
        let begin = Instant::now();
        job.resume().await.unwrap();
        until_state(&job, JobState::Error).await;
        assert!(begin.elapsed() >= Duration::from_secs(1) && world.origin.requests().len() > 1);
    }

    /// The error is not documented.
    Silent(SET_NO_PROGRESS_TIMEOUT), Chosen("DO_E_DOWNLOAD_NO_PROGRESS.");
    async fn without_progress_the_error_says_so() {
        let world = World::new().await;
        world.origin.put("/silent", silent(&world));
        let job = world.job_of(&["/silent"]).await;
        job.set_no_progress_timeout(Duration::from_secs(1)).await.unwrap();
        fails(&job, DO_E_DOWNLOAD_NO_PROGRESS).await;
    }

    /// Any progress restarts the timeout.
    Doc(SET_NO_PROGRESS_TIMEOUT), Holds;
    async fn progress_lets_the_time_begin_anew() {
        let world = World::faulty([(When::Every, Fault::CutAfter(LENGTH / 16))]).await;
        let job = world.job_of(&["/here"]).await;
        job.set_no_progress_timeout(Duration::from_secs(1)).await.unwrap();
        let begin = Instant::now();
        done(&job).await;
        assert!(begin.elapsed() > Duration::from_secs(1), "{:?}", begin.elapsed());
        world.assert_file("0");
    }

    /// BITS: with a no-progress timeout of 0 every failure is an error.
    Doc(BITS_SET_NO_PROGRESS_TIMEOUT), Holds;
    async fn a_timeout_of_zero_makes_failures_final() {
        let world = World::faulty([(When::Nth(0), Fault::CloseBeforeResponse)]).await;
        let job = world.job_of(&["/here"]).await;
        job.set_no_progress_timeout(Duration::ZERO).await.unwrap();
        job.resume().await.unwrap();
        until_state(&job, JobState::Error).await;
        assert_eq!(world.origin.requests().len(), 1);
        // Waiting for an answer is not a failure.
        done(&job).await;
        world.assert_file("0");
    }

    /// BITS: GetErrorCount counts the transitions of a job from TRANSFERRING to an error. DO documents no such call.
    Doc(BITS_GET_ERROR_COUNT), Holds;
    async fn errors_are_counted() {
        let world = World::new().await;
        let job = world.job_of(&["/missing"]).await;
        assert_eq!(job.error_count().await.unwrap(), 0);
        fails(&job, status(404)).await;
        assert_eq!(job.error_count().await.unwrap(), 1);
        let job = world.job_in(JobState::TransientError).await;
        assert_eq!(job.error_count().await.unwrap(), 1);
    }

    /// BITS: the count never decreases.
    Doc(BITS_GET_ERROR_COUNT), Holds;
    async fn the_count_of_errors_never_goes_back() {
        let world = World::new().await;
        let job = world.job_of(&["/missing"]).await;
        fails(&job, status(404)).await;
        fails(&job, status(404)).await;
        assert_eq!(job.error_count().await.unwrap(), 2);
        super::world::file(&job, 0).await.set_remote_name(&world.origin.url("/file")).await.unwrap();
        done(&job).await;
        assert_eq!(job.error_count().await.unwrap(), 2);
    }

    /// BITS: the loss of the network is not counted.
    Doc(BITS_GET_ERROR_COUNT), Holds;
    async fn the_loss_of_the_network_is_no_error_that_counts() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferring).await;
        world.engine.set_network(OFFLINE).await.unwrap();
        until_state(&job, JobState::TransientError).await;
        world.engine.set_network(ONLINE).await.unwrap();
        until_state(&job, JobState::Transferring).await;
        assert_eq!(job.error_count().await.unwrap(), 0);
    }

    /// DO detects proxies automatically.
    Doc(PROXY), Differs("PRECONFIG: the proxies configured in the host, by default none.");
    async fn a_new_job_uses_what_the_host_was_told() {
        let world = World::new().await;
        assert_eq!(world.job().await.proxy_settings().await.unwrap(), ProxySettings::default());
        assert_eq!(ProxySettings::default().usage, ProxyUsage::Preconfig);
    }

    /// BITS: with OVERRIDE requests use the proxies in a list. DO documents no such call.
    Doc(BITS_SET_PROXY), Holds;
    async fn a_job_can_have_a_proxy_of_its_own() {
        let world = World::new().await;
        let job = world.job().await;
        job.add_file("http://files.test/file", world.local("0")).await.unwrap();
        let settings = through(&world.origin.address().to_string());
        job.set_proxy_settings(settings.clone()).await.unwrap();
        assert_eq!(job.proxy_settings().await.unwrap(), settings);
        done(&job).await;
        assert_eq!(world.origin.requests()[0].target, "http://files.test/file");
        world.assert_file("0");
    }

    /// BITS: NO_PROXY uses no proxy.
    Doc(BITS_SET_PROXY), Holds;
    async fn a_job_can_go_without_proxy() {
        let world = World::built(|builder, _| builder.proxy("127.0.0.1:1", "")).await;
        let job = world.job_of(&["/file"]).await;
        let settings = ProxySettings { usage: ProxyUsage::NoProxy, ..Default::default() };
        job.set_proxy_settings(settings).await.unwrap();
        done(&job).await;
        world.assert_file("0");
    }

    /// BITS: OVERRIDE without a list, and a list without OVERRIDE, are E_INVALIDARG.
    Doc(BITS_SET_PROXY), Holds;
    async fn lists_are_for_override() {
        let world = World::new().await;
        let job = world.job().await;
        let bare = ProxySettings { usage: ProxyUsage::Override, ..Default::default() };
        refused(job.set_proxy_settings(bare).await, E_INVALIDARG);
        for usage in [ProxyUsage::Preconfig, ProxyUsage::NoProxy, ProxyUsage::Autodetect] {
            let with_list = ProxySettings { usage, ..through("proxy:80") };
            refused(job.set_proxy_settings(with_list).await, E_INVALIDARG);
        }
    }

    /// BITS: lists that are too long are BG_E_PROXY_LIST_TOO_LARGE and BG_E_PROXY_BYPASS_LIST_TOO_LARGE. The pages name three
    /// lengths.
    Silent(BITS_SET_PROXY), Chosen("4,000 characters, the shortest of the three.");
    async fn lists_have_4000_characters_at_most() {
        let world = World::new().await;
        let job = world.job().await;
        let (most, more) = ("a".repeat(4000), "a".repeat(4001));
        let with_bypass = |list: &str, bypass: &str| {
            ProxySettings { proxy_bypass_list: Some(bypass.into()), ..through(list) }
        };
        job.set_proxy_settings(with_bypass(&most, &most)).await.unwrap();
        refused(job.set_proxy_settings(through(&more)).await, BG_E_PROXY_LIST_TOO_LARGE);
        refused(job.set_proxy_settings(with_bypass("a", &more)).await, BG_E_PROXY_BYPASS_LIST_TOO_LARGE);
    }

    /// BITS: an invalid list is reported later, with BG_E_INVALID_PROXY_INFO.
    Doc(BITS_SET_PROXY), Holds;
    async fn a_list_that_cannot_be_read_is_told_later() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        job.set_proxy_settings(through("no/proxy at:all")).await.unwrap();
        fails(&job, BG_E_INVALID_PROXY_INFO).await;
        assert_eq!(world.origin.requests().len(), 0);
    }

    /// BITS: an invalid usage is E_NOTIMPL.
    Doc(BITS_SET_PROXY), CannotBeWritten("`proxy-usage` is an enum.");
    async fn there_is_no_fifth_usage() {
        assert_eq!(wit().names("types", "proxy-usage"), ["preconfig", "no-proxy", "override", "autodetect"]);
    }

    /// BITS: only administrators may call TakeOwnership; other callers get E_ACCESSDENIED. DO documents no such call.
    Doc(BITS_TAKE_OWNERSHIP), Holds;
    async fn the_host_may_take_a_job() {
        let world = World::new().await;
        let its = world.engine.for_caller("somebody").create_job("job").await.unwrap();
        its.take_ownership().await.unwrap();
        let job = world.engine.job(its.id()).await.unwrap();
        job.take_ownership().await.unwrap();
        assert_eq!(job.owner().await.unwrap(), "");
        refused(its.take_ownership().await, E_ACCESSDENIED);
        assert_eq!(job.owner().await.unwrap(), "");
    }

    /// BITS: TakeOwnership removes credentials and request headers.
    Doc(BITS_TAKE_OWNERSHIP), Holds;
    async fn a_new_owner_has_no_headers_of_the_old_one() {
        let world = World::new().await;
        let kept = world.job_into("kept", &["/file?kept"]).await;
        let taken = world.job_into("taken", &["/file?taken"]).await;
        for job in [&kept, &taken] {
            let options = JobOptions { custom_headers: "X-Secret: 1".into(), ..Default::default() };
            job.set_options(options).await.unwrap();
        }
        taken.take_ownership().await.unwrap();
        done(&kept).await;
        done(&taken).await;
        let requests = world.origin.requests();
        let secrets: Vec<_> = requests.iter().map(|request| request.header("x-secret")).collect();
        assert_eq!(secrets, [Some("1"), None]);
    }

    /// BITS: TakeOwnership is BG_E_INVALID_STATE after the end of the job.
    Doc(BITS_TAKE_OWNERSHIP), Chosen("DO_E_INVALID_STATE.");
    async fn a_job_that_is_over_has_no_new_owner() {
        for state in OVER {
            let world = World::new().await;
            refused(world.job_in(state).await.take_ownership().await, DO_E_INVALID_STATE);
        }
    }

    /// BITS: after TakeOwnership the callback continues to run as the user who registered it.
    Doc(BITS_TAKE_OWNERSHIP), Differs("It is removed, because each call would pass it the job, which now belongs to \
                                       another caller.");
    async fn the_callback_ends_when_the_job_is_taken() {
        let world = World::new().await;
        let its = world.engine.for_caller("somebody").create_job("job").await.unwrap();
        its.add_file(&world.origin.url("/file"), world.local("0")).await.unwrap();
        let recorder = Recorder::default();
        let listening = its.set_notify_interface(recorder.clone()).await.unwrap();
        let job = world.engine.job(its.id()).await.unwrap();
        job.take_ownership().await.unwrap();
        assert!(!job.notify_interface().await.unwrap());
        fetch(&job).await;
        listening.await.unwrap();
        assert_eq!(recorder.told(), []);
    }

    /// The documentation does not say which calls on its object remain to the previous owner.
    Silent(BITS_TAKE_OWNERSHIP), Chosen("None: every call fails with E_ACCESSDENIED, or returns the result for a \
                                         deleted job.");
    async fn nobody_uses_a_job_that_was_taken() {
        let world = World::new().await;
        let its = world.engine.for_caller("somebody").create_job("job").await.unwrap();
        its.add_file(&world.origin.url("/file"), world.local("0")).await.unwrap();
        let files = its.files().await.unwrap();
        let file = files.clone().next(1).await.unwrap().remove(0);
        let job = world.engine.job(its.id()).await.unwrap();
        job.take_ownership().await.unwrap();
        let options = JobOptions { custom_headers: "X-Secret: 1".into(), ..Default::default() };
        job.set_options(options.clone()).await.unwrap();

        refused(its.add_file(&world.origin.url("/file"), world.local("1")).await, E_ACCESSDENIED);
        refused(its.add_file_by_id("id", None, &[]).await, E_ACCESSDENIED);
        refused(its.files().await, E_ACCESSDENIED);
        refused(its.suspend().await, E_ACCESSDENIED);
        refused(its.resume().await, E_ACCESSDENIED);
        refused(its.complete().await, E_ACCESSDENIED);
        refused(its.cancel().await, E_ACCESSDENIED);
        refused(its.error().await, E_ACCESSDENIED);
        refused(its.extended_error_info().await, E_ACCESSDENIED);
        refused(its.set_display_name("mine").await, E_ACCESSDENIED);
        refused(its.set_description("mine").await, E_ACCESSDENIED);
        refused(its.set_priority(JobPriority::High).await, E_ACCESSDENIED);
        refused(its.set_notify_flags(ends()).await, E_ACCESSDENIED);
        refused(its.remove_notify_interface().await, E_ACCESSDENIED);
        refused(its.set_minimum_retry_delay(HOUR).await, E_ACCESSDENIED);
        refused(its.set_no_progress_timeout(HOUR).await, E_ACCESSDENIED);
        refused(its.set_proxy_settings(ProxySettings::default()).await, E_ACCESSDENIED);
        refused(its.property(JobPropertyId::CostFlags).await, E_ACCESSDENIED);
        refused(its.set_property(JobProperty::CostFlags(CostFlags::UNRESTRICTED)).await, E_ACCESSDENIED);
        refused(its.options().await, E_ACCESSDENIED);
        refused(its.set_options(options).await, E_ACCESSDENIED);
        refused(its.describe().await, E_ACCESSDENIED);
        refused(its.describe_files(0, 1).await, E_ACCESSDENIED);
        refused(its.take_ownership().await, E_ACCESSDENIED);
        assert_eq!(its.state().await.unwrap(), JobState::Cancelled);
        assert_eq!(its.display_name().await.unwrap(), "");
        assert_eq!(its.progress().await.unwrap().files_total, 0);

        refused(file.remote_name().await, E_ACCESSDENIED);
        refused(file.local_name().await, E_ACCESSDENIED);
        refused(file.set_remote_name(&world.origin.url("/else")).await, E_ACCESSDENIED);
        refused(file.response_headers().await, E_ACCESSDENIED);
        refused(file.property(FilePropertyId::DownloadSinkFilePath).await, E_ACCESSDENIED);
        refused(file.set_property(FileProperty::TotalSizeBytes(1)).await, E_ACCESSDENIED);
        refused(file.set_options(TransferOptions::default()).await, E_ACCESSDENIED);
        assert_eq!(file.stats().await.unwrap().source_url, "");
        assert_eq!(file.ranges().await.unwrap(), []);

        assert_eq!(job.display_name().await.unwrap(), "job");
        assert_eq!(job.describe_files(0, 1).await.unwrap().len(), 1);
    }

    /// The documentation does not say how TakeOwnership affects an existing error object.
    Silent(BITS_TAKE_OWNERSHIP), Chosen("It keeps the description of the error, and no longer gives access to the \
                                         file.");
    async fn an_error_leads_to_no_file_of_a_job_that_was_taken() {
        let world = World::new().await;
        let its = world.engine.for_caller("somebody").create_job("job").await.unwrap();
        its.add_file(&world.origin.url("/missing"), world.local("0")).await.unwrap();
        its.resume().await.unwrap();
        until_state(&its, JobState::Error).await;
        let error = its.error().await.unwrap();
        let file = error.file.clone().unwrap();
        world.engine.job(its.id()).await.unwrap().take_ownership().await.unwrap();
        refused(file.remote_name().await, E_ACCESSDENIED);
        error.description(0x0409).await.unwrap();
    }

    /// Only the creator of a job and administrators may modify it or add files to it.
    Doc(CREATE_JOB), Holds;
    async fn others_cannot_change_a_job() {
        let world = World::new().await;
        let job = world.engine.for_caller("one").create_job("job").await.unwrap();
        refused(world.engine.for_caller("other").job(job.id()).await, E_ACCESSDENIED);
        world.engine.for_caller("one").job(job.id()).await.unwrap().set_description("mine").await.unwrap();
        world.engine.job(job.id()).await.unwrap().set_display_name("the host's").await.unwrap();
        assert_eq!(job.display_name().await.unwrap(), "the host's");
    }

    /// Only some calls document the states in which they may set a property of a job.
    Silent(IDL), Chosen("In every state before the end.");
    async fn everything_can_be_set_before_the_end() {
        for state in OPEN {
            let world = World::crowded().await;
            let job = world.job_in(state).await;
            job.set_display_name("a").await.unwrap();
            job.set_description("b").await.unwrap();
            job.set_priority(JobPriority::High).await.unwrap();
            job.set_notify_flags(ends()).await.unwrap();
            job.set_minimum_retry_delay(HOUR).await.unwrap();
            job.set_no_progress_timeout(HOUR).await.unwrap();
            job.set_proxy_settings(ProxySettings::default()).await.unwrap();
            job.set_options(JobOptions::default()).await.unwrap();
        }
    }

    /// The effect of a setter on a transfer in progress is not documented.
    Silent(SET_NO_PROGRESS_TIMEOUT), Chosen("The new value applies at once.");
    async fn a_setting_takes_effect_at_once() {
        let world = World::new().await;
        world.origin.put("/silent", silent(&world));
        let job = world.job_of(&["/silent"]).await;
        job.resume().await.unwrap();
        world.origin.until(|requests| !requests.is_empty()).await;
        job.set_no_progress_timeout(Duration::from_secs(1)).await.unwrap();
        until_state(&job, JobState::Error).await;
        assert_eq!(job.error().await.unwrap().cause.code, DO_E_DOWNLOAD_NO_PROGRESS.number);
    }
}

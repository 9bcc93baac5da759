//! IBackgroundCopyJob5: the properties of a job.

use haul::{CostFlags, Happening, JobPriority, JobProperty, JobPropertyId, JobState, Network, NetworkCost, Subject};

use super::sources::{
    BITS_COST_STATE, BITS_JOB5_SET, IDL, IDL_5_0, JOB_PROPERTY_ID, JOB_PROPERTY_VALUE, JOB5, JOB5_GET, JOB5_SET,
    SDK_PROPERTIES, TRANSFER_POLICY,
};
use super::world::{OVER, fails, fetch, silent, state_of, until_state};
use crate::codes::{
    DO_E_BLOCKED_BY_COST_TRANSFER_POLICY, DO_E_INVALID_STATE, DO_E_UNKNOWN_PROPERTY_ID, E_INVALIDARG, E_NOT_SET,
};
use crate::http_codes::status;
use crate::lifetime::{keeping, reopen};
use crate::statement::statements;
use crate::status::ONLINE;
use crate::world::{World, refused, wit};

const CLASS: &str = "5b99fa76-721c-423c-adac-56d03c8a8007";

const COSTS: [NetworkCost; 7] = [
    NetworkCost::Unrestricted,
    NetworkCost::CappedUsageUnknown,
    NetworkCost::BelowCap,
    NetworkCost::NearCap,
    NetworkCost::OverCapCharged,
    NetworkCost::OverCapThrottled,
    NetworkCost::UsageBased,
];

/// The flag of each of [`COSTS`], then that of roaming.
const FLAGS: [CostFlags; 8] = [
    CostFlags::UNRESTRICTED,
    CostFlags::CAPPED_USAGE_UNKNOWN,
    CostFlags::BELOW_CAP,
    CostFlags::NEAR_CAP,
    CostFlags::OVERCAP_CHARGED,
    CostFlags::OVERCAP_THROTTLED,
    CostFlags::USAGE_BASED,
    CostFlags::ROAMING,
];

/// The flags for the low byte of their number.
fn of_bits(bits: u8) -> JobProperty {
    let given = FLAGS.into_iter().enumerate().filter(|(bit, _)| bits & 1 << bit != 0);
    JobProperty::CostFlags(given.fold(CostFlags::IGNORE_CONGESTION, |all, (_, flag)| all | flag))
}

/// A job that would transfer.
async fn running(world: &World) -> haul::Job {
    world.origin.put("/silent", silent(world));
    let job = world.job_of(&["/silent"]).await;
    job.resume().await.unwrap();
    job
}

/// The networks on which a job with this policy runs, as `1` for yes: at home in the order of [`COSTS`], then while roaming.
async fn runs(bits: u8) -> String {
    let world = World::new().await;
    let job = running(&world).await;
    job.set_property(of_bits(bits)).await.unwrap();
    let mut answers = String::new();
    for roaming in [false, true] {
        for cost in COSTS {
            world.engine.set_network(Network { cost, roaming, ..ONLINE }).await.unwrap();
            // A blocked job leaves its slot only when its bytes are on the disk.
            let state = loop {
                match state_of(&job).await {
                    JobState::Queued => tokio::task::yield_now().await,
                    state => break state,
                }
            };
            answers.push(match state {
                JobState::Transferring => '1',
                JobState::TransientError => '0',
                other => panic!("{other:?}"),
            });
        }
        answers.push(' ');
    }
    answers.trim_end().to_owned()
}

/// Asserts that Delivery Optimization does not support this property of BITS.
async fn is_unknown(id: JobPropertyId, value: JobProperty) {
    let world = World::new().await;
    let job = world.job().await;
    refused(job.property(id).await, DO_E_UNKNOWN_PROPERTY_ID);
    refused(job.set_property(value).await, DO_E_UNKNOWN_PROPERTY_ID);
}

const UNKNOWN: &str = "DO_E_UNKNOWN_PROPERTY_ID, for reads and for writes; no page documents the code.";

statements! {
    "IBackgroundCopyJob5";

    /// COST_FLAGS may change during the transfer; the change takes effect at once.
    Doc(JOB_PROPERTY_ID), Holds;
    async fn cost_flags_take_effect_at_once() {
        let world = World::new().await;
        let job = running(&world).await;
        world.engine.set_network(Network { cost: NetworkCost::UsageBased, ..ONLINE }).await.unwrap();
        assert_eq!(state_of(&job).await, JobState::Transferring);
        job.set_property(JobProperty::CostFlags(CostFlags::UNRESTRICTED)).await.unwrap();
        assert_eq!(state_of(&job).await, JobState::TransientError);
        assert_eq!(job.error().await.unwrap().cause.code, DO_E_BLOCKED_BY_COST_TRANSFER_POLICY.number);
        job.set_property(JobProperty::CostFlags(CostFlags::USAGE_BASED)).await.unwrap();
        until_state(&job, JobState::Transferring).await;
    }

    /// GetProperty returns COST_FLAGS as set.
    Doc(JOB5_GET), Holds;
    async fn cost_flags_are_read_as_they_were_set() {
        let world = World::new().await;
        let job = world.job().await;
        for flags in FLAGS {
            job.set_property(JobProperty::CostFlags(flags)).await.unwrap();
            assert_eq!(job.property(JobPropertyId::CostFlags).await.unwrap(), JobProperty::CostFlags(flags));
        }
    }

    /// A job runs on the networks whose flags are among its own.
    Doc(BITS_COST_STATE), Holds;
    async fn a_job_runs_where_its_flags_allow() {
        assert_eq!(runs(0b0000_0001).await, "1000000 0000000");
        assert_eq!(runs(0b0101_0100).await, "0010101 0000000");
        assert_eq!(runs(0b1000_1010).await, "0101000 0101000");
    }

    /// The policy ALWAYS is 0x800000FF.
    Doc(TRANSFER_POLICY), Holds;
    async fn the_policy_always_runs_everywhere() {
        assert_eq!(runs(0xFF).await, "1111111 1111111");
    }

    /// The policy NOT_ROAMING is 0x8000007F.
    Doc(TRANSFER_POLICY), Holds;
    async fn the_policy_not_roaming_runs_at_home() {
        assert_eq!(runs(0x7F).await, "1111111 0000000");
    }

    /// The policy NO_SURCHARGE is 0x8000006F.
    Doc(TRANSFER_POLICY), Holds;
    async fn the_policy_no_surcharge_does_not_run_where_it_costs() {
        assert_eq!(runs(0x6F).await, "1111011 0000000");
    }

    /// The policy STANDARD is 0x80000067.
    Doc(TRANSFER_POLICY), Holds;
    async fn the_policy_standard_does_not_run_near_the_cap() {
        assert_eq!(runs(0x67).await, "1110011 0000000");
    }

    /// The policy UNRESTRICTED is 0x80000021.
    Doc(TRANSFER_POLICY), Holds;
    async fn the_policy_unrestricted_runs_where_nothing_is_counted() {
        assert_eq!(runs(0x21).await, "1000010 0000000");
    }

    /// The default cost flags of a job are not documented; for downloads, clients use ALWAYS in the foreground and STANDARD in
    /// the background.
    Silent(SDK_PROPERTIES), Chosen("The same.");
    async fn the_default_policy_follows_the_priority() {
        let world = World::new().await;
        let job = world.job().await;
        assert_eq!(job.property(JobPropertyId::CostFlags).await.unwrap(), of_bits(0x67));
        job.set_priority(JobPriority::Foreground).await.unwrap();
        assert_eq!(job.property(JobPropertyId::CostFlags).await.unwrap(), of_bits(0xFF));
    }

    /// A remark in the IDL says that properties cannot be modified between Resume and Suspend; the pages say that they can.
    Silent(IDL_5_0), Chosen("They can, at any time before the end.");
    async fn a_property_can_be_set_while_the_job_runs() {
        let world = World::new().await;
        let job = world.job_in(JobState::Transferring).await;
        job.set_property(of_bits(0xFF)).await.unwrap();
        job.set_property(JobProperty::NotificationClsid(CLASS.into())).await.unwrap();
        assert_eq!(state_of(&job).await, JobState::Transferring);
    }

    /// NOTIFICATION_CLSID is the class to notify of the job.
    Doc(JOB_PROPERTY_ID), Chosen("The engine starts no programs: its events notify the host, which may start the program \
                                  registered for the class.");
    async fn a_class_is_told_by_events() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        job.set_property(JobProperty::NotificationClsid(CLASS.into())).await.unwrap();
        let mut events = world.engine.events();
        job.resume().await.unwrap();
        loop {
            let event = events.recv().await.unwrap();
            if event.what == Happening::JobTransferred {
                assert_eq!(event.subject, Subject::Job(job.id().into()));
                break;
            }
        }
    }

    /// GetProperty returns NOTIFICATION_CLSID as set.
    Doc(JOB5_GET), Holds;
    async fn a_class_is_read_as_it_was_set() {
        let world = World::new().await;
        let job = world.job().await;
        let braces = format!("{{{}}}", CLASS.to_uppercase());
        for text in [CLASS, &braces] {
            job.set_property(JobProperty::NotificationClsid(text.into())).await.unwrap();
            let read = job.property(JobPropertyId::NotificationClsid).await.unwrap();
            assert_eq!(read, JobProperty::NotificationClsid(CLASS.into()));
        }
    }

    /// GUID_NULL removes the class.
    Doc(JOB_PROPERTY_ID), Holds;
    async fn the_guid_of_zeros_takes_the_class_away() {
        let world = World::new().await;
        let job = world.job().await;
        job.set_property(JobProperty::NotificationClsid(CLASS.into())).await.unwrap();
        job.set_property(JobProperty::NotificationClsid("00000000-0000-0000-0000-000000000000".into())).await.unwrap();
        refused(job.property(JobPropertyId::NotificationClsid).await, E_NOT_SET);
    }

    /// The result of GetProperty for a class that was never set is not documented.
    Silent(JOB5_GET), Chosen("E_NOT_SET.");
    async fn a_new_job_has_no_class() {
        let world = World::new().await;
        refused(world.job().await.property(JobPropertyId::NotificationClsid).await, E_NOT_SET);
    }

    /// The type permits no class that is not a GUID.
    Idl(IDL_5_0), Chosen("In haul a class is a text, and an invalid GUID is E_INVALIDARG.");
    async fn a_class_has_to_be_a_guid() {
        let world = World::new().await;
        let job = world.job().await;
        for bad in ["", "no guid", "5b99fa76721c423cadac56d03c8a8007"] {
            refused(job.set_property(JobProperty::NotificationClsid(bad.into())).await, E_INVALIDARG);
        }
    }

    /// BITS: the class survives a restart.
    Doc(BITS_JOB5_SET), Holds;
    async fn a_class_is_kept_over_a_restart() {
        let world = keeping().await;
        let job = world.job().await;
        job.set_property(JobProperty::NotificationClsid(CLASS.into())).await.unwrap();
        let id = job.id().to_owned();
        drop(job);
        let world = reopen(world).await;
        let read = world.engine.job(&id).await.unwrap().property(JobPropertyId::NotificationClsid).await.unwrap();
        assert_eq!(read, JobProperty::NotificationClsid(CLASS.into()));
    }

    /// Without a callback and a class, no notification is sent.
    Inferred(JOB_PROPERTY_ID), Holds;
    async fn without_a_class_nobody_is_called() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        let mut events = world.engine.events();
        fetch(&job).await;
        let failing = world.job_into("failing", &["/missing"]).await;
        failing.set_property(JobProperty::NotificationClsid(CLASS.into())).await.unwrap();
        fails(&failing, status(404)).await;
        loop {
            match events.recv().await.unwrap().what {
                Happening::JobTransferred => panic!("somebody was called"),
                Happening::JobError => break,
                _ => {}
            }
        }
    }

    /// DYNAMIC_CONTENT is not supported.
    Doc(JOB_PROPERTY_ID), Chosen(UNKNOWN);
    async fn dynamic_content_is_unknown() {
        is_unknown(JobPropertyId::DynamicContent, JobProperty::DynamicContent(true)).await;
    }

    /// HIGH_PERFORMANCE is not supported.
    Doc(JOB_PROPERTY_ID), Chosen(UNKNOWN);
    async fn high_performance_is_unknown() {
        is_unknown(JobPropertyId::HighPerformance, JobProperty::HighPerformance(true)).await;
    }

    /// MAX_DOWNLOAD_SIZE is not supported.
    Doc(JOB_PROPERTY_ID), Chosen(UNKNOWN);
    async fn max_download_size_is_unknown() {
        is_unknown(JobPropertyId::MaxDownloadSize, JobProperty::MaxDownloadSize(1)).await;
    }

    /// USE_STORED_CREDENTIALS is not supported.
    Doc(JOB_PROPERTY_ID), Chosen(UNKNOWN);
    async fn use_stored_credentials_is_unknown() {
        is_unknown(JobPropertyId::UseStoredCredentials, JobProperty::UseStoredCredentials(2)).await;
    }

    /// MINIMUM_NOTIFICATION_INTERVAL_MS is not supported.
    Doc(JOB_PROPERTY_ID), Chosen(UNKNOWN);
    async fn minimum_notification_interval_is_unknown() {
        let value = JobProperty::MinimumNotificationIntervalMs(500);
        is_unknown(JobPropertyId::MinimumNotificationIntervalMs, value).await;
    }

    /// ON_DEMAND_MODE is not supported.
    Doc(JOB_PROPERTY_ID), Chosen(UNKNOWN);
    async fn on_demand_mode_is_unknown() {
        is_unknown(JobPropertyId::OnDemandMode, JobProperty::OnDemandMode(true)).await;
    }

    /// The ids 6 and 8 have no names.
    Idl(IDL_5_0), CannotBeWritten("`job-property-id` has the eight named ids only.");
    async fn properties_without_names_do_not_exist() {
        let expected = [
            "cost-flags", "notification-clsid", "dynamic-content", "high-performance", "max-download-size",
            "use-stored-credentials", "minimum-notification-interval-ms", "on-demand-mode",
        ];
        assert_eq!(wit().names("background-copy-job5", "job-property-id"), expected);
        assert_eq!(wit().names("background-copy-job5", "job-property"), expected);
    }

    /// The value is a union: a DWORD for COST_FLAGS, a class for NOTIFICATION_CLSID.
    Doc(JOB_PROPERTY_VALUE), CannotBeWritten("Each case of the variant has the type of its property.");
    async fn each_property_of_a_job_has_its_type() {
        let wit = wit();
        let parts = wit.parts("background-copy-job5", "job-property");
        assert_eq!(parts[..2], [("cost-flags", "cost-flags".into()), ("notification-clsid", "string".into())]);
    }

    /// MAX_DOWNLOAD_SIZE is a BOOL on a page of BITS and a UINT64 in the IDL.
    Silent(BITS_JOB5_SET), Chosen("64 bits, as in the IDL.");
    async fn the_size_has_64_bits() {
        assert!(wit().parts("background-copy-job5", "job-property").contains(&("max-download-size", "u64".into())));
    }

    /// The result of SetProperty after the end of the job is not documented.
    Silent(JOB5_SET), Chosen("DO_E_INVALID_STATE.");
    async fn a_job_that_is_over_has_no_new_properties() {
        for state in OVER {
            let world = World::new().await;
            refused(world.job_in(state).await.set_property(of_bits(0xFF)).await, DO_E_INVALID_STATE);
        }
    }

    /// The base of the interface is IBackgroundCopyJob on its page, and IBackgroundCopyJob4 in the IDL.
    Silent(JOB5), Chosen("It has no base: its two functions borrow the job.");
    async fn job5_has_no_base() {
        let wit = wit();
        assert!(wit.interface("background-copy-job5").functions.keys().eq(["get-property", "set-property"]));
        assert!(wit.signature("background-copy-job5", "set-property").contains("job: borrow<job>"));
    }

    /// IGNORE_CONGESTION is an option among the flags.
    Idl(IDL), Chosen("It can be set and has no effect: the engine receives no information about congestion.");
    async fn congestion_has_no_effect() {
        let world = World::new().await;
        let job = running(&world).await;
        let flags = CostFlags::UNRESTRICTED;
        for flags in [flags, flags | CostFlags::IGNORE_CONGESTION] {
            job.set_property(JobProperty::CostFlags(flags)).await.unwrap();
            assert_eq!(job.property(JobPropertyId::CostFlags).await.unwrap(), JobProperty::CostFlags(flags));
            assert_eq!(state_of(&job).await, JobState::Transferring);
        }
    }
}

//! Points on which the sources contradict each other or are silent, with haul's choice and its tests.

/// One point that the documentation leaves open.
#[derive(Debug)]
pub struct Decision {
    pub topic: &'static str,
    /// The statements of the sources.
    pub said: &'static str,
    pub decided: &'static str,
    pub held: Held,
}

/// The tests of a decision.
#[derive(Debug)]
pub enum Held {
    /// Tests of statements, by their paths in this target.
    By(&'static [&'static str]),
    /// No test, for this reason.
    ByNone(&'static str),
}

macro_rules! decisions {
    ($($topic:literal: $said:literal => $decided:literal, $held:expr;)+) => {
        pub const DECISIONS: &[Decision] =
            &[$(Decision { topic: $topic, said: $said, decided: $decided, held: $held }),+];
    };
}

use Held::{By, ByNone};

decisions! {
    "Start with null":
        "According to the page of 2022 it fetches the whole file, according to the page of 2023 it resumes." =>
        "It resumes, and fails if the download was never started.",
        By(&["start::null_after_ranges_is_not_the_whole_file", "start::null_before_the_first_start_is_refused"]);
    "OnStatusChange or OnStatusChanged":
        "The IDL has the first name, a table of contents the second." =>
        "OnStatusChange.",
        By(&["callbacks::the_method_has_the_name_of_the_idl"]);
    "DO_E_EMPTY":
        "A page uses it, but no header defines it." =>
        "DO_E_JOB_EMPTY.",
        By(&[
            "jobs::job_calls::a_job_without_files_cannot_be_resumed",
            "do_codes::names_that_no_header_has_are_not_used",
        ]);
    "DO_E_NOT_FOUND":
        "A page uses it, but no header defines it." =>
        "DO_E_JOB_NOT_FOUND.",
        By(&["jobs::job_manager::an_unknown_id_is_not_found"]);
    "The default of the no-progress timeout":
        "The pages of jobs have an hour and a day; developers state half an hour and three hours for downloads." =>
        "Each family has its own default.",
        By(&[
            "jobs::job_settings::the_timeout_of_the_foreground_is_an_hour",
            "jobs::job_settings::the_timeout_of_the_background_is_a_day",
            "properties::timing::the_default_timeouts_are_documented",
        ]);
    "BG_NOTIFY_DISABLE":
        "The page of the setter says that it is not supported, the page of the getter describes it." =>
        "It is accepted, and stops every notification.",
        By(&["jobs::job_settings::disable_stops_every_notification"]);
    "The base of IBackgroundCopyJob5":
        "IBackgroundCopyJob on its page, IBackgroundCopyJob4 in the IDL." =>
        "None: an interface of functions that borrow the job.",
        By(&["jobs::job5::job5_has_no_base"]);
    "The base of IBackgroundCopyFile5":
        "IUnknown on its page, IBackgroundCopyFile4 in the IDL." =>
        "None: an interface of functions that borrow the file.",
        By(&["jobs::file5::file5_has_no_base"]);
    "Enumeration of jobs by the manager":
        "The overview mentions it, the list of methods does not." =>
        "The manager enumerates jobs; if the caller has none, the enumerator is empty.",
        By(&["jobs::enum_jobs::jobs_can_be_enumerated", "jobs::enum_jobs::an_enumeration_may_be_empty"]);
    "AddFile of a job":
        "The overview has it, the list of methods does not." =>
        "It adds a whole file, whose id is its URL.",
        By(&["jobs::job_calls::a_file_can_be_added_by_url_and_path"]);
    "Reading SecurityFlags":
        "The page calls it write-only, and also says that it can be set or read." =>
        "It cannot be read.",
        By(&["properties::access::the_security_flags_are_write_only"]);
    "SetPriority and its neighbours after the end of the job":
        "Their pages document S_OK only." =>
        "DO_E_INVALID_STATE, as for the calls whose pages document it.",
        By(&["jobs::job_settings::a_job_that_is_over_has_no_new_priority", "jobs::states::over_any_change"]);
    "Layout of ranges in the file":
        "Not documented for DO; in BITS they lie back to back." =>
        "Back to back, in the order of the caller.",
        By(&["ranges::ranges_lie_one_after_the_other", "jobs::ranges::ranges_lie_back_to_back"]);
    "Ranges with the same offset":
        "According to a page they are rejected if the longer one comes first." =>
        "They are rejected in either order.",
        By(&["ranges::two_ranges_with_one_offset_overlap", "jobs::ranges::ranges_with_one_offset_are_refused"]);
    "Ranges that are not sorted":
        "Not documented for DO; the example of BITS is not sorted." =>
        "They are accepted, and keep their order.",
        By(&["ranges::ranges_need_not_be_sorted", "jobs::ranges::the_example_of_bits_has_300_bytes"]);
    "DO_UNKNOWN_FILE_SIZE":
        "It has a name and no number." =>
        "An unknown size is none, without a number.",
        By(&["jobs::progress::an_unknown_size_is_none"]);
    "The number of DOJobPropertyId":
        "It is not published." =>
        "0.",
        By(&["jobs::numbers::the_property_of_a_job_is_the_first"]);
    "IID and order of IDODownloadInternal":
        "They are not published." =>
        "WIT identifies interfaces by name; haul marks this one as deprecated.",
        By(&["internal::the_functions_borrow_the_download", "internal::the_interface_is_deprecated"]);
    "A property of IBackgroundCopyJob5 that DO does not support":
        "The result is not documented." =>
        "DO_E_UNKNOWN_PROPERTY_ID.",
        By(&["jobs::job5::dynamic_content_is_unknown", "jobs::job5::on_demand_mode_is_unknown"]);
    "The states in which a property of a download can be set":
        "The pages say that some states forbid it, but not which." =>
        "A table: from Created only to every state before the end.",
        By(&[
            "properties::settable::the_uri_can_be_set_in_created_and_paused",
            "properties::settable::the_local_path_can_be_set_in_created",
            "properties::settable::the_cost_policy_can_be_set_before_the_end",
        ]);
    "Abort in Transferred":
        "Clients observe both success and failure." =>
        "It succeeds.",
        By(&["stopping::abort_of_all_bytes_succeeds"]);
    "Finalize before Transferred":
        "The agent rejects it; no page documents it for the service." =>
        "DO_E_INVALID_STATE.",
        By(&["transitions::created_finalize", "transitions::transferring_finalize", "transitions::paused_finalize"]);
    "Pause in Created":
        "A no-op in the agent; no page documents it for the service." =>
        "A no-op.",
        By(&["transitions::created_pause"]);
    "A callback that is set late":
        "Not documented for DO; BITS reports earlier events." =>
        "It receives the current state once.",
        By(&[
            "callbacks::a_late_callback_hears_of_the_present_state",
            "jobs::callback::a_late_callback_is_told_of_the_end",
        ]);
    "The identity of a caller":
        "It is not documented." =>
        "Calls for which the host gives the same name.",
        By(&["manager::the_host_says_who_is_the_same_caller", "jobs::job_manager::the_job_of_another_caller_is_refused"]);
    "The properties 26 to 29":
        "The IDL has them, but no page does." =>
        "Read-only, and E_NOT_SET before the first response.",
        By(&[
            "properties::access::the_status_code_is_read_only",
            "properties::response::before_the_first_response_nothing_is_set",
        ]);
    "DownloadSinkInterface of a file":
        "It has a name and no description." =>
        "Not supported for files of jobs, because a job outlives the caller that supplies a stream; downloads support streams.",
        By(&["jobs::do_file::a_file_has_no_stream"]);
    "The longest password":
        "65,536 in a header of BITS, 65,535 on a page." =>
        "Neither applies.",
        ByNone("haul has no SetCredentials: `jobs::not_offered::there_are_no_credentials_of_a_job`.");
    "The longest list of proxies":
        "The pages of BITS state three lengths." =>
        "4,000 characters, the shortest one.",
        By(&["jobs::job_settings::lists_have_4000_characters_at_most"]);
    "The defaults of the administrator's policies":
        "Two sets of pages differ." =>
        "haul reads none of the policies.",
        ByNone("A component has no administrator: limits are settings of the engine, which has its own defaults.");
    "The call that rejects an invalid LocalPath":
        "Three behaviours are observed on Windows." =>
        "Start, with E_ACCESSDENIED or the error of the path; for a job, the call that adds the file.",
        By(&[
            "start::a_path_that_may_not_be_used_is_refused_by_start",
            "jobs::job_calls::a_path_outside_of_what_is_granted_is_refused",
        ]);
    "Properties of a job between Resume and Suspend":
        "A remark in the IDL forbids what pages allow." =>
        "They can be set.",
        By(&["jobs::job5::a_property_can_be_set_while_the_job_runs", "jobs::job5::cost_flags_take_effect_at_once"]);
    "The implementer of IDeliveryOptimizationFile":
        "A page says that clients implement it." =>
        "The engine.",
        By(&["jobs::do_file::the_engine_implements_the_statistics"]);
    "The location of Deliveryoptimization.h":
        "The pages name it, but the SDK has another header." =>
        "haul uses its names.",
        ByNone("Only the pages exist for a comparison of the names.");
}

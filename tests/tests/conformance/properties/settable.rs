//! The states in which each property can be set. The documentation has no table of them; it only says that some states do not
//! allow it.

use haul::DownloadState::{self, Aborted, Created, Finalized, Paused, Transferred, Transferring};
use haul::{CostPolicy, Property, SecurityContext, SecurityFlags};

use crate::codes::DO_E_INVALID_STATE;
use crate::lifetime::keeping;
use crate::sources::{AGENT, AGENT_TESTS, SAMPLE, SET_PROPERTY};
use crate::statement::statements;
use crate::world::{World, refused};

/// Asserts that the property can be set in these states and in no others.
async fn settable_in(states: &[DownloadState], value: impl AsyncFn(&World) -> Property) {
    for state in [Created, Transferring, Transferred, Finalized, Aborted, Paused] {
        let world = keeping().await;
        let download = world.download_in(state).await;
        let result = download.set_property(value(&world).await).await;
        if states.contains(&state) {
            result.unwrap_or_else(|error| panic!("{state:?}: {error}"));
        } else {
            refused(result, DO_E_INVALID_STATE);
        }
    }
}

/// States before the end.
const OPEN: [DownloadState; 4] = [Created, Transferring, Transferred, Paused];

const ANY: &str = "In every state before the end.";
const STILL: &str = "In every state before the end except Transferring.";
const EARLY: &str = "In Created and Paused.";
const FIRST: &str = "In Created only.";

statements! {
    "Properties: the states in which they can be set";

    /// Uri can be set in Created and Paused.
    Observed(AGENT), Holds;
    async fn the_uri_can_be_set_in_created_and_paused() {
        settable_in(&[Created, Paused], async |world| Property::Uri(world.origin.url("/other"))).await;
    }

    /// LocalPath can be set in Created only.
    Observed(AGENT_TESTS), Holds;
    async fn the_local_path_can_be_set_in_created() {
        settable_in(&[Created], async |_| Property::LocalPath("elsewhere".into())).await;
    }

    /// NoProgressTimeoutSeconds can be set at any time.
    Observed(AGENT), Chosen(ANY);
    async fn the_timeout_can_be_set_before_the_end() {
        settable_in(&OPEN, async |_| Property::NoProgressTimeoutSeconds(100)).await;
    }

    /// The states in which ContentId can be set are not documented.
    Silent(SET_PROPERTY), Chosen(FIRST);
    async fn the_content_id_can_be_set_in_created() {
        settable_in(&[Created], async |_| Property::ContentId("content".into())).await;
    }

    /// The states in which DisplayName can be set are not documented.
    Silent(SET_PROPERTY), Chosen(ANY);
    async fn the_display_name_can_be_set_before_the_end() {
        settable_in(&OPEN, async |_| Property::DisplayName("name".into())).await;
    }

    /// The states in which HttpCustomHeaders can be set are not documented.
    Silent(SET_PROPERTY), Chosen(STILL);
    async fn the_custom_headers_can_be_set_while_nothing_moves() {
        settable_in(&[Created, Transferred, Paused], async |_| Property::HttpCustomHeaders("A: b\r\n".into())).await;
    }

    /// The states in which CostPolicy can be set are not documented.
    Silent(SET_PROPERTY), Chosen(ANY);
    async fn the_cost_policy_can_be_set_before_the_end() {
        settable_in(&OPEN, async |_| Property::CostPolicy(CostPolicy::Always)).await;
    }

    /// The states in which SecurityFlags can be set are not documented.
    Silent(SET_PROPERTY), Chosen(EARLY);
    async fn the_security_flags_can_be_set_in_created_and_paused() {
        settable_in(&[Created, Paused], async |_| Property::SecurityFlags(SecurityFlags::default())).await;
    }

    /// The states in which CallbackFreqPercent can be set are not documented.
    Silent(SET_PROPERTY), Chosen(ANY);
    async fn the_callback_percents_can_be_set_before_the_end() {
        settable_in(&OPEN, async |_| Property::CallbackFreqPercent(5)).await;
    }

    /// The states in which CallbackFreqSeconds can be set are not documented.
    Silent(SET_PROPERTY), Chosen(ANY);
    async fn the_callback_seconds_can_be_set_before_the_end() {
        settable_in(&OPEN, async |_| Property::CallbackFreqSeconds(5)).await;
    }

    /// ForegroundPriority can be set before and after the start.
    Observed(SAMPLE), Chosen(ANY);
    async fn the_priority_can_be_set_before_the_end() {
        settable_in(&OPEN, async |_| Property::ForegroundPriority(true)).await;
    }

    /// The states in which BlockingMode can be set are not documented.
    Silent(SET_PROPERTY), Chosen(ANY);
    async fn the_blocking_mode_can_be_set_before_the_end() {
        settable_in(&OPEN, async |_| Property::BlockingMode(true)).await;
    }

    /// The states in which CallbackInterface can be set are not documented.
    Silent(SET_PROPERTY), Chosen(ANY);
    async fn the_callback_can_be_taken_away_before_the_end() {
        settable_in(&OPEN, async |_| Property::CallbackInterface(false)).await;
    }

    /// The states in which StreamInterface can be set are not documented.
    Silent(SET_PROPERTY), Chosen(FIRST);
    async fn the_stream_can_be_taken_away_in_created() {
        settable_in(&[Created], async |_| Property::StreamInterface(false)).await;
    }

    /// The states in which SecurityContext can be set are not documented.
    Silent(SET_PROPERTY), Chosen(EARLY);
    async fn the_security_context_can_be_set_in_created_and_paused() {
        settable_in(&[Created, Paused], async |_| Property::SecurityContext(SecurityContext(haul::Secret::default()))).await;
    }

    /// The states in which NetworkToken can be set are not documented.
    Silent(SET_PROPERTY), Chosen(EARLY);
    async fn the_network_token_can_be_set_in_created_and_paused() {
        settable_in(&[Created, Paused], async |_| Property::NetworkToken(false)).await;
    }

    /// The states in which CorrelationVector can be set are not documented.
    Silent(SET_PROPERTY), Chosen(ANY);
    async fn the_correlation_vector_can_be_set_before_the_end() {
        settable_in(&OPEN, async |_| Property::CorrelationVector("vector.1".into())).await;
    }

    /// The states in which DecryptionInfo can be set are not documented.
    Silent(SET_PROPERTY), Chosen(FIRST);
    async fn the_decryption_info_can_be_set_in_created() {
        settable_in(&[Created], async |world| Property::DecryptionInfo(world.decryption_info().await)).await;
    }

    /// The states in which IntegrityCheckInfo can be set are not documented.
    Silent(SET_PROPERTY), Chosen(EARLY);
    async fn the_integrity_check_info_can_be_set_in_created_and_paused() {
        settable_in(&[Created, Paused], async |world| {
            Property::IntegrityCheckInfo(world.integrity_check_info("http://localhost/hashes").await)
        })
        .await;
    }

    /// The states in which IntegrityCheckMandatory can be set are not documented.
    Silent(SET_PROPERTY), Chosen(EARLY);
    async fn the_mandatory_check_can_be_set_in_created_and_paused() {
        settable_in(&[Created, Paused], async |_| Property::IntegrityCheckMandatory(true)).await;
    }

    /// The states in which TotalSizeBytes can be set are not documented.
    Silent(SET_PROPERTY), Chosen(ANY);
    async fn the_total_size_can_be_set_before_the_end() {
        settable_in(&OPEN, async |_| Property::TotalSizeBytes(5)).await;
    }

    /// The states in which DisallowOnCellular can be set are not documented.
    Silent(SET_PROPERTY), Chosen(ANY);
    async fn cellular_can_be_disallowed_before_the_end() {
        settable_in(&OPEN, async |_| Property::DisallowOnCellular(true)).await;
    }

    /// The states in which HttpCustomAuthHeaders can be set are not documented.
    Silent(SET_PROPERTY), Chosen(STILL);
    async fn the_auth_headers_can_be_set_while_nothing_moves() {
        settable_in(&[Created, Transferred, Paused], async |_| Property::HttpCustomAuthHeaders("A: b\r\n".into())).await;
    }

    /// The states in which HttpAllowSecureToNonSecureRedirect can be set are not documented.
    Silent(SET_PROPERTY), Chosen(ANY);
    async fn insecure_redirects_can_be_allowed_before_the_end() {
        settable_in(&OPEN, async |_| Property::HttpAllowSecureToNonSecureRedirect(true)).await;
    }

    /// The states in which NonVolatile can be set are not documented.
    Silent(SET_PROPERTY), Chosen(ANY);
    async fn non_volatile_can_be_set_before_the_end() {
        settable_in(&OPEN, async |_| Property::NonVolatile(true)).await;
    }
}

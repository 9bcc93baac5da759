//! Every call in every state: the next state, or the error.

use haul::{Download, DownloadState, Error, StartMode};

use crate::codes::DO_E_INVALID_STATE;
use crate::sources::{ABORT, AGENT, FINALIZE, IDL, PAUSE, SDK_TESTS, STATE};
use crate::statement::statements;
use crate::world::{LENGTH, World, refused, state_of};

/// One of the four calls.
#[derive(Clone, Copy)]
enum Call {
    Start,
    Pause,
    Finalize,
    Abort,
}

impl Call {
    async fn make(self, download: &Download) -> Result<(), Error> {
        match self {
            Self::Start => download.start(StartMode::WholeFile).await,
            Self::Pause => download.pause().await,
            Self::Finalize => download.finalize().await,
            Self::Abort => download.abort().await,
        }
    }
}

/// Asserts that the call succeeds in state `from` and leads to `to`.
async fn leads(from: DownloadState, call: Call, to: DownloadState) {
    let world = World::new().await;
    let download = world.download_in(from).await;
    call.make(&download).await.unwrap();
    let state = state_of(&download).await;
    let overtaken = to == DownloadState::Transferring && state == DownloadState::Transferred;
    assert!(state == to || overtaken, "{state:?}");
}

/// Asserts that the call fails in state `from` and changes nothing.
async fn fails(from: DownloadState, call: Call) {
    let world = World::new().await;
    let download = world.download_in(from).await;
    refused(call.make(&download).await, DO_E_INVALID_STATE);
    assert_eq!(state_of(&download).await, from);
}

statements! {
    "States and calls";

    /// Created, Start: Transferring.
    Doc(STATE), Holds;
    async fn created_start() {
        leads(DownloadState::Created, Call::Start, DownloadState::Transferring).await;
    }

    /// Created, Pause: a no-op in the agent, not documented for the service.
    Observed(AGENT), Chosen("A no-op; it stays Created.");
    async fn created_pause() {
        leads(DownloadState::Created, Call::Pause, DownloadState::Created).await;
    }

    /// Created, Finalize: DO_E_INVALID_STATE in the agent, not documented for the service.
    Observed(AGENT), Chosen("DO_E_INVALID_STATE.");
    async fn created_finalize() {
        fails(DownloadState::Created, Call::Finalize).await;
    }

    /// Created, Abort: Aborted.
    Doc(ABORT), Holds;
    async fn created_abort() {
        leads(DownloadState::Created, Call::Abort, DownloadState::Aborted).await;
    }

    /// Transferring, Start: a no-op in the agent.
    Observed(AGENT), Holds;
    async fn transferring_start() {
        leads(DownloadState::Transferring, Call::Start, DownloadState::Transferring).await;
    }

    /// Transferring, Pause: Paused.
    Doc(PAUSE), Holds;
    async fn transferring_pause() {
        leads(DownloadState::Transferring, Call::Pause, DownloadState::Paused).await;
    }

    /// Transferring, Finalize: DO_E_INVALID_STATE in the agent, not documented for the service.
    Observed(AGENT), Chosen("DO_E_INVALID_STATE.");
    async fn transferring_finalize() {
        fails(DownloadState::Transferring, Call::Finalize).await;
    }

    /// Transferring, Abort: Aborted.
    Doc(ABORT), Holds;
    async fn transferring_abort() {
        leads(DownloadState::Transferring, Call::Abort, DownloadState::Aborted).await;
    }

    /// Transferred, Start: allowed for another portion; a no-op in the agent.
    Idl(IDL), Chosen("For the same bytes a no-op, for others Transferring.");
    async fn transferred_start() {
        leads(DownloadState::Transferred, Call::Start, DownloadState::Transferred).await;
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferred).await;
        download.set_uri(&world.origin.url("/held")).await.unwrap_err();
        download.start(crate::world::ranges(&[(0, LENGTH - 1)])).await.unwrap();
        assert_ne!(download.ended().await.unwrap().bytes_total, LENGTH);
    }

    /// Transferred, Pause: a no-op in the agent, not documented for the service.
    Observed(AGENT), Chosen("A no-op; it stays Transferred.");
    async fn transferred_pause() {
        leads(DownloadState::Transferred, Call::Pause, DownloadState::Transferred).await;
    }

    /// Transferred, Finalize: Finalized.
    Doc(FINALIZE), Holds;
    async fn transferred_finalize() {
        leads(DownloadState::Transferred, Call::Finalize, DownloadState::Finalized).await;
    }

    /// Transferred, Abort: Aborted in the agent; in the service that, or DO_E_INVALID_STATE.
    Observed(SDK_TESTS), Chosen("Aborted.");
    async fn transferred_abort() {
        leads(DownloadState::Transferred, Call::Abort, DownloadState::Aborted).await;
    }

    /// Paused, Start: Transferring.
    Doc(STATE), Holds;
    async fn paused_start() {
        leads(DownloadState::Paused, Call::Start, DownloadState::Transferring).await;
    }

    /// Paused, Pause: a no-op.
    Observed(AGENT), Holds;
    async fn paused_pause() {
        leads(DownloadState::Paused, Call::Pause, DownloadState::Paused).await;
    }

    /// Paused, Finalize: DO_E_INVALID_STATE in the agent, not documented for the service.
    Observed(AGENT), Chosen("DO_E_INVALID_STATE.");
    async fn paused_finalize() {
        fails(DownloadState::Paused, Call::Finalize).await;
    }

    /// Paused, Abort: Aborted.
    Doc(ABORT), Holds;
    async fn paused_abort() {
        leads(DownloadState::Paused, Call::Abort, DownloadState::Aborted).await;
    }

    /// Finalized, Start: DO_E_INVALID_STATE.
    Observed(SDK_TESTS), Holds;
    async fn finalized_start() {
        fails(DownloadState::Finalized, Call::Start).await;
    }

    /// Finalized, Pause: DO_E_INVALID_STATE in the agent.
    Observed(AGENT), Holds;
    async fn finalized_pause() {
        fails(DownloadState::Finalized, Call::Pause).await;
    }

    /// Finalized, Finalize: a no-op in the agent.
    Observed(AGENT), Holds;
    async fn finalized_finalize() {
        leads(DownloadState::Finalized, Call::Finalize, DownloadState::Finalized).await;
    }

    /// Finalized, Abort: DO_E_INVALID_STATE.
    Observed(SDK_TESTS), Holds;
    async fn finalized_abort() {
        fails(DownloadState::Finalized, Call::Abort).await;
    }

    /// Aborted, Start: DO_E_INVALID_STATE in the agent.
    Observed(AGENT), Holds;
    async fn aborted_start() {
        fails(DownloadState::Aborted, Call::Start).await;
    }

    /// Aborted, Pause: DO_E_INVALID_STATE in the agent.
    Observed(AGENT), Holds;
    async fn aborted_pause() {
        fails(DownloadState::Aborted, Call::Pause).await;
    }

    /// Aborted, Finalize: DO_E_INVALID_STATE in the agent.
    Observed(AGENT), Holds;
    async fn aborted_finalize() {
        fails(DownloadState::Aborted, Call::Finalize).await;
    }

    /// Aborted, Abort: a no-op in the agent.
    Observed(AGENT), Holds;
    async fn aborted_abort() {
        leads(DownloadState::Aborted, Call::Abort, DownloadState::Aborted).await;
    }
}

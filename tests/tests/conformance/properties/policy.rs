//! CostPolicy and DisallowOnCellular: the networks on which a download runs.

use haul::{CostPolicy, DownloadState, Network, NetworkCost, Property, PropertyId, StartMode};

use crate::codes::{DO_E_BLOCKED_BY_CELLULAR_POLICY, DO_E_BLOCKED_BY_COST_TRANSFER_POLICY};
use crate::sources::{COST_POLICY, PROPERTY, SDK_PROPERTIES, SDK_STATUS};
use crate::statement::statements;
use crate::status::ONLINE;
use crate::world::{World, fetch, round_trip, state_of, until};

const COSTS: [NetworkCost; 7] = [
    NetworkCost::Unrestricted,
    NetworkCost::CappedUsageUnknown,
    NetworkCost::BelowCap,
    NetworkCost::NearCap,
    NetworkCost::OverCapCharged,
    NetworkCost::OverCapThrottled,
    NetworkCost::UsageBased,
];

const ROAMING: Network = Network { roaming: true, ..ONLINE };
const CELLULAR: Network = Network { cellular: true, ..ONLINE };

/// The reason why a download with this property does not run on `network`; `None` if it runs.
async fn blocked(world: &World, network: Network, property: &Property) -> Option<String> {
    world.engine.set_network(network).await.unwrap();
    let download = world.download().await;
    download.set_property(property.clone()).await.unwrap();
    download.start(StartMode::WholeFile).await.unwrap();
    let status = until(&download, |status| status.state != DownloadState::Transferring).await;
    download.abort().await.unwrap();
    assert_eq!(status.error, None);
    status.extended_error.map(|failure| failure.name)
}

/// The costs that block a download with `policy`.
async fn costs_that_block(policy: CostPolicy) -> Vec<NetworkCost> {
    let world = World::new().await;
    let mut found = Vec::new();
    for cost in COSTS {
        let why = blocked(&world, Network { cost, ..ONLINE }, &Property::CostPolicy(policy)).await;
        if let Some(name) = why {
            assert_eq!(name, DO_E_BLOCKED_BY_COST_TRANSFER_POLICY.name);
            found.push(cost);
        }
    }
    found
}

async fn roaming_blocks(policy: CostPolicy) -> bool {
    let world = World::new().await;
    blocked(&world, ROAMING, &Property::CostPolicy(policy)).await.is_some()
}

statements! {
    "Properties 6 and 22: networks";

    /// CostPolicy can be written and read.
    Doc(PROPERTY), Holds;
    async fn the_cost_policy_is_read_as_it_was_written() {
        let world = World::new().await;
        let download = world.download().await;
        round_trip(&download, PropertyId::CostPolicy, Property::CostPolicy(CostPolicy::NoRoaming)).await;
    }

    /// Always runs at any cost.
    Doc(COST_POLICY), Holds;
    async fn always_runs_at_any_cost() {
        assert_eq!(costs_that_block(CostPolicy::Always).await, []);
        assert!(!roaming_blocks(CostPolicy::Always).await);
    }

    /// Unrestricted runs only if neither cost nor traffic is limited.
    Doc(COST_POLICY), Holds;
    async fn unrestricted_runs_where_nothing_is_limited() {
        assert_eq!(costs_that_block(CostPolicy::Unrestricted).await, COSTS[1..]);
        assert!(roaming_blocks(CostPolicy::Unrestricted).await);
    }

    /// Standard does not run if a surcharge applies, nor near the cap; the sentence of the page has one negation too many.
    Silent(COST_POLICY), Chosen("BITS' mask of the same name: not NearCap, not OverCapCharged, no roaming.");
    async fn standard_avoids_surcharges_and_the_end_of_the_volume() {
        let blocking = costs_that_block(CostPolicy::Standard).await;
        assert_eq!(blocking, [NetworkCost::NearCap, NetworkCost::OverCapCharged]);
        assert!(roaming_blocks(CostPolicy::Standard).await);
    }

    /// NoRoaming does not run while roaming charges apply.
    Doc(COST_POLICY), Holds;
    async fn no_roaming_avoids_roaming_only() {
        assert_eq!(costs_that_block(CostPolicy::NoRoaming).await, []);
        assert!(roaming_blocks(CostPolicy::NoRoaming).await);
    }

    /// NoSurcharge does not run if a surcharge applies.
    Doc(COST_POLICY), Holds;
    async fn no_surcharge_avoids_surcharges() {
        assert_eq!(costs_that_block(CostPolicy::NoSurcharge).await, [NetworkCost::OverCapCharged]);
        assert!(roaming_blocks(CostPolicy::NoSurcharge).await);
    }

    /// NoCellular does not run on a cellular network.
    Doc(COST_POLICY), Holds;
    async fn no_cellular_avoids_cellular_networks() {
        assert_eq!(costs_that_block(CostPolicy::NoCellular).await, []);
        let world = World::new().await;
        let why = blocked(&world, CELLULAR, &Property::CostPolicy(CostPolicy::NoCellular)).await;
        assert_eq!(why.as_deref(), Some(DO_E_BLOCKED_BY_CELLULAR_POLICY.name));
    }

    /// The default is Always in the foreground and Standard in the background.
    Observed(SDK_PROPERTIES), Holds;
    async fn the_default_depends_on_the_priority() {
        let world = World::new().await;
        let download = world.download().await;
        let policy = async || download.property(PropertyId::CostPolicy).await.unwrap();
        assert_eq!(policy().await, Property::CostPolicy(CostPolicy::Standard));
        download.set_property(Property::ForegroundPriority(true)).await.unwrap();
        assert_eq!(policy().await, Property::CostPolicy(CostPolicy::Always));
    }

    /// A download blocked by its policy is Paused with ExtendedError, and resumes by itself.
    Observed(SDK_STATUS), Holds;
    async fn a_blocked_download_goes_on_when_it_may() {
        let world = World::new().await;
        world.engine.set_network(ROAMING).await.unwrap();
        let download = world.download().await;
        download.start(StartMode::WholeFile).await.unwrap();
        let status = until(&download, |status| status.extended_error.is_some()).await;
        assert_eq!((status.state, status.error), (DownloadState::Paused, None));
        world.engine.set_network(ONLINE).await.unwrap();
        download.ended().await.unwrap();
    }

    /// The documentation does not say whether a policy applies to a transfer in progress.
    Silent(COST_POLICY), Chosen("It does: a change of the network stops a download at once.");
    async fn a_network_that_changes_stops_a_download() {
        let world = World::new().await;
        let download = world.download_in(DownloadState::Transferring).await;
        world.engine.set_network(ROAMING).await.unwrap();
        until(&download, |status| status.extended_error.is_some()).await;
        world.release();
        world.engine.set_network(ONLINE).await.unwrap();
        download.ended().await.unwrap();
        download.finalize().await.unwrap();
        world.assert_whole();
    }

    /// The documentation does not say whether a policy set later applies at once.
    Silent(PROPERTY), Chosen("It does.");
    async fn a_policy_that_is_set_later_acts_at_once() {
        let world = World::new().await;
        world.engine.set_network(ROAMING).await.unwrap();
        let download = world.download().await;
        download.start(StartMode::WholeFile).await.unwrap();
        until(&download, |status| status.extended_error.is_some()).await;
        download.set_property(Property::CostPolicy(CostPolicy::Always)).await.unwrap();
        download.ended().await.unwrap();
    }

    /// DisallowOnCellular keeps a download off cellular networks, whatever the cost policy.
    Doc(PROPERTY), Holds;
    async fn cellular_can_be_disallowed_beside_any_policy() {
        let world = World::new().await;
        world.engine.set_network(CELLULAR).await.unwrap();
        let download = world.download().await;
        download.set_property(Property::CostPolicy(CostPolicy::Always)).await.unwrap();
        download.set_property(Property::DisallowOnCellular(true)).await.unwrap();
        download.start(StartMode::WholeFile).await.unwrap();
        let status = until(&download, |status| status.extended_error.is_some()).await;
        assert_eq!(status.extended_error.map(|error| error.code), Some(DO_E_BLOCKED_BY_CELLULAR_POLICY.number));
        world.engine.set_network(ONLINE).await.unwrap();
        download.ended().await.unwrap();
    }

    /// DisallowOnCellular is FALSE by default.
    Inferred(PROPERTY), Holds;
    async fn cellular_is_allowed_by_default() {
        let world = World::new().await;
        world.engine.set_network(CELLULAR).await.unwrap();
        fetch(&world.download().await, StartMode::WholeFile).await;
    }

    /// DisallowOnCellular can be written and read.
    Doc(PROPERTY), Holds;
    async fn disallow_on_cellular_is_read_as_it_was_written() {
        let world = World::new().await;
        let download = world.download().await;
        round_trip(&download, PropertyId::DisallowOnCellular, Property::DisallowOnCellular(true)).await;
    }

    /// The calls allowed on a download blocked by its policy are not documented.
    Silent(COST_POLICY), Chosen("A client can pause and abort it as usual.");
    async fn a_blocked_download_can_be_paused_and_aborted() {
        let world = World::new().await;
        world.engine.set_network(ROAMING).await.unwrap();
        let download = world.download().await;
        download.start(StartMode::WholeFile).await.unwrap();
        until(&download, |status| status.extended_error.is_some()).await;
        download.pause().await.unwrap();
        assert_eq!(download.status().await.unwrap().extended_error, None);
        download.abort().await.unwrap();
        assert_eq!(state_of(&download).await, DownloadState::Aborted);
    }
}

//! IEnumUnknown from EnumDownloads.

use haul::{Download, DownloadState, Downloads};

use crate::sources::{ENUM_CLONE, ENUM_NEXT, ENUM_RESET, ENUM_SKIP, ENUMERATE, SAMPLE_FACTORY, SDK_COM};
use crate::statement::statements;
use crate::world::{World, fetch, state_of, wit};

/// This many downloads, and an enumerator over them.
async fn several(world: &World, count: usize) -> (Vec<Download>, Downloads) {
    let mut made = Vec::new();
    for _ in 0..count {
        made.push(world.engine.create_download().await.unwrap());
    }
    let enumerator = world.engine.downloads(None).await.unwrap();
    (made, enumerator)
}

fn ids(downloads: &[Download]) -> Vec<&str> {
    downloads.iter().map(Download::id).collect()
}

statements! {
    "IEnumUnknown";

    /// Next gives as many elements as were asked for while there are as many.
    Doc(ENUM_NEXT), Holds;
    async fn next_gives_as_many_as_asked_for() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 5).await;
        assert_eq!(ids(&enumerator.next(2)), ids(&made[..2]));
        assert_eq!(ids(&enumerator.next(3)), ids(&made[2..]));
    }

    /// Next returns S_FALSE and the number of elements where there are fewer.
    Doc(ENUM_NEXT), Holds;
    async fn next_gives_fewer_at_the_end() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 3).await;
        assert_eq!(ids(&enumerator.next(2)), ids(&made[..2]));
        assert_eq!(ids(&enumerator.next(5)), ids(&made[2..]));
        assert!(enumerator.next(1).is_empty());
    }

    /// Clients call Next for one element until none comes; S_FALSE is the end and no error.
    Observed(SDK_COM), Holds;
    async fn one_after_the_other_until_none_comes() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 3).await;
        let mut seen = Vec::new();
        while let [download] = &enumerator.next(1)[..] {
            seen.push(download.clone());
        }
        assert_eq!(ids(&seen), ids(&made));
    }

    /// The pointer for the number fetched may be null only where one element is asked for.
    Doc(ENUM_NEXT), CannotBeWritten("The number is the length of the list that comes back.");
    async fn the_number_fetched_is_the_length_of_the_list() {
        assert_eq!(wit().signature("do-manager", "download-enumerator.next"), "next: func(count: u32) -> list<download>");
    }

    /// Each element is asked for IDODownload before it is used.
    Observed(SAMPLE_FACTORY), CannotBeWritten("The elements are downloads already.");
    async fn the_elements_are_downloads() {
        let world = World::new().await;
        let (_made, mut enumerator) = several(&world, 1).await;
        assert_eq!(state_of(&enumerator.next(1)[0]).await, DownloadState::Created);
    }

    /// Each element is released by whoever called.
    Doc(ENUM_NEXT), CannotBeWritten("The handles in the list are owned; dropping one lets go of it and of nothing else.");
    async fn an_element_that_is_let_go_stays_a_download() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 2).await;
        drop(enumerator.next(2));
        enumerator.reset();
        assert_eq!(ids(&enumerator.next(2)), ids(&made));
    }

    /// Skip passes over elements, and returns S_FALSE where there are not as many.
    Doc(ENUM_SKIP), Holds;
    async fn skip_passes_over_and_says_whether_there_were_as_many() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 4).await;
        assert!(enumerator.skip(2));
        assert_eq!(ids(&enumerator.next(1)), ids(&made[2..3]));
        assert!(!enumerator.skip(2));
        assert!(enumerator.next(1).is_empty());
    }

    /// Reset goes back to the first element.
    Doc(ENUM_RESET), Holds;
    async fn reset_goes_back_to_the_first() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 2).await;
        enumerator.next(2);
        enumerator.reset();
        assert_eq!(ids(&enumerator.next(2)), ids(&made));
    }

    /// Clone gives an enumerator at the same place, which then goes its own way.
    Doc(ENUM_CLONE), Holds;
    async fn a_clone_is_at_the_same_place_and_goes_its_own_way() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 3).await;
        enumerator.next(1);
        let mut clone = enumerator.clone();
        assert_eq!(ids(&clone.next(2)), ids(&made[1..]));
        assert_eq!(ids(&enumerator.next(2)), ids(&made[1..]));
    }

    /// Whether downloads that are made later appear in an enumerator is not said.
    Silent(ENUMERATE), Chosen("They do not: it is a snapshot of the list, as in BITS.");
    async fn what_is_made_later_is_not_in_an_enumerator() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 1).await;
        let _later = world.engine.create_download().await.unwrap();
        assert_eq!(ids(&enumerator.next(9)), ids(&made));
    }

    /// Whether an enumerator shows what happens to its elements is not said.
    Silent(ENUMERATE), Chosen("It does: the elements are the downloads themselves, and stay usable as objects when they end.");
    async fn what_happens_to_an_element_is_seen() {
        let world = World::new().await;
        let download = world.download().await;
        let mut enumerator = world.engine.downloads(None).await.unwrap();
        fetch(&download, haul::StartMode::WholeFile).await;
        assert_eq!(state_of(&enumerator.next(1)[0]).await, DownloadState::Transferred);
        download.finalize().await.unwrap();
        enumerator.reset();
        assert_eq!(state_of(&enumerator.next(1)[0]).await, DownloadState::Finalized);
    }

    /// The order of the elements is not said.
    Silent(ENUMERATE), Chosen("The order of their creation.");
    async fn the_elements_come_in_the_order_of_their_creation() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 8).await;
        assert_eq!(ids(&enumerator.next(8)), ids(&made));
    }
}

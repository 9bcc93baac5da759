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

    /// Next returns the requested number of elements if that many are left.
    Doc(ENUM_NEXT), Holds;
    async fn next_gives_as_many_as_asked_for() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 5).await;
        assert_eq!(ids(&enumerator.next(2)), ids(&made[..2]));
        assert_eq!(ids(&enumerator.next(3)), ids(&made[2..]));
    }

    /// If fewer are left, Next returns S_FALSE and their number.
    Doc(ENUM_NEXT), Holds;
    async fn next_gives_fewer_at_the_end() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 3).await;
        assert_eq!(ids(&enumerator.next(2)), ids(&made[..2]));
        assert_eq!(ids(&enumerator.next(5)), ids(&made[2..]));
        assert!(enumerator.next(1).is_empty());
    }

    /// Clients call Next for one element at a time until it returns none; S_FALSE marks the end and is no error.
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

    /// The pointer for the number fetched may be null only if one element is requested.
    Doc(ENUM_NEXT), CannotBeWritten("The number is the length of the returned list.");
    async fn the_number_fetched_is_the_length_of_the_list() {
        assert_eq!(wit().signature("do-manager", "download-enumerator.next"), "next: func(count: u32) -> list<download>");
    }

    /// The client queries each element for IDODownload before it uses it.
    Observed(SAMPLE_FACTORY), CannotBeWritten("The elements are downloads.");
    async fn the_elements_are_downloads() {
        let world = World::new().await;
        let (_made, mut enumerator) = several(&world, 1).await;
        assert_eq!(state_of(&enumerator.next(1)[0]).await, DownloadState::Created);
    }

    /// The caller releases each element.
    Doc(ENUM_NEXT), CannotBeWritten("The list owns its handles; dropping a handle does not end the download.");
    async fn an_element_that_is_let_go_stays_a_download() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 2).await;
        drop(enumerator.next(2));
        enumerator.reset();
        assert_eq!(ids(&enumerator.next(2)), ids(&made));
    }

    /// Skip skips elements, and returns S_FALSE if fewer are left.
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

    /// Clone returns an independent enumerator at the same position.
    Doc(ENUM_CLONE), Holds;
    async fn a_clone_is_at_the_same_place_and_goes_its_own_way() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 3).await;
        enumerator.next(1);
        let mut clone = enumerator.clone();
        assert_eq!(ids(&clone.next(2)), ids(&made[1..]));
        assert_eq!(ids(&enumerator.next(2)), ids(&made[1..]));
    }

    /// The documentation does not say whether downloads that are created later appear in an enumerator.
    Silent(ENUMERATE), Chosen("They do not: an enumerator is a snapshot of the list, as in BITS.");
    async fn what_is_made_later_is_not_in_an_enumerator() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 1).await;
        let _later = world.engine.create_download().await.unwrap();
        assert_eq!(ids(&enumerator.next(9)), ids(&made));
    }

    /// The documentation does not say whether an enumerator shows later changes of its elements.
    Silent(ENUMERATE), Chosen("It does: the elements are the downloads themselves, and remain usable objects after \
                               the downloads end.");
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

    /// The order of the elements is not documented.
    Silent(ENUMERATE), Chosen("The order of creation.");
    async fn the_elements_come_in_the_order_of_their_creation() {
        let world = World::new().await;
        let (made, mut enumerator) = several(&world, 8).await;
        assert_eq!(ids(&enumerator.next(8)), ids(&made));
    }
}

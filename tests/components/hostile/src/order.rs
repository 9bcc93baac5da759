//! The order that the component was given.

use alloc::string::String;
use core::cell::RefCell;

use crate::deeds;

#[derive(Clone, Default)]
struct Order {
    deed: String,
    place: String,
    with: String,
}

struct Given(RefCell<Order>);

// SAFETY: a component instance of WASI 0.2 has one thread.
unsafe impl Sync for Given {}

static GIVEN: Given = Given(RefCell::new(Order { deed: String::new(), place: String::new(), with: String::new() }));

/// Stores an order. If the export is `now`, carries it out and returns the result.
pub fn take(text: &str) -> String {
    let mut words = text.splitn(3, ' ').map(String::from);
    let mut word = || words.next().unwrap_or_default();
    let order = Order { deed: word(), place: word(), with: word() };
    if order.place == "now" {
        return deeds::done(&order.deed, &order.with);
    }
    GIVEN.0.replace(order);
    String::new()
}

/// Carries out the order if it names this export.
pub fn reached(place: &str) {
    let order = GIVEN.0.borrow().clone();
    if order.place == place {
        deeds::done(&order.deed, &order.with);
    }
}

/// Whether this deed is ordered, for deeds that change an answer.
pub fn is(deed: &str) -> bool {
    GIVEN.0.borrow().deed == deed
}

/// The argument of the order.
pub fn with() -> String {
    GIVEN.0.borrow().with.clone()
}

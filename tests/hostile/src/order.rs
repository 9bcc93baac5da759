//! What the component was told to do, and where.

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

/// Notes an order; what came of it, where it is to be carried out now.
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

/// Does what is to be done in this export.
pub fn reached(place: &str) {
    let order = GIVEN.0.borrow().clone();
    if order.place == place {
        deeds::done(&order.deed, &order.with);
    }
}

/// Whether this is the order, for what is not done but answered.
pub fn is(deed: &str) -> bool {
    GIVEN.0.borrow().deed == deed
}

/// What the order is to be carried out with.
pub fn with() -> String {
    GIVEN.0.borrow().with.clone()
}

//! What no program reaches: a slot so many of whose picks were leaked that its count is full.

use super::word::{FULL, REMOVED};
use super::*;

/// An available slot with so many pins.
fn with_pins(pins: u64) -> Slot {
    let slot = Slot::new(7);
    slot.occupy();
    slot.publish();
    slot.add_pins(pins);
    slot
}

#[test]
fn a_slot_is_pinned_until_its_count_is_full() {
    let slot = with_pins(FULL - 2);
    assert!(slot.pin());
    assert_eq!((slot.word().pending(), slot.word().is_available()), (u32::MAX >> 1, true));
    // The last one sets the bit.
    assert!(slot.pin());
    assert!(!slot.word().is_available());
    for _ in 0..3 {
        assert!(!slot.pin());
    }
    assert_eq!(slot.word().pending(), 1 << 31, "a choice in vain counts nothing");
}

#[test]
fn a_full_count_changes_neither_the_state_nor_the_generation() {
    let slot = with_pins(FULL);
    let key = slot.key();
    assert!(slot.is_tenanted(key.generation));
    slot.withdraw();
    slot.publish();
    assert_eq!(slot.key(), key);
    assert!(!slot.remove(), "its pins keep it");
    assert_eq!((slot.word().pending(), slot.word().state()), (1 << 31, REMOVED));
}

#[test]
fn a_request_that_ends_makes_a_full_slot_available_again() {
    let slot = with_pins(FULL);
    assert!(!slot.unpin(), "it is not removed");
    assert!(slot.word().is_available());
    assert!(slot.pin() && !slot.pin());
}

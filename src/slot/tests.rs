//! What no program reaches or sees: a slot whose count is full, of picks that were leaked, and the
//! states by themselves. A slot that is pinned in the wrong one would show in a race only.

use std::ptr::NonNull;

use super::word::{CHOSEN, FULL, MOST_CHOSEN, REMOVED, TENANT, UNAVAILABLE, base_of};
use super::*;

/// Adds a pin, if that can be, which is then lost.
fn pin(slot: &Slot) -> bool {
    let seen = slot.word();
    seen.is_available() && slot.add_pin(seen).map(drop).is_ok()
}

/// An available slot with this number of pins.
fn with_pins(pins: u64) -> Slot {
    let slot = Slot::new(7);
    slot.occupy();
    slot.publish();
    slot.add_to_word(pins);
    slot
}

#[test]
fn a_slot_is_pinned_until_its_count_is_full() {
    let slot = with_pins(FULL - 2);
    assert!(pin(&slot));
    assert_eq!((slot.word().count(), slot.word().is_available()), (u32::MAX >> 1, true));
    // The last one sets the bit.
    assert!(pin(&slot));
    assert!(!slot.word().is_available());
    for _ in 0..3 {
        assert!(!pin(&slot));
    }
    assert_eq!(slot.word().count(), 1 << 31, "a choice in vain counts nothing");
}

#[test]
fn a_full_count_changes_neither_the_state_nor_the_generation() {
    let slot = with_pins(FULL);
    let key = slot.key();
    assert!(slot.is_tenanted(key.generation));
    slot.withdraw();
    slot.publish();
    assert_eq!(slot.key(), key);
    assert!(slot.remove().0.is_none(), "its pins keep it");
    assert_eq!((slot.word().count(), slot.word().state()), (1 << 31, REMOVED));
}

#[test]
fn a_request_that_ends_makes_a_full_slot_available_again() {
    let slot = with_pins(FULL - 1);
    let last = slot.add_pin(slot.word()).expect("it is not full yet");
    assert!(!slot.word().is_available());
    assert!(Slot::unpin(last).is_none(), "it is not removed");
    assert!(slot.word().is_available());
    assert!(pin(&slot) && !pin(&slot));
}

/// What the word of a slot says, in words, and whether the slot can be pinned.
fn seen(slot: &Slot) -> (String, bool) {
    (format!("{:?}", slot.word()), slot.word().is_available())
}

#[test]
fn a_slot_is_available_in_one_of_its_states_and_has_a_tenant_in_two() {
    let slot = Slot::new(0);
    let first = slot.key().generation;
    assert_eq!(seen(&slot), ("Free#0 Pending:0".into(), false));
    assert!(!slot.is_tenanted(first));
    slot.occupy();
    assert_eq!(seen(&slot), ("Unavailable#0 Pending:0".into(), false));
    assert!(slot.is_tenanted(first) && !slot.is_tenanted(first + 1));
    slot.publish();
    assert_eq!(seen(&slot), ("Available#0 Pending:0".into(), true));
    assert!(slot.is_tenanted(first));
    let last = slot.add_pin(slot.word()).expect("it is available");
    slot.withdraw();
    assert_eq!(seen(&slot), ("Unavailable#0 Pending:1".into(), false));
    assert!(slot.remove().0.is_none(), "its pin keeps it");
    assert_eq!(seen(&slot), ("Removed#0 Pending:1".into(), false));
    assert!(!slot.is_tenanted(first));
    assert!(Slot::unpin(last).is_some(), "the last of a removed one");
    slot.free();
    assert_eq!(seen(&slot), ("Free#1 Pending:0".into(), false));
    assert!(!slot.is_tenanted(first) && !slot.is_tenanted(first + 1));
}

#[test]
fn the_generation_starts_again_when_it_has_no_more_bits() {
    let slot = Slot::new(0);
    slot.add_to_word(TENANT + CHOSEN * 3);
    assert_eq!((slot.key().generation, slot.word().chosen()), ((1 << 20) - 1, 3));
    slot.free();
    assert_eq!((slot.key().generation, slot.word().chosen()), (0, 0));
    assert_eq!(seen(&slot), ("Free#0 Pending:0".into(), false));
}

#[test]
fn a_copy_that_ends_after_its_slot_was_freed_changes_no_count() {
    for base in
        [0, 1, 8, 9, 64, 65, 1 << 24].map(|limit| if limit == 0 { 0 } else { base_of(limit) })
    {
        let slot = Slot::new(0);
        // As a copy of a pick does that had seen its request in flight.
        let late = || {
            let before = slot.word();
            // SAFETY: the slot lives, and no pin is used.
            assert!(unsafe { Slot::unpin_if_counted(NonNull::from(&slot), base) }.is_none());
            assert_eq!(seen(&slot), (format!("{before:?}"), before.is_available()), "{base}");
        };
        late();
        slot.occupy();
        late();
        slot.add_to_word(base.into());
        late();
        slot.publish();
        late();
        let last = slot.add_pin(slot.word()).expect("it is available");
        slot.withdraw();
        slot.add_to_word((REMOVED - UNAVAILABLE).wrapping_sub(base.into()));
        assert!(Slot::unpin(last).is_some(), "the last of a removed one");
        late();
        slot.free();
        late();
    }
}

#[test]
fn choices_run_over_the_top_of_the_word_and_change_nothing_else() {
    let slot = with_pins(0);
    let key = slot.key();
    let mut halves = 0;
    for n in 1..=3 * MOST_CHOSEN + 1 {
        let seen = slot.word();
        halves += u64::from(seen.is_half_before(seen.pinned_once_more()));
        // Not `add_pin`: there is no peer that could note a half.
        slot.add_to_word(CHOSEN);
        assert_eq!((slot.word().chosen(), halves), (n % MOST_CHOSEN, n / (MOST_CHOSEN / 2)));
        assert_eq!((slot.key(), slot.word().count()), (key, 0));
    }
}

#[test]
fn a_copy_that_ends_once_too_often_changes_no_number_of_choices() {
    let slot = Slot::new(0);
    slot.add_to_word(CHOSEN * 7);
    // SAFETY: the slot lives, and no pin is used.
    assert!(unsafe { Slot::unpin_if_counted(NonNull::from(&slot), 0) }.is_none());
    slot.add_to_word(u64::MAX);
    assert_eq!((slot.word().chosen(), slot.word().generation()), (7, 0));
}

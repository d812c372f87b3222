//! yarpc-go's faults, one by one, and the tests that would catch each here.
//!
//! A library with the same names and the same semantics invites the same mistakes, so every known
//! fault of the original, found by reading its sources and by running them, is a test. A fault that
//! cannot exist here has its reason instead.
//!
//! | what was wrong | here |
//! |---|---|
//! | the default choose timeout was 0 | `waiting::{the_default_timeout_is_waited_for, a_peer_that_comes_within_the_default_timeout_is_chosen}` |
//! | a stop left waiters asleep | `waiting::a_stop_wakes_those_who_wait` |
//! | a wake-up was lost on a waiter it did not help | `waiting::a_waiter_that_cannot_be_served_keeps_nobody_from_it` |
//! | errors blamed the wrong thing | `waiting::the_error_says_what_happened` |
//! | a cancelled caller got a peer | `waiting::a_cancelled_caller_gets_no_peer` |
//! | the error depended on a race | `waiting::the_error_of_a_list_that_is_not_started_is_no_accident` |
//! | a change between two unavailable statuses counted as a loss | `list_status::a_status_that_was_not_available_takes_nothing_away` |
//! | a late notification brought a removed peer back | `list_status::{a_notification_after_removal_brings_no_peer_back, flaps_during_updates_leave_no_ghosts}` |
//! | a peer that came back looked idle | `list_status::a_peer_that_comes_back_still_has_its_requests` |
//! | a second finish counted below zero | `list_status::a_request_ends_once`; `finish` takes the pick |
//! | choosing and counting were two steps | `list_status::a_choice_is_counted_when_it_is_made` |
//! | the list's peers showed the transport's count | `list_status::status_and_count_are_the_lists_own` |
//! | status pages in random order | `list_status::a_status_page_is_in_order` |
//! | counts were read without a lock | `list_status::counts_may_be_read_while_they_change`; the compiler refuses the race |
//! | a stale position after a release | `list_status::a_request_that_ends_after_its_peer_has_left_disturbs_nobody` |
//! | updates were lost while starting and stopping | `lifecycle::{an_update_during_the_start_is_not_stranded, a_removal_during_the_stop_is_not_refused}` |
//! | a start that failed kept what it had retained, and went on retaining | `lifecycle::{a_start_that_fails_gives_everything_back, after_a_start_that_failed_nothing_is_retained}` |
//! | a start after a stop was `Ok` | `lifecycle::a_start_after_a_stop_says_so` |
//! | a panic left `Starting` behind | `lifecycle::a_panic_leaves_no_start_and_no_stop_unfinished`, `single_bind_direct::an_updater_that_panics_leaves_no_list_running`, `panics` |
//! | seeds that do not repeat | `lifecycle::a_seed_repeats_the_order_and_lists_differ_without` |
//! | late notifications | `lifecycle::a_late_notification_does_not_reach_a_stopped_list` |
//! | a blocked updater | `lifecycle::an_update_before_the_start_returns_at_once` |
//! | callbacks ran under the list's lock | `updates::a_transport_may_call_back_into_the_list`, `reentry` |
//! | the stop went by the transport's name of a peer | `updates::{a_peer_is_known_by_the_name_it_was_added_with, a_stopped_list_holds_no_peers}` |
//! | a foreign answer of a policy panicked | `updates::a_policy_that_answers_with_a_foreign_or_stale_peer_has_no_peer` |
//! | a negative capacity panicked | `updates::a_capacity_is_a_hint`; the type has no negative numbers |
//! | duplicates before the start | `updates::a_duplicate_is_refused_before_the_start_too` |
//! | every list was called `Single` | `updates::a_list_goes_by_its_policys_name_or_its_own` |
//! | loads that no transport counts | `updates::loads_are_counted_whatever_the_transport` |
//! | `Single` always runs, in any state | `single_bind_direct::{single_runs_when_it_runs, single_hands_out_an_available_peer_only_and_says_how_it_is}` |
//! | one bad static peer spoils all | `single_bind_direct::one_bad_static_peer_does_not_spoil_the_others` |
//! | `direct` reconnects each time | `single_bind_direct::direct_keeps_the_peer_for_the_next_request_and_waits_until_it_is_connected` |
//! | null requests | `single_bind_direct::a_request_of_which_nothing_is_known_is_an_error_or_a_choice`; a reference is not null |
//! | an offset of the ring that is negative, too large or not a number | `hashring::{an_offset_out_of_bounds_counts_as_none, a_negative_offset_is_none_and_one_too_large_can_fail_fast, an_offset_beyond_the_members_is_no_other_member}` |
//! | a generated offset beyond what is available, or counted in peers | `hashring::{a_generated_offset_never_exceeds_the_available_members, a_generated_offset_counts_members_and_not_peers}` |
//! | peers that share a shard, or a point of the ring | `hashring::{of_two_peers_with_one_shard_the_survivor_keeps_it, a_key_on_a_point_of_two_members_has_one_owner, a_delimiter_tells_names_apart}` |
//! | numbers of replicas that panic | `hashring::no_number_of_replicas_panics` |
//! | the ring is built again for every change | `hashring::{a_status_change_does_not_rebuild_the_ring, an_update_of_many_builds_one_table, an_empty_ring_is_small}` |
//! | headers of the ring | `hashring::{a_missing_alternate_header_falls_back_to_the_shard_key, headers_that_are_not_configured_are_not_looked_up}` |
//! | a ring's random choices do not repeat | `hashring::a_seed_repeats_the_ring_s_random_choices` |
//! | a stop that hangs on an available peer | `transports::a_list_may_stop_while_its_peers_are_available` |
//! | a peer of the wrong type leaked its request | `transports::a_peer_of_the_wrong_type_is_still_counted_and_still_finished` |
//! | retains of one subscriber were not counted | `transports::every_retain_counts_and_subscribers_are_told_apart` |
//! | connection managers, probes, pools | there is no network here |
//! | YAML | there is none; the numbers of a policy spec are checked: `hashring::no_number_of_replicas_panics` |
//! | the dispatcher's status page | there is no dispatcher |
//! | tests that assert nothing | these do |
//!
//! Two rules that most of these come down to have modules of their own. No code of the user's runs
//! under a lock, so a callback may do to the list whatever it likes (`reentry`); and a callback
//! that panics takes no other caller along (`panics`, and `drops` of identifiers). `picks` holds the
//! third: a request ends once, whatever has become of its peer and its list.
#![cfg(feature = "testing")]

mod drops;
mod hashring;
mod lifecycle;
mod list_status;
mod panics;
mod picks;
mod reentry;
mod single_bind_direct;
#[path = "../support/mod.rs"]
mod support;
mod transports;
mod updates;
mod waiting;

/// Policies that need nothing of a request.
const POLICIES: [&str; 7] = [
    "round-robin",
    "weighted-round-robin",
    "random",
    "two-random-choices",
    "fewest-pending-requests",
    "hashring32",
    "maglev",
];

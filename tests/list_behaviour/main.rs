//! How every list behaves, whatever its policy: yarpc-go's table of list cases, one test each.
//!
//! yarpc-go runs nearly the same table against each of its lists; here each case runs against every
//! policy, also where the original covers one or two, and also where the original is commented out
//! as flaky. What differs on purpose is asserted as it is here, with a word on how it differs.
//!
//! | yarpc-go's case | test |
//! |---|---|
//! | setup; setup with disconnected; start | `lifecycle::{setup, setup_with_disconnected, start}` |
//! | start stop | `lifecycle::start_stop` |
//! | start many and choose | `choosing::{start_many_and_choose, start_many_and_choose_without_finishing, a_seed_repeats_its_choices}` |
//! | assure start is idempotent | `lifecycle::start_is_idempotent` |
//! | stop no start | `lifecycle::{stop_without_start, start_after_stop_says_so}` |
//! | update retain error; update retain multiple errors | `updates::{retain_error, several_retain_errors}` |
//! | start stop release error; .. multiple errors | `lifecycle::{stop_with_release_error, stop_with_several_release_errors}` |
//! | assure stop is idempotent | `lifecycle::stop_is_idempotent` |
//! | choose before start | `lifecycle::choose_before_start` |
//! | update before start (both entries) | `updates::{update_before_start, update_with_two_before_start}` |
//! | start choose no peers | `lifecycle::start_choose_no_peers` |
//! | start then add; start remove | `choosing::{start_then_add, start_remove}` |
//! | start add many and remove many; .. with shuffle | `choosing::{start_add_many_and_remove_many, start_add_many_and_remove_many_with_shuffle}` |
//! | add retain error; add duplicate peer | `updates::{add_retain_error, add_duplicate_peer}` |
//! | remove peer not in list; .. before start | `updates::{remove_peer_not_in_list, remove_peer_not_in_list_before_start}` |
//! | remove release error | `updates::remove_release_error` |
//! | block until add; multiple blocking until add (both commented out) | `blocking::{block_until_add, several_block_until_add}` |
//! | block but added too late | `blocking::block_but_added_too_late` |
//! | block until new peer after removal of only peer (commented out) | `blocking::block_until_new_peer_after_removal_of_the_only_one` |
//! | block until notify available (commented out) | `blocking::block_until_notify_available` |
//! | add unavailable peer | `notifications::add_unavailable_peer` |
//! | remove unavailable peer | `updates::remove_unavailable_peer` |
//! | notify peer is now / still available | `notifications::{notify_peer_is_now_available, notify_peer_is_still_available}` |
//! | notify peer is now / still unavailable | `notifications::{notify_peer_is_now_unavailable, notify_peer_is_still_unavailable}` |
//! | notify invalid peer | `notifications::{notify_removed_peer, notify_removed_peer_whose_place_is_taken}` |
//! | notify peer stress test | `notifications::{notify_peer_stress_test, notify_peer_stress_test_with_draws}` |
//! | update no start; update after stop | `updates::{update_without_start, update_after_stop}` |
//! | update before start, and stop | `updates::update_before_start_and_stop` |
//! | update before start, and update after stop | `updates::update_before_start_and_update_after_stop` |
//! | concurrent update and start / stop | `concurrent::{concurrent_update_and_start, concurrent_update_and_stop}` |
//! | notify before start; notify after stop | `notifications::{notify_before_start, notify_after_stop}` |
//! | start / stop with available and unavailable | `lifecycle::{start_with_available_and_unavailable, stop_with_available_and_unavailable}` |
//! | update, start, and choose; update timeout before start | `updates::update_start_and_choose` |
//! | random insertion | `choosing::newcomers_in_order_come_last_among_the_least_loaded` |
//! | no blocking with no context deadline | `choosing::no_blocking_unless_asked`, `blocking::default_timeout_is_waited_for` |
//! | TestIntrospect (roundrobin; abstractlist) | `introspection::{introspect_round_robin, introspect}` |
//! | TestPeerList | `introspection::{peer_list, updates_are_reported}`, `own_policy::it_hears_of_available_peers_only` |
//! | TestFailWait; TestFailFast, TestFailFastConfig | `blocking::{fail_wait, fail_fast}` |
//! | TestWaitForNeverStarted | `lifecycle::wait_for_never_started` |
//! | TestDefaultChooseTimeout | `blocking::{default_timeout_of_zero, default_timeout_is_500_ms}` |
//! | TestShuffle | `choosing::the_start_shuffles` |
//! | TestParallelChoose | `concurrent::parallel_choose` |
//! | TestCapacity, TestConfigInvalidCapacity | `updates::capacity_is_no_limit` |
//!
//! Beside the table:
//!
//! | what | test |
//! |---|---|
//! | a start that failed is tried again | `lifecycle::start_with_retain_error_can_be_tried_again` |
//! | a start, a stop and a cancelled token end a wait | `blocking::{block_until_start, block_until_start_with_fail_fast, block_until_stop, block_until_cancelled}` |
//! | a peer that goes from unavailable to connecting and back | `notifications::notify_unavailable_peer_is_connecting` |
//! | where a newcomer joins the rotation | `choosing::newcomers_join_the_pass_under_way` |
//! | the less loaded of two | `choosing::of_two_peers_the_less_loaded_is_chosen` |
//! | the windows of the concurrent cases, held open | `overtaken` |
//! | picks held by several threads are all counted | `concurrent::parallel_picks_are_counted` |
#![cfg(feature = "testing")]

mod blocking;
mod choosing;
mod concurrent;
mod expect;
mod harness;
mod introspection;
mod lifecycle;
mod notifications;
mod overtaken;
mod own_policy;
#[path = "../support/mod.rs"]
mod support;
mod updates;

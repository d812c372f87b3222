//! The numbers of the header in words, for logs and metrics. A name is that of its constant, so it is
//! made of it.

use std::ffi::c_char;

use super::explain::*;
use super::introspect::*;
use super::peer::*;
use super::policy::*;
use super::stats::*;
use super::types::*;

/// The name of the constant that is `$number`, without its prefix.
macro_rules! name {
    ($number:ident, $prefix:literal: $($constant:ident)*) => {
        match $number {
            $($constant => concat!(stringify!($constant), "\0")[$prefix.len()..].as_ptr(),)*
            _ => "UNKNOWN\0".as_ptr(),
        }
        .cast()
    };
}

/// Returns the name of an outcome, such as `NOT_SENT`. Never `NULL`.
///
/// Ownership: static
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; an unknown number has a text too
/// Since: 0.1
#[unsafe(no_mangle)]
pub extern "C" fn peerage_outcome_name(outcome: peerage_outcome) -> *const c_char {
    name!(outcome, "PEERAGE_OUTCOME_":
        PEERAGE_OUTCOME_SUCCESS PEERAGE_OUTCOME_FAILURE PEERAGE_OUTCOME_OVERLOADED
        PEERAGE_OUTCOME_CANCELLED PEERAGE_OUTCOME_NOT_SENT PEERAGE_OUTCOME_ABANDONED)
}

/// Returns the name of a connection status, such as `AVAILABLE`. Never `NULL`.
///
/// Ownership: static
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; an unknown number has a text too
/// Since: 0.1
#[unsafe(no_mangle)]
pub extern "C" fn peerage_connection_name(connection: peerage_connection) -> *const c_char {
    name!(connection, "PEERAGE_CONNECTION_":
        PEERAGE_CONNECTION_UNAVAILABLE PEERAGE_CONNECTION_CONNECTING PEERAGE_CONNECTION_AVAILABLE)
}

/// Returns the name of a chooser's state, such as `RUNNING`. Never `NULL`.
///
/// Ownership: static
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; an unknown number has a text too
/// Since: 0.1
#[unsafe(no_mangle)]
pub extern "C" fn peerage_state_name(state: peerage_state) -> *const c_char {
    name!(state, "PEERAGE_STATE_":
        PEERAGE_STATE_IDLE PEERAGE_STATE_STARTING PEERAGE_STATE_RUNNING PEERAGE_STATE_STOPPING
        PEERAGE_STATE_STOPPED)
}

/// Returns the name of what kept a choice from finding a peer, such as `NONE_CONNECTED`. Never `NULL`.
///
/// Ownership: static
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; an unknown number has a text too
/// Since: 0.1
#[unsafe(no_mangle)]
pub extern "C" fn peerage_cause_name(cause: peerage_cause) -> *const c_char {
    name!(cause, "PEERAGE_CAUSE_":
        PEERAGE_CAUSE_TOO_LATE PEERAGE_CAUSE_NO_PEERS PEERAGE_CAUSE_NONE_CONNECTED
        PEERAGE_CAUSE_SET_ASIDE PEERAGE_CAUSE_EXCLUDED PEERAGE_CAUSE_TOO_FEW
        PEERAGE_CAUSE_NOT_THE_NAMED PEERAGE_CAUSE_NOT_IN_LIST PEERAGE_CAUSE_AT_CAPACITY
        PEERAGE_CAUSE_NOT_READY PEERAGE_CAUSE_CANCELLED_BEFORE PEERAGE_CAUSE_CANCELLED
        PEERAGE_CAUSE_STOPPED PEERAGE_CAUSE_NOT_RUNNING PEERAGE_CAUSE_NOT_RETAINED
        PEERAGE_CAUSE_INVALID_REQUEST PEERAGE_CAUSE_POLICY_PANICKED PEERAGE_CAUSE_QUEUE_FULL
        PEERAGE_CAUSE_BELOW_THRESHOLD)
}

/// Returns the name of what a policy has answered, such as `AT_CAPACITY`. Never `NULL`.
///
/// Ownership: static
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; an unknown number has a text too
/// Since: 0.1
#[unsafe(no_mangle)]
pub extern "C" fn peerage_choice_name(choice: peerage_choice) -> *const c_char {
    name!(choice, "PEERAGE_CHOICE_":
        PEERAGE_CHOICE_MADE PEERAGE_CHOICE_EXCLUDED PEERAGE_CHOICE_UNAVAILABLE
        PEERAGE_CHOICE_TOO_FEW PEERAGE_CHOICE_NOT_THE_NAMED PEERAGE_CHOICE_AT_CAPACITY
        PEERAGE_CHOICE_NOT_READY)
}

/// Returns the name of why a choice found no peer, such as `TIMED_OUT`. Never `NULL`.
///
/// Ownership: static
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; an unknown number has a text too
/// Since: 0.1
#[unsafe(no_mangle)]
pub extern "C" fn peerage_failure_name(failure: peerage_failure) -> *const c_char {
    name!(failure, "PEERAGE_FAILURE_":
        PEERAGE_FAILURE_NO_PEER PEERAGE_FAILURE_FAIL_FAST PEERAGE_FAILURE_TIMED_OUT
        PEERAGE_FAILURE_QUEUE_FULL PEERAGE_FAILURE_CANCELLED PEERAGE_FAILURE_STOPPED
        PEERAGE_FAILURE_NOT_RUNNING PEERAGE_FAILURE_NOT_RETAINED PEERAGE_FAILURE_POLICY_PANICKED
        PEERAGE_FAILURE_INVALID_REQUEST)
}

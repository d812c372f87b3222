//! What a policy has its waiting callers ask again with.

use std::sync::Arc;

use super::status::peerage_status;
use super::{add_ref, checked, hold, un_ref};
use crate::policy::AskAgain;

/// Has the waiting callers of one chooser ask its policy again.
pub struct peerage_ask_again {
    ask_again: AskAgain,
}

impl peerage_ask_again {
    pub(super) fn new(ask_again: AskAgain) -> Arc<Self> {
        Arc::new(Self { ask_again })
    }
}

/// Has every waiting caller ask the policy again, for one that answered `PEERAGE_CHOICE_NOT_READY`
/// or has changed its mind. Make visible what has changed before.
///
/// Ownership: borrows `ask_again`, which may outlive the policy and its chooser
/// Threads: any, also inside the policy's callbacks: then a ready notice that chooses at once, and not later, finds nothing
/// Blocks: never; but hold no lock that the policy's `choose` takes
/// Calls back: ready notices
/// Errors: NULL_POINTER
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_ask_again_trigger(
    ask_again: *const peerage_ask_again,
) -> peerage_status {
    checked(|| {
        // SAFETY: `NULL` or a live handle.
        unsafe { hold(ask_again) }?.ask_again.ask_again();
        Ok(())
    })
}

/// Takes one more reference and returns `ask_again`, to keep it beyond `attached`.
///
/// Ownership: the new reference is the caller's
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; `NULL` gives `NULL`
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_ask_again_ref(
    ask_again: *const peerage_ask_again,
) -> *const peerage_ask_again {
    // SAFETY: `NULL` or a live handle.
    unsafe { add_ref(ask_again) }
}

/// Gives one reference of the caller's back.
///
/// Ownership: consumes one reference
/// Threads: any
/// Blocks: never
/// Calls back: none
/// Errors: none; `NULL` does nothing
/// Since: 0.1
#[unsafe(no_mangle)]
pub unsafe extern "C" fn peerage_ask_again_unref(ask_again: *const peerage_ask_again) {
    // SAFETY: `NULL` or a live handle of the caller's.
    unsafe { un_ref(ask_again) };
}

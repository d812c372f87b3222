//! Memory that is about to be read is asked for before it is needed.
//!
//! A list of a hundred thousand peers fits into no cache near the core, so what a status change touches
//! has to come from far. Loads that depend on each other, or have a lock between them, come one after the
//! other; those that were asked for before come together.

/// Asks for the cache line of an address. A hint: nothing is read, and the address need not be valid any
/// more, so a pointer that may be out of date will do.
#[inline]
pub(crate) fn fetch<T>(address: *const T) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: every x86-64 processor has the instruction, which faults on no address.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(address.cast()) };
    }
    // Elsewhere the standard library has no stable function for it: the loads are the first to ask.
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    let _ = address;
}

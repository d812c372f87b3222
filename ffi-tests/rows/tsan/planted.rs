//! Two threads write one variable: a race, to see that the sanitizer is awake.

use std::cell::UnsafeCell;
use std::thread;

struct Shared(UnsafeCell<u32>);

// SAFETY: there is none; this is the race.
unsafe impl Sync for Shared {}

static SHARED: Shared = Shared(UnsafeCell::new(0));

fn main() {
    let writes = || {
        // SAFETY: there is none, as above.
        unsafe { *SHARED.0.get() += 1 };
    };
    let other = thread::spawn(writes);
    writes();
    other.join().unwrap();
}

//! Readers of a value against those who replace it.

use std::sync::Arc;

use loom::thread;

use crate::policy::Snapshot;
use crate::sync::UnsafeCell;

/// A value whose end is a write, so that the checker notices a reader that is not past.
struct Value(UnsafeCell<u32>);

impl Value {
    fn new(number: u32) -> Self {
        Self(UnsafeCell::new(number))
    }

    fn number(&self) -> u32 {
        // SAFETY: that no thread writes at the same time is what the model shows.
        self.0.with(|number| unsafe { *number })
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        // SAFETY: as above.
        self.0.with_mut(|number| unsafe { *number = u32::MAX });
    }
}

// SAFETY: as above.
unsafe impl Send for Value {}
// SAFETY: as above.
unsafe impl Sync for Value {}

/// Two readers, of whom one has to do without a cell: there is only one under the checker.
#[test]
fn a_value_in_use_is_not_freed() {
    loom::model(|| {
        let snapshot = Arc::new(Snapshot::new(Value::new(0)));
        let readers: Vec<_> = (0..2)
            .map(|_| {
                let snapshot = Arc::clone(&snapshot);
                thread::spawn(move || {
                    let first = snapshot.read(Value::number);
                    let second = snapshot.read(Value::number);
                    assert!(first <= second && second <= 2, "{first}, {second}");
                })
            })
            .collect();
        snapshot.replace(Value::new(1));
        snapshot.replace(Value::new(2));
        for reader in readers {
            reader.join().unwrap();
        }
        assert_eq!(snapshot.read(Value::number), 2);
    });
}

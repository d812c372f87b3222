//! What peers that have left were chosen for, for looks at all peers that take their time.
//!
//! What a peer was chosen for is added here when it leaves, unless a look that is under way has passed it:
//! then it is in what that look has found, and is kept from it.

/// What peers that have left were chosen for.
#[derive(Default)]
pub(super) struct Left {
    chosen: u64,
    looks: Vec<Look>,
    next_look: u64,
}

/// A look that is under way.
struct Look {
    number: u64,
    /// Slots before this one were looked at.
    passed: u32,
    /// Of those: what peers were chosen for that have left since.
    chosen: u64,
}

impl Left {
    /// A peer has left that was chosen so often. The mutex is held since it was seen last.
    pub(super) fn count(&mut self, index: u32, chosen: u64) {
        self.chosen += chosen;
        for look in &mut self.looks {
            if index < look.passed {
                look.chosen += chosen;
            }
        }
    }

    /// A look at all peers begins. Returns its number.
    pub(super) fn begin(&mut self) -> u64 {
        let number = self.next_look;
        self.next_look += 1;
        self.looks.push(Look { number, passed: 0, chosen: 0 });
        number
    }

    /// It has looked at the slots before this one.
    pub(super) fn pass(&mut self, number: u64, passed: u32) {
        if let Some(look) = self.looks.iter_mut().find(|look| look.number == number) {
            look.passed = passed;
        }
    }

    /// It is over. Returns what peers were chosen for that it has not found.
    pub(super) fn end(&mut self, number: u64) -> u64 {
        let at = self.looks.iter().position(|look| look.number == number);
        self.chosen - at.map_or(0, |at| self.looks.swap_remove(at).chosen)
    }
}

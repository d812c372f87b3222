//! From one probe's end to up or down.
//!
//! ```text
//!          first good                      fall bad ones
//!  New ───────────────▶ Up ◀─┐ good ┌─ Kept ◀──────────── Up, if it is the last one
//!   │                   │    └──────┘    │
//!   │ first bad         │ fall bad ones  │ another peer is up
//!   ▼                   ▼                ▼
//!  Down ── rise good ones ─▶ Up         Down
//! ```

use std::time::Duration;

use super::options::ProbeOptions;
use super::status::ProbeState;

/// What is thought of a peer, and how many probes in a row have contradicted that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Judge {
    pub(super) state: ProbeState,
    pub(super) streak: u32,
}

impl Judge {
    pub(super) const NEW: Self = Self { state: ProbeState::New, streak: 0 };

    /// A probe has ended so. `is_last`: no other peer is available.
    pub(super) fn hear(&mut self, good: bool, is_last: bool, options: &ProbeOptions) {
        use ProbeState::{Down, Kept, New, Up};
        let agrees = match self.state {
            New => true,
            Up | Kept => good,
            Down => !good,
        };
        self.streak = if agrees { 0 } else { self.streak.saturating_add(1) };
        let before = self.state;
        self.state = match before {
            New if good => Up,
            New => Down,
            Up | Kept if good => Up,
            Up | Kept if self.streak < options.fall => before,
            Up | Kept if is_last => Kept,
            Down if self.streak >= options.rise => Up,
            Up | Kept | Down => Down,
        };
        // For one that is kept the streak goes on: it has not been settled.
        if self.state != before && self.state != Kept {
            self.streak = 0;
        }
    }

    /// Another peer is up, so this one need not be kept.
    pub(super) fn give_way(&mut self) {
        *self = Self { state: ProbeState::Down, streak: 0 };
    }

    /// The time from the start of this probe to that of the next.
    pub(super) fn pause(&self, options: &ProbeOptions) -> Duration {
        match (self.state, self.streak) {
            (ProbeState::Up, 0) | (ProbeState::Kept | ProbeState::New, _) => options.interval,
            (ProbeState::Down, 0) => options.slow_interval(),
            (ProbeState::Up | ProbeState::Down, _) => options.fast_interval(),
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::ProbeState::{Down, Kept, New, Up};
    use super::*;

    /// Plays probes, `+` good and `-` bad, `.` a good and `!` a bad one of the last peer.
    fn play(options: &ProbeOptions, probes: &str) -> Vec<(ProbeState, u32)> {
        let mut judge = Judge::NEW;
        let hear = |probe| {
            judge.hear(matches!(probe, '+' | '.'), matches!(probe, '.' | '!'), options);
            (judge.state, judge.streak)
        };
        probes.chars().map(hear).collect()
    }

    #[test]
    fn streaks_decide_and_any_contradiction_ends_them() {
        let options = ProbeOptions::tcp(); // rise 2, fall 3
        for (probes, states) in [
            ("+--+---", vec![(Up, 0), (Up, 1), (Up, 2), (Up, 0), (Up, 1), (Up, 2), (Down, 0)]),
            ("-+-++-", vec![(Down, 0), (Down, 1), (Down, 0), (Down, 1), (Up, 0), (Up, 1)]),
            ("+!!!!-", vec![(Up, 0), (Up, 1), (Up, 2), (Kept, 3), (Kept, 4), (Down, 0)]),
            ("+!!!.!", vec![(Up, 0), (Up, 1), (Up, 2), (Kept, 3), (Up, 0), (Up, 1)]),
            ("!!..", vec![(Down, 0), (Down, 0), (Down, 1), (Up, 0)]),
        ] {
            assert_eq!(play(&options, probes), states, "{probes}");
        }
        let quick = options.with_rise(1).with_fall(1);
        let states = vec![(Up, 0), (Down, 0), (Up, 0), (Kept, 1), (Kept, 2), (Up, 0)];
        assert_eq!(play(&quick, "+-+!!."), states);
    }

    #[test]
    fn a_doubt_is_settled_fast_and_the_dead_are_left_alone() {
        let ms = Duration::from_millis;
        let options = ProbeOptions::tcp().with_interval(ms(3)).with_fast_interval(ms(1));
        let options = options.with_slow_interval(ms(9));
        for (state, streak, pause) in
            [(New, 0, 3), (Up, 0, 3), (Up, 1, 1), (Kept, 7, 3), (Down, 0, 9), (Down, 1, 1)]
        {
            assert_eq!(Judge { state, streak }.pause(&options), ms(pause), "{state:?} {streak}");
        }
        let of = |interval| ProbeOptions::tcp().with_interval(interval);
        assert_eq!(of(ms(100)).fast_interval(), ms(100));
        assert_eq!(of(ms(100)).slow_interval(), ms(5000));
        assert_eq!(of(ms(9000)).fast_interval(), ms(500));
        assert_eq!(of(ms(9000)).slow_interval(), ms(9000));
    }

    #[test]
    fn one_that_gives_way_is_down_like_any_other() {
        let mut judge = Judge { state: Kept, streak: 9 };
        judge.give_way();
        assert_eq!(judge, Judge { state: Down, streak: 0 });
    }
}

//! The word of a slot that counts failures in a row.

use crate::outcome::Outcome;

/// Failures in a row, and where the peer stands.
///
/// ```text
///  bits  0..16  failures in a row
///  bits 16..24  ejections in a row
///  bits 24..26  phase
/// ```
///
/// While the phase is `In` finishes write it, each with one compare-exchange: of two at once one is
/// lost, which is a sample lost. The phase is changed under the mutex of the list's ejector alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Streak(pub(crate) u64);

/// Where a peer stands: see the module's picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    In = 0,
    Out = 1,
    Open = 2,
    Probing = 3,
}

/// What the end of a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Nothing,
    /// Another count.
    Count(Streak),
    /// The peer is to be left alone, or longer.
    Eject,
    /// The probe went well.
    Return,
    /// The probe says nothing: another one.
    Again,
}

impl Streak {
    /// A peer that can be chosen, after so many failures.
    fn failed(failures: u16) -> Self {
        Self(failures.into())
    }

    /// The same peer in another phase, after so many ejections; no failures.
    pub(crate) fn of(phase: Phase, ejections: u8) -> Self {
        Self((phase as u64) << 24 | u64::from(ejections) << 16)
    }

    pub(crate) fn failures(self) -> u16 {
        self.0 as u16
    }

    pub(crate) fn ejections(self) -> u8 {
        (self.0 >> 16) as u8
    }

    pub(crate) fn phase(self) -> Phase {
        match self.0 >> 24 & 3 {
            0 => Phase::In,
            1 => Phase::Out,
            2 => Phase::Open,
            _ => Phase::Probing,
        }
    }

    /// What a request that has ended so asks for, if `limit` failures are too many.
    pub(crate) fn judge(self, outcome: Outcome, limit: u16) -> Verdict {
        let failed = match outcome {
            Outcome::Success => Some(false),
            Outcome::Failure | Outcome::Overloaded => Some(true),
            // These say nothing about the peer.
            Outcome::Cancelled | Outcome::NotSent | Outcome::Abandoned => None,
        };
        match (self.phase(), failed) {
            (Phase::In, Some(false)) if self.0 != 0 => Verdict::Count(Self::default()),
            (Phase::In, Some(true)) if self.failures().saturating_add(1) < limit => {
                Verdict::Count(Self::failed(self.failures() + 1))
            }
            (Phase::In | Phase::Open | Phase::Probing, Some(true)) => Verdict::Eject,
            (Phase::Open | Phase::Probing, Some(false)) => Verdict::Return,
            (Phase::Probing, None) => Verdict::Again,
            // Out: a request that began before says nothing new.
            (Phase::Out, _) | (Phase::In | Phase::Open, _) => Verdict::Nothing,
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn only_failures_in_a_row_eject() {
        let mut streak = Streak::default();
        let mut end = |outcome| {
            let verdict = streak.judge(outcome, 3);
            if let Verdict::Count(next) = verdict {
                streak = next;
            }
            verdict
        };
        for _ in 0..4 {
            end(Outcome::Failure);
            assert_eq!(end(Outcome::Overloaded), Verdict::Count(Streak::failed(2)));
            assert_eq!(end(Outcome::Cancelled), Verdict::Nothing);
            assert_eq!(end(Outcome::Success), Verdict::Count(Streak::default()));
            assert_eq!(end(Outcome::Success), Verdict::Nothing);
        }
        end(Outcome::Failure);
        end(Outcome::Failure);
        assert_eq!(end(Outcome::Failure), Verdict::Eject);
        assert_eq!(Streak::default().judge(Outcome::Failure, 1), Verdict::Eject);
    }

    #[test]
    fn the_probe_decides() {
        let ends = [Outcome::Success, Outcome::Failure, Outcome::NotSent];
        let all = |phase| {
            let streak = Streak::of(phase, 200);
            assert_eq!((streak.phase(), streak.ejections(), streak.failures()), (phase, 200, 0));
            ends.map(|outcome| streak.judge(outcome, 5))
        };
        assert_eq!(all(Phase::Out), [Verdict::Nothing; 3]);
        assert_eq!(all(Phase::Open), [Verdict::Return, Verdict::Eject, Verdict::Nothing]);
        assert_eq!(all(Phase::Probing), [Verdict::Return, Verdict::Eject, Verdict::Again]);
    }
}

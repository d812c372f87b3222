//! The error's text: it follows YARPC's.

use std::fmt;

use super::error::ChooseError;
use super::kind::ChooseErrorKind;
use crate::error::seen::Seen;
use crate::state::State;

impl ChooseError {
    /// `"users" peer list has 3 peers but none are responsive`: what there was to choose from.
    fn fmt_seen(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = &self.list;
        match self.seen {
            // What was not waited for to the end may have come just now.
            Some(seen) if self.kind == ChooseErrorKind::Cancelled => {
                write!(f, "{list:?} peer list ")?;
                seen.fmt_counted(f)
            }
            Some(seen) => {
                write!(f, "{list:?} peer list ")?;
                seen.fmt_counted(f)?;
                f.write_str(seen.why_not(self.nothing))
            }
            None => write!(f, "{list:?} chooser has no peer for the request"),
        }
    }

    /// Whether a peer can be chosen by now, which the policy was not asked for before.
    fn is_too_late(&self) -> bool {
        self.seen.is_some_and(|seen| seen.available > 0 && !seen.declined)
    }

    /// What a wait is for.
    fn awaited(&self) -> &'static str {
        self.seen.map_or("one", |seen| seen.awaited(self.nothing))
    }
}

impl fmt::Display for ChooseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (list, awaited) = (&self.list, self.awaited());
        match self.kind {
            ChooseErrorKind::NoPeer | ChooseErrorKind::FailFast | ChooseErrorKind::TimedOut(_)
                if self.is_below() =>
            {
                write!(f, "{list:?} peer list ")?;
                self.seen.map_or(Ok(()), |seen| seen.fmt_counted(f))?;
                write!(f, ": below {}% it fails (panic=fail)", self.below)
            }
            ChooseErrorKind::NoPeer => {
                self.fmt_seen(f)?;
                f.write_str(", did not wait (not asked to)")
            }
            ChooseErrorKind::FailFast => {
                self.fmt_seen(f)?;
                write!(f, ", did not wait for {awaited} (fail-fast is enabled)")
            }
            // A peer would do: nothing that is said of the peers would be the reason.
            ChooseErrorKind::TimedOut(_) if self.early && self.is_too_late() => write!(
                f,
                "{list:?} peer list did not choose: the deadline had passed before it began"
            ),
            ChooseErrorKind::TimedOut(_) if self.early => {
                self.fmt_seen(f)?;
                write!(f, ", did not wait for {awaited}: the deadline had passed before")
            }
            ChooseErrorKind::TimedOut(waited) => {
                self.fmt_seen(f)?;
                match self.seen {
                    Some(Seen { peers: 0, .. }) => {
                        write!(f, ", waited for {awaited} but timed out")?;
                    }
                    _ => write!(f, ", timed out waiting for {awaited}")?,
                }
                write!(f, " (fail-fast is not enabled): {waited}")
            }
            ChooseErrorKind::QueueFull(most) => {
                self.fmt_seen(f)?;
                write!(f, ", did not wait for {awaited}: ")?;
                match most {
                    0 => f.write_str("no caller may wait")?,
                    1 => f.write_str("1 caller waits already")?,
                    _ => write!(f, "{most} callers wait already")?,
                }
                write!(f, " (max-waiting is {most})")
            }
            ChooseErrorKind::Cancelled if self.early => {
                write!(
                    f,
                    "{list:?} peer list did not choose: the wait was cancelled before it began"
                )
            }
            ChooseErrorKind::Cancelled => {
                self.fmt_seen(f)?;
                f.write_str(", the wait was cancelled")
            }
            ChooseErrorKind::Stopped => write!(
                f,
                "{list:?} peer list is not running: could not wait for instance to start running: \
                 current state is \"{}\"",
                State::Stopped.lower()
            ),
            ChooseErrorKind::NotRunning(state) => write!(
                f,
                "{list:?} peer list is not running: gave up waiting for it to start, \
                 current state is \"{}\"",
                state.lower()
            ),
            ChooseErrorKind::NotRetained => {
                write!(f, "{list:?} chooser can't retain the peer")?;
                self.cause.as_ref().map_or(Ok(()), |cause| write!(f, ": {cause}"))
            }
            ChooseErrorKind::PolicyPanicked => {
                write!(f, "{list:?} peer list can't choose")?;
                self.cause.as_ref().map_or(Ok(()), |cause| write!(f, ": {cause}"))
            }
            ChooseErrorKind::InvalidRequest(why) => {
                write!(f, "{list:?} chooser requires {why}")?;
                self.cause.as_ref().map_or(Ok(()), |cause| write!(f, ": {cause}"))
            }
        }
    }
}

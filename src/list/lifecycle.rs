//! How a list starts and stops.

use std::sync::Arc;

use super::membership::Phase;
use super::peer_list::PeerList;
use crate::error::{LifecycleError, UpdateError};
use crate::events::Event;
use crate::lifecycle::Lifecycle;
use crate::policy::Policy;
use crate::state::State;

impl<P: Policy> Lifecycle for PeerList<P> {
    /// Retains the peers added so far and begins to hand them out.
    ///
    /// Additions made while it starts are retained too. If a peer cannot be retained the start
    /// fails, those that could are released, all stay in the list, and it may be started again.
    fn start(&self) -> Result<(), LifecycleError> {
        self.once.start(|| {
            let shared = &self.core.shared;
            let stopped = || LifecycleError::Stopped(Arc::clone(&shared.name));
            let (mut members, resliced) = {
                let mut membership = shared.membership.lock();
                if membership.phase() == Phase::Stopped {
                    return Err(stopped());
                }
                shared.enter_phase(&mut membership, Phase::Starting);
                (membership.go_online(), shared.reslice(&mut membership))
            };
            shared.tell_resliced(&resliced);
            members.extend(resliced.joining);
            if self.shuffle {
                self.rng.shuffle(&mut members);
            }
            if shared.go_online(&self.owner(), members)? { Ok(()) } else { Err(stopped()) }
        })
    }

    /// Ends every wait with `Stopped` and releases all peers, those with requests in flight when
    /// the last of them finishes. The list still knows its members, and still takes updates.
    fn stop(&self) -> Result<(), LifecycleError> {
        self.once.stop(|| {
            let shared = &self.core.shared;
            // Before the gate: a caller that is told of the stop may wait for the peers to go.
            let leaving = shared.write_down(Phase::Stopped);
            // Before the peers go: a waiter that is woken by one of them finds the gate closed.
            shared.gate.close();
            let failures = shared.take_all_out(leaving);
            Ok(UpdateError::check(failures)?)
        })
    }

    fn is_running(&self) -> bool {
        self.state() == State::Running
    }
}

impl<P: Policy> PeerList<P> {
    /// For a stop whose error no caller gets.
    pub(super) fn report_release_failures(&self, error: &LifecycleError) {
        if let LifecycleError::Peers(error) = error {
            for failure in error.failures() {
                self.core.shared.observe(|| Event::ReleaseFailed { failure });
            }
        }
    }
}

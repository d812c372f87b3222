//! The list's hold on one of its peers: what the transport notifies, and what the slot keeps.
//!
//! A handle keeps the list's memory alive, so a pick needs no reference count: slot → handle →
//! list → slots is a cycle on purpose, and retiring the slot cuts it.

use std::sync::Arc;

use crate::error::{PeerFailure, PeerFailureKind};
use crate::guard::{self, Panicked};
use crate::list::core::Core;
use crate::list::hooks::Owner;
use crate::list::observer::Event;
use crate::list::roster::{Entry, Tenancy};
use crate::list::slot::Slot;
use crate::peer::{ConnectionStatus, Identifier, Peer, Subscriber};
use crate::pick::Outcome;
use crate::policy::Policy;

pub(crate) struct Handle<P: Policy> {
    pub(crate) core: Arc<Core<P>>,
    pub(crate) identifier: Arc<dyn Identifier>,
    pub(crate) tenancy: Tenancy,
}

impl<P: Policy> Handle<P> {
    /// Asks the peer how it is, and acts on it.
    pub(crate) fn refresh(&self) {
        let Some((peer, push)) = self.core.roster.begin(self.tenancy) else {
            return;
        };
        let status = match guard::run("status", || peer.status().connection_status) {
            Ok(status) => status,
            Err(panicked) => return self.core.panicked(&panicked),
        };
        let index = self.core.policy.index();
        let Some(before) = self.core.roster.apply(self.tenancy, push, status, index) else {
            return;
        };
        self.core.tell_index(|index| index.changed());
        if status == ConnectionStatus::Available {
            self.core.gate.wake();
        }
        self.core.observe(|| Event::StatusChanged {
            peer: self.identifier.identifier(),
            from: before,
            to: status,
        });
    }
}

impl<P: Policy> Subscriber for Handle<P> {
    fn notify_status_changed(&self, _: &dyn Identifier) {
        self.refresh();
    }
}

impl<P: Policy> Owner for Handle<P> {
    fn identifier(&self) -> &Arc<dyn Identifier> {
        &self.identifier
    }

    fn finished(&self, slot: &Slot, outcome: Outcome) {
        let policy = &self.core.policy;
        if !policy.may_panic() {
            policy.finished(Entry::of(slot), outcome);
        } else if let Err(panicked) =
            guard::run("a policy's finished", || policy.finished(Entry::of(slot), outcome))
        {
            self.core.panicked(&panicked);
        }
    }

    fn panicked(&self, panicked: &Panicked) {
        self.core.panicked(panicked);
    }

    fn release(self: Arc<Self>, peer: Arc<dyn Peer>) -> Result<(), PeerFailure> {
        let core = Arc::clone(&self.core);
        let identifier = Arc::clone(&self.identifier);
        core.roster.vacate(self.tenancy);
        let subscriber: Arc<dyn Subscriber> = self;
        let released = guard::fallible("release_peer", || {
            core.transport.release_peer(&identifier, &subscriber)
        });
        drop(peer);
        released.map_err(|error| PeerFailure {
            peer: identifier.identifier().into(),
            kind: PeerFailureKind::Release(error.into()),
        })
    }

    fn retire(self: Arc<Self>, peer: Arc<dyn Peer>) {
        let core = Arc::clone(&self.core);
        if let Err(failure) = self.release(peer) {
            core.observe(|| Event::ReleaseFailed { failure: &failure });
        }
    }
}

//! One peer of the list, from `retain_peer` to `release_peer`.
//!
//! Each step is: change the books under the membership's mutex, drop it, then call the transport.
//!
//! A [`Handle`] is what the transport notifies and what the slot keeps. It keeps the list's memory
//! alive, so a pick needs no reference count: slot → handle → list → slots is a cycle on purpose,
//! and retiring the slot cuts it.

use std::sync::Arc;

use crate::error::UpdateError;
use crate::error::{PeerFailure, PeerFailureKind, TransportError};
use crate::list::core::Core;
use crate::list::membership::{Fate, Member, Phase, Todo};
use crate::list::observer::Event;
use crate::outcome::Outcome;
use crate::panics::{self, Panicked};
use crate::peer::{ConnectionStatus, Identifier, Peer, Subscriber};
use crate::policy::Policy;
use crate::roster::index::Names;
use crate::slot::SlotRef;
use crate::slot::owner::Owner;
use crate::slot::{WATCH_PEER, WATCH_POLICY};

pub(crate) struct Handle<P: Policy> {
    pub(crate) core: Arc<Core<P>>,
    pub(crate) identifier: Arc<dyn Identifier>,
    pub(crate) tenancy: SlotRef,
}

impl<P: Policy> Handle<P> {
    /// Asks the peer how it is, and acts on it.
    pub(crate) fn refresh(&self) {
        let Some((peer, push)) = self.core.roster.begin(self.tenancy) else {
            return;
        };
        let status = match panics::run("status", || peer.status().connection_status) {
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

    fn finished(&self, outcome: Outcome) {
        let policy = &self.core.policy;
        let peer = self.core.roster.entry(self.tenancy);
        if !policy.may_panic() {
            policy.finished(peer, outcome);
        } else if let Err(panicked) =
            panics::run("a policy's finished", || policy.finished(peer, outcome))
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
        let released = panics::fallible("release_peer", || {
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

impl<P: Policy> Core<P> {
    /// Adds a member and, while the list retains, its peer.
    pub(crate) fn add(self: &Arc<Self>, member: &Member) -> Result<(), PeerFailure> {
        let todo = self.membership.lock().add(member);
        match todo {
            None => Err(failure(member, PeerFailureKind::AlreadyInList)),
            Some(Todo::Retain) => self.retain(member, false),
            Some(_) => Ok(()),
        }
    }

    /// Removes a member and, while the list retains, its peer.
    pub(crate) fn remove(self: &Arc<Self>, member: &Member) -> Result<(), PeerFailure> {
        let todo = self.membership.lock().remove(&member.id);
        match todo {
            None => Err(failure(member, PeerFailureKind::NotInList)),
            Some(Todo::Release(tenancy)) => self.release(tenancy),
            Some(_) => Ok(()),
        }
    }

    /// Keeps a promise of the membership: asks the transport for the peer and seats it.
    ///
    /// On failure the member is forgotten, unless it is to be kept for the next try or the list
    /// went offline meanwhile.
    pub(crate) fn retain(self: &Arc<Self>, member: &Member, keep: bool) -> Result<(), PeerFailure> {
        {
            let mut membership = self.membership.lock();
            if membership.fate(&member.id) != Fate::Keep {
                membership.give_up_seat(member, false);
                return Ok(());
            }
        }
        let Asked { handle, peer, shard } = match self.ask(member) {
            Ok(asked) => asked,
            Err(kind) => {
                self.membership.lock().give_up_seat(member, keep);
                return Err(failure(member, kind));
            }
        };
        let watch = self.watch(&*peer);
        let names = Names { id: &member.id, shard: &shard };
        let index = self.policy.index();
        let owner: Arc<dyn Owner> = Arc::clone(&handle) as _;
        self.roster.seat(handle.tenancy, peer, owner, watch, |entry| {
            if let Some(index) = index {
                index.joined(entry, names);
            }
        });
        let seated = self.membership.lock().take_seat(member, handle.tenancy);
        if !seated {
            return self.release(handle.tenancy);
        }
        handle.refresh();
        Ok(())
    }

    /// Asks the transport for a peer, with a slot for it at hand.
    fn ask(self: &Arc<Self>, member: &Member) -> Result<Asked<P>, PeerFailureKind> {
        let refused = |error: TransportError| PeerFailureKind::Retain(error.into());
        let shard = panics::fallible("shard", || Ok(member.shard())).map_err(refused)?;
        let tenancy = self.roster.occupy().ok_or(PeerFailureKind::ListFull)?;
        let handle = Arc::new(Handle {
            core: Arc::clone(self),
            identifier: Arc::clone(&member.identifier),
            tenancy,
        });
        let subscriber: Arc<dyn Subscriber> = Arc::clone(&handle) as _;
        let asked: Result<_, TransportError> = panics::fallible("retain_peer", || {
            self.transport.retain_peer(&member.identifier, subscriber)
        });
        match asked {
            Ok(peer) => Ok(Asked { handle, peer, shard }),
            Err(error) => {
                self.roster.unseat();
                self.roster.vacate(tenancy);
                Err(refused(error))
            }
        }
    }

    /// Who wants to hear of the requests of `peer`.
    fn watch(&self, peer: &dyn Peer) -> u32 {
        let peer = panics::run("watches_requests", || peer.watches_requests());
        let policy = panics::run("watches_finish", || self.policy.watches_finish());
        let mut watch = 0;
        for (answer, bit) in [(peer, WATCH_PEER), (policy, WATCH_POLICY)] {
            match answer {
                Ok(true) => watch |= bit,
                Ok(false) => {}
                Err(panicked) => self.panicked(&panicked),
            }
        }
        watch
    }

    /// Takes a peer out of the choice, and releases it if no request is in flight.
    pub(crate) fn release(&self, tenancy: SlotRef) -> Result<(), PeerFailure> {
        match self.roster.remove(tenancy, self.policy.index()) {
            Some(removed) => removed.owner.release(removed.peer),
            None => Ok(()),
        }
    }

    /// Retains every member, or none: what could be retained is released again if anything fails,
    /// and all stay members for the next try. `Ok(false)`: the list was stopped meanwhile.
    pub(crate) fn go_online(self: &Arc<Self>, members: &[Member]) -> Result<bool, UpdateError> {
        self.roster.reserve(members.len());
        let mut failures: Vec<PeerFailure> =
            members.iter().filter_map(|member| self.retain(member, true).err()).collect();
        self.settle();
        if failures.is_empty() {
            let mut membership = self.membership.lock();
            let starting = membership.phase == Phase::Starting;
            if starting {
                membership.phase = Phase::Running;
                self.roster.set_open(true);
            }
            drop(membership);
            self.gate.wake();
            return Ok(starting);
        }
        failures.extend(self.go_offline(Phase::Idle));
        UpdateError::check(failures).map(|()| false)
    }

    /// Writes all members down and releases their peers.
    pub(crate) fn go_offline(&self, phase: Phase) -> Vec<PeerFailure> {
        let leaving = {
            let mut membership = self.membership.lock();
            self.roster.set_open(false);
            membership.go_offline(phase, |tenancy| {
                self.roster.owner(tenancy).map(|owner| Arc::clone(owner.identifier()))
            })
        };
        let failures =
            leaving.into_iter().filter_map(|tenancy| self.release(tenancy).err()).collect();
        self.settle();
        failures
    }
}

/// What [`Core::ask`] was given.
struct Asked<P: Policy> {
    handle: Arc<Handle<P>>,
    peer: Arc<dyn Peer>,
    shard: Arc<str>,
}

fn failure(member: &Member, kind: PeerFailureKind) -> PeerFailure {
    PeerFailure { peer: Arc::clone(&member.id), kind }
}

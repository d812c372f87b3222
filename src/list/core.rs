//! A list without its owner: what picks and subscribers may outlive the list with.
//!
//! Everything that changes who is in the list goes through here: retaining, releasing, and going
//! online and offline as a whole. Each step is: change the books under the membership's mutex, drop
//! it, then call the transport.

use std::sync::Arc;
use std::time::Duration;

use crate::error::{ChooseError, ChooseErrorKind, PeerFailure, PeerFailureKind, Seen, UpdateError};
use crate::guard::{self, Panicked};
use crate::list::gate::Gate;
use crate::list::handle::Handle;
use crate::list::hooks::Owner;
use crate::list::membership::{Fate, Member, Membership, Phase, Todo};
use crate::list::observer::{Event, Observer};
use crate::list::roster::{Roster, Tenancy};
use crate::list::slot::{WATCH_PEER, WATCH_POLICY};
use crate::peer::{Peer, Subscriber};
use crate::policy::Policy;
use crate::policy::index::{Index, Names};
use crate::sync::Mutex;
use crate::transport::{Transport, TransportError};

pub(crate) struct Core<P: Policy> {
    pub(crate) roster: Roster,
    pub(crate) policy: P,
    pub(crate) gate: Gate,
    pub(crate) membership: Mutex<Membership>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) name: Arc<str>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) fail_fast: bool,
    pub(crate) default_choose_timeout: Duration,
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
        let shard = guard::fallible("shard", || Ok(member.shard())).map_err(refused)?;
        let tenancy = self.roster.occupy().ok_or(PeerFailureKind::ListFull)?;
        let handle = Arc::new(Handle {
            core: Arc::clone(self),
            identifier: Arc::clone(&member.identifier),
            tenancy,
        });
        let subscriber: Arc<dyn Subscriber> = Arc::clone(&handle) as _;
        let asked: Result<_, TransportError> = guard::fallible("retain_peer", || {
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
        let peer = guard::run("watches_requests", || peer.watches_requests());
        let policy = guard::run("watches_finish", || self.policy.watches_finish());
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
    pub(crate) fn release(&self, tenancy: Tenancy) -> Result<(), PeerFailure> {
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

    /// A batch of changes is over: the index catches up, then waiters look again.
    pub(crate) fn settle(&self) {
        self.tell_index(|index| index.settle());
        self.gate.wake();
    }

    /// Tells the index something that a policy of the user's may hear of.
    pub(crate) fn tell_index(&self, tell: impl FnOnce(&dyn Index)) {
        if let Some(index) = self.policy.index()
            && let Err(panicked) = guard::run("a policy", || tell(index))
        {
            self.panicked(&panicked);
        }
    }

    /// Reports a panic that nobody gets as an error.
    pub(crate) fn panicked(&self, panicked: &Panicked) {
        let Panicked { what, message } = panicked;
        self.observe(|| Event::Panicked { what, message });
    }

    /// Reports an event. It is made only if somebody listens.
    pub(crate) fn observe<'e>(&self, event: impl FnOnce() -> Event<'e>) {
        if let Some(observer) = &self.observer {
            let event = event();
            let _ = guard::run("an observer", || observer.observe(&self.name, &event));
        }
    }

    /// The error of a choice that is given up now.
    pub(crate) fn error(&self, kind: ChooseErrorKind) -> ChooseError {
        let (peers, available) = self.roster.counts();
        ChooseError::new(&self.name, kind, Seen { peers, available })
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

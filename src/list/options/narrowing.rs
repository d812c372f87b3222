//! Which of its peers a list uses, and what it does when too few are left.

use super::{ListOptions, MAX_CAPACITY, OnPanic};
use crate::list::slice::Client;

impl ListOptions {
    /// Leaves a peer alone after so many failures in a row, up to 1,000: 5 is a good number. 0, the
    /// default, ejects no peer.
    ///
    /// It is out for a second, twice as long each time that it fails again, up to thirty; a tenth
    /// more or less. Then one request tries it: if that succeeds the peer is in full service, if it
    /// fails the peer is out again, and if it says nothing (cancelled, not sent) the next one tries.
    /// Threads that choose at the very moment may send more than one, and a probe that has not ended
    /// for as long as the peer was out is joined by another. At most half of the peers are out, and
    /// never the last that can be chosen: if there is no other left, the peer serves. Failures are
    /// [`Failure`](crate::Outcome::Failure) and [`Overloaded`](crate::Outcome::Overloaded).
    ///
    /// It is for policies that go by no price, such as round-robin, random and hash rings: the policies
    /// that price peers ignore it, as a price does the same and comes back sooner; so does `direct`,
    /// whose requests name their peer. The list has no thread of its own: see
    /// [`tick`](crate::PeerList::tick).
    ///
    /// ```
    /// use peerage::policy::RoundRobin;
    /// use peerage::transports::Always;
    /// use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request};
    ///
    /// let options = ListOptions::new().with_eject(2).with_shuffle(false);
    /// let list = PeerList::new(RoundRobin::new(), Always::new(), options);
    /// list.start()?;
    /// list.update(ListUpdates::adding(["a", "b"]))?;
    /// for _ in 0..4 {
    ///     let pick = list.try_choose(&Request::new())?;
    ///     let outcome = if pick.identifier() == "a" { Outcome::Failure } else { Outcome::Success };
    ///     pick.finish(outcome);
    /// }
    /// assert!(!list.is_available("a"));
    /// assert_eq!(list.introspect().peers[0].reasons.to_string(), "ejected");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_eject(mut self, failures: u16) -> Self {
        self.eject = failures.min(1000);
        self
    }

    /// Does this when fewer than so many percent of the peers are available, 1 to 100, and cut to that.
    /// Peers that are not connected, ejected or draining are not. Off by default; a list without peers
    /// does not panic.
    #[must_use]
    pub fn with_panic(mut self, on_panic: OnPanic, percent: u8) -> Self {
        (self.on_panic, self.panic_threshold) = (on_panic, percent.clamp(1, 100));
        self
    }

    /// Uses about so many of the peers, and does not retain the others: for one of many clients of many
    /// servers, which are not to be all connected with each other. 0, the default, uses all.
    ///
    /// Clients that are numbered have slices of the peers that give every peer the same number of
    /// clients, and so about the same load: within a part in `size`. When a peer comes or goes, a
    /// client has to connect to a third or half of another on average, to two at most; to more where
    /// peers get another number of clients by it, and when the number of clients changes. At least so
    /// many peers are used that each has a client, and at least three quarters of `size`; but for that,
    /// at most twice as many. A [named](Client::Named) client has a place by its name, and one without
    /// a name a random place: loads are as uneven then as that is.
    ///
    /// Peers outside are known, not retained, and counted as
    /// [uninitialized](crate::PeerList::uninitialized). Who is inside is settled at the end of each
    /// update.
    ///
    /// ```
    /// use peerage::policy::RoundRobin;
    /// use peerage::transports::Always;
    /// use peerage::{Client, Lifecycle, List, ListOptions, ListUpdates, PeerList};
    ///
    /// let client = Client::Numbered { index: 3, count: 5 };
    /// let options = ListOptions::new().with_subset(2, client);
    /// assert_eq!(options.to_string(), "subset=2,client=3/5");
    /// let list = PeerList::new(RoundRobin::new(), Always::new(), options);
    /// list.start()?;
    /// list.update(ListUpdates::adding(["a", "b", "c", "d", "e", "f"]))?;
    /// assert!(list.available() < 4 && list.uninitialized() > 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_subset(mut self, size: usize, client: Client) -> Self {
        (self.subset, self.client) = (size.min(MAX_CAPACITY as usize), Some(client));
        self
    }

    /// Lets peers serve by their [tiers](crate::Attributes::tier): those of the lowest, and those of each
    /// tier after it while of every one before fewer than so many percent can be chosen. 1 is: the next
    /// tier serves when none can. 0, the default, makes no difference between tiers. Up to 100.
    ///
    /// Peers of a later tier stay retained and connected. Each change of a peer's availability is paid
    /// with a look at all peers.
    ///
    /// ```
    /// use peerage::policy::Random;
    /// use peerage::transports::Always;
    /// use peerage::{Attributes, Lifecycle, List, ListOptions, Member, PeerList};
    ///
    /// let options = ListOptions::new().with_spill(70);
    /// let list = PeerList::new(Random::new(), Always::new(), options);
    /// list.start()?;
    /// let tier = |id: &str, tier| Member::new(id, Attributes::new().with_tier(tier));
    /// list.replace(vec![std::sync::Arc::new(tier("a", 0)), std::sync::Arc::new(tier("b", 1))])?;
    /// assert!(list.is_available("a") && !list.is_available("b"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_spill(mut self, percent: u8) -> Self {
        self.spill = percent.min(100);
        self
    }

    /// Lets peers of this [zone](crate::Attributes::zone) serve before those of others, whatever their
    /// tiers; [`with_spill`](Self::with_spill) says when others serve too, and without it they do when
    /// no peer of the zone can be chosen.
    #[must_use]
    pub fn with_zone(mut self, zone: impl Into<String>) -> Self {
        self.zone = Some(zone.into()).filter(|zone| !zone.is_empty());
        self
    }

    /// Without what narrows the choice: for `direct`, whose requests name their peer.
    pub(crate) fn without_choice(mut self) -> Self {
        self.eject = 0;
        self.on_panic = OnPanic::Off;
        self.subset = 0;
        (self.spill, self.zone) = (0, None);
        self
    }
}

//! A policy of C functions as the library sees it: a [`SerialPolicy`], so it is called one call at a
//! time.

use std::fmt;
use std::sync::Arc;

use super::ask_again::peerage_ask_again;
use super::finish::latency_ns;
use super::policy::{
    PEERAGE_CHOICE_AT_CAPACITY, PEERAGE_CHOICE_MADE, PEERAGE_CHOICE_NOT_READY,
    PEERAGE_CHOICE_NOT_THE_NAMED, PEERAGE_CHOICE_TOO_FEW, PEERAGE_CHOICE_UNAVAILABLE,
    PEERAGE_WATCH_LATENCY, PEERAGE_WATCH_PLACES, Shared, peerage_peer_info,
};
use super::request;
use super::types::{Text, peerage_str};
use crate::policy::{AskAgain, Key, Nothing, PeerInfo, SerialPolicy, Watch};
use crate::{Finish, Request};

pub(super) struct Custom(Arc<Shared>);

impl Custom {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self(shared)
    }
}

impl fmt::Debug for Custom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Custom")
    }
}

impl SerialPolicy for Custom {
    fn name(&self) -> &'static str {
        "custom"
    }

    fn available(&mut self, peer: &PeerInfo<'_>) {
        let Some(available) = self.0.ops.available else { return };
        let (id, shard, zone) = (
            Text::new(peer.id),
            peer.attributes.shard.as_deref().map(Text::new),
            peer.attributes.zone.as_deref().map(Text::new),
        );
        let lend = |text: &Option<Text>| text.as_ref().map_or(peerage_str::EMPTY, Text::lend);
        let info = peerage_peer_info {
            size: size_of::<peerage_peer_info>(),
            key: peer.key.to_bits(),
            id: id.lend(),
            shard: lend(&shard),
            zone: lend(&zone),
            weight: peer.attributes.weight.max(1).into(),
            tier: peer.attributes.tier.into(),
            pending: peer.pending,
            reserved: 0,
        };
        // SAFETY: the user's own function, with arguments as the header promises.
        unsafe { available(self.0.context.ctx, &info) };
    }

    fn unavailable(&mut self, peer: Key) {
        if let Some(unavailable) = self.0.ops.unavailable {
            // SAFETY: as above.
            unsafe { unavailable(self.0.context.ctx, peer.to_bits()) };
        }
    }

    fn choose(&mut self, request: &Request<'_>) -> Result<Key, Nothing> {
        let choose = self.0.ops.choose.ok_or(Nothing::Unavailable)?;
        let mut out = 0;
        // SAFETY: as above.
        let answer = request::lend(request, |request| unsafe {
            choose(self.0.context.ctx, request, &mut out)
        });
        Err(match answer {
            PEERAGE_CHOICE_MADE => return Ok(Key::from_bits(out)),
            PEERAGE_CHOICE_UNAVAILABLE => Nothing::Unavailable,
            PEERAGE_CHOICE_TOO_FEW => Nothing::TooFew(out.try_into().unwrap_or(usize::MAX)),
            PEERAGE_CHOICE_NOT_THE_NAMED => Nothing::NotTheNamed,
            PEERAGE_CHOICE_AT_CAPACITY => Nothing::AtCapacity,
            PEERAGE_CHOICE_NOT_READY => Nothing::NotReady,
            _ => Nothing::Excluded,
        })
    }

    fn finished(&mut self, peer: Key, finish: Finish) {
        if let Some(finished) = self.0.ops.finished {
            let (outcome, latency) = (finish.outcome as i32, latency_ns(finish.latency));
            // SAFETY: as above.
            unsafe { finished(self.0.context.ctx, peer.to_bits(), outcome, latency) };
        }
    }

    fn attached(&mut self, ask_again: AskAgain) {
        if let Some(attached) = self.0.ops.attached {
            let ask_again = peerage_ask_again::new(ask_again);
            // SAFETY: as above.
            unsafe { attached(self.0.context.ctx, Arc::as_ptr(&ask_again)) };
        }
    }

    fn watches(&self) -> Watch {
        let asked = |flag| self.0.ops.watches & flag != 0;
        Watch {
            latency: asked(PEERAGE_WATCH_LATENCY),
            places: asked(PEERAGE_WATCH_PLACES),
            ..Watch::NOTHING
        }
    }
}

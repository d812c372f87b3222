//! A client with a list of this crate, through nothing but its public interface.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use peerage::policy::PolicySpec;
use peerage::{
    AnyChooser, Attributes, ChooseErrorKind, Chooser, Finish, Lifecycle, List, ListOptions,
    ListUpdates, Member, NoticeId, Pick, Request,
};

use super::clock::VirtualClock;
use super::told::Told;
use super::transport::{SimPeer, SimTransport};
use super::{Ask, Choice, Client, Ended};
use crate::simulator::engine::Id;
use crate::simulator::time::Time;

/// What all clients of a run share.
pub(crate) struct Shared {
    pub(super) clock: Arc<VirtualClock>,
    pub(super) transport: Arc<SimTransport>,
    pub(super) told: Told,
}

pub(super) struct Real {
    list: AnyChooser,
    transport: Arc<SimTransport>,
    told: Told,
    notices: HashMap<Id, NoticeId>,
}

impl Real {
    /// A client with `servers`; `weights` are theirs in turn.
    pub(super) fn new(
        spec: &PolicySpec,
        options: &ListOptions,
        shared: &Shared,
        servers: &[u32],
        weights: &[u16],
        seed: u64,
    ) -> Result<Self, String> {
        let options = options.clone().with_seed(seed).with_clock(Arc::clone(&shared.clock) as _);
        let transport = Arc::clone(&shared.transport);
        let list = AnyChooser::from_spec(spec, Arc::clone(&transport) as _, options);
        list.start().map_err(|error| error.to_string())?;
        let members = servers.iter().map(|&server| {
            let weight = weights.get(server as usize % weights.len().max(1)).copied();
            let attributes = Attributes::new().with_weight(weight.unwrap_or(1));
            Member::new(transport.name(server), attributes)
        });
        list.update(ListUpdates::adding_members(members)).map_err(|error| error.to_string())?;
        Ok(Self { list, transport, told: shared.told.clone(), notices: HashMap::new() })
    }

    fn with_request<R>(&self, ask: &Ask<'_>, run: impl FnOnce(&Request<'_>) -> R) -> R {
        let key = ask.key.to_le_bytes();
        let request = Request::new().with_shard_key(&key);
        if ask.avoid.is_empty() {
            return run(&request);
        }
        let avoid: Vec<_> = ask.avoid.iter().map(|server| self.transport.name(*server)).collect();
        run(&request.with_avoid(&avoid))
    }
}

impl Client for Real {
    fn choose(&mut self, ask: &Ask<'_>) -> Result<Option<Choice>, String> {
        match self.with_request(ask, |request| self.list.try_choose(request)) {
            Ok(pick) => {
                let server = pick.downcast::<SimPeer>().map_err(|error| error.to_string())?.server;
                Ok(Some(Choice { server, pick: Some(pick) }))
            }
            Err(error) if error.kind() == ChooseErrorKind::NoPeer => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    fn finish(&mut self, pick: Option<Pick>, ended: &Ended) {
        let Some(pick) = pick else { return };
        let latency = Duration::from_nanos(ended.now - ended.sent);
        let mut finish = Finish::new(ended.outcome).with_latency(latency);
        if let Some(report) = &ended.report {
            finish = finish.with_in_flight(report.in_flight);
        }
        pick.finish(finish);
    }

    fn wait(&mut self, ask: &Ask<'_>) {
        let (told, call) = (self.told.clone(), ask.call);
        let notice = Box::new(move |_| told.tell(call));
        let id = self.with_request(ask, |request| self.list.notify_ready(request, notice));
        if let Some(id) = id {
            self.notices.insert(call, id);
        }
    }

    fn give_up(&mut self, call: Id) {
        if let Some(id) = self.notices.remove(&call) {
            // One that was given already changes nothing: the call is gone.
            self.list.cancel_notice(id);
        }
    }

    /// The transport has told the list.
    fn status(&mut self, _server: u32, _is_up: bool, _now: Time) {}
}

impl Shared {
    pub(crate) fn new(servers: usize, told: Told) -> Self {
        let (clock, transport) = (VirtualClock::new(), SimTransport::new(servers));
        Self { clock, transport, told }
    }

    pub(crate) fn set_time(&self, now: Time) {
        self.clock.set(now);
    }

    pub(crate) fn set_up(&self, server: u32, is_up: bool) {
        self.transport.set_up(server, is_up);
    }
}

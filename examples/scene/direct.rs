//! The way through a peer list, in the client itself.

use std::error::Error;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use peerage::policy::{AnyPolicy, PolicySpec};
use peerage::{
    Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request, Wait,
};

use crate::connection::CallError;
use crate::http;
use crate::load::Way;
use crate::peer::TcpPeer;
use crate::server::Server;
use crate::transport::TcpTransport;

/// How often a request is sent that no server can have seen.
const TRIES: u32 = 4;
const READY: Duration = Duration::from_secs(5);

pub(crate) struct Direct {
    list: PeerList,
    transport: Arc<TcpTransport>,
}

impl Direct {
    /// A list that is connected to every server.
    pub(crate) fn start(policy: &str, servers: &[Server]) -> Result<Self, Box<dyn Error>> {
        let spec: PolicySpec = policy.parse()?;
        let transport = TcpTransport::new();
        let policy = AnyPolicy::from_spec(&spec, None);
        let list = PeerList::new(policy, Arc::clone(&transport) as _, ListOptions::new());
        list.start()?;
        let addresses = servers.iter().map(|server| server.address.to_string());
        list.update(ListUpdates::adding(addresses))?;
        let began = Instant::now();
        while list.available() < servers.len() {
            if began.elapsed() > READY {
                let available = list.available();
                return Err(format!("{available} of {} servers available", servers.len()).into());
            }
            thread::sleep(Duration::from_millis(1));
        }
        Ok(Self { list, transport })
    }

    pub(crate) fn stop(self) -> Result<(), Box<dyn Error>> {
        self.list.stop()?;
        self.transport.join();
        Ok(())
    }
}

impl Way for Direct {
    type Client = ();

    fn call(&self, (): &mut ()) -> Result<u16, CallError> {
        for _ in 0..TRIES {
            let chosen = self.list.choose(&Request::new(), Wait::list_default());
            let Ok(pick) = chosen else { return Err(CallError::NotConnected) };
            let Ok(peer) = pick.downcast::<TcpPeer>() else { return Err(CallError::NotConnected) };
            let called = self.transport.call(peer, |connection| {
                connection.exchange(http::write_request, http::read_answer)
            });
            let served = called.as_ref().is_ok_and(|status| *status < 400);
            pick.finish(if served { Outcome::Success } else { Outcome::Failure });
            match called {
                Err(CallError::NotConnected | CallError::NotSent) => {}
                answered_or_lost => return answered_or_lost,
            }
        }
        Err(CallError::NotConnected)
    }
}

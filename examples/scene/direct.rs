//! The way through a peer list, in the client itself.

use std::error::Error;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use peerage::policy::{AnyPolicy, PolicySpec};
use peerage::transports::pool::{Pool, PoolPeer, Tcp};
use peerage::{
    Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request, Wait,
};

use crate::connection::{self, CallError};
use crate::http;
use crate::load::Way;
use crate::server::Server;

/// How often a request is sent that no server can have seen.
const TRIES: u32 = 4;
const READY: Duration = Duration::from_secs(5);

pub(crate) struct Direct {
    list: PeerList,
    pool: Arc<Pool<Tcp>>,
}

impl Direct {
    /// A list that is connected to every server.
    pub(crate) fn start(policy: &str, servers: &[Server]) -> Result<Self, Box<dyn Error>> {
        let spec: PolicySpec = policy.parse()?;
        let pool = Pool::new(connection::tcp());
        let policy = AnyPolicy::from_spec(&spec, None);
        let list = PeerList::new(policy, Arc::clone(&pool) as _, ListOptions::new());
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
        Ok(Self { list, pool })
    }

    pub(crate) fn stop(self) -> Result<(), Box<dyn Error>> {
        self.list.stop()?;
        self.pool.join();
        Ok(())
    }
}

impl Way for Direct {
    type Client = ();

    fn call(&self, (): &mut ()) -> Result<u16, CallError> {
        for _ in 0..TRIES {
            let chosen = self.list.choose(&Request::new(), Wait::list_default());
            let Ok(pick) = chosen else { return Err(CallError::NotConnected) };
            let Ok(peer) = pick.downcast::<PoolPeer<Tcp>>() else {
                return Err(CallError::NotConnected);
            };
            let called = connection::call(peer, http::write_request, http::read_answer);
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

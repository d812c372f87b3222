//! The servers, and what is done to them while they are busy.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use peerage::{List, ListUpdates, PeerList};

use crate::server::Server;
use crate::timeline::Timeline;

const FAST: Duration = Duration::from_micros(400);
const SLOW: Duration = Duration::from_millis(2);

/// What is done, and at which part of the time.
const STEPS: [(f64, Step); 5] = [
    (0.0, Step::Fill),
    (0.25, Step::Kill),
    (0.45, Step::Revive),
    (0.6, Step::Add),
    (0.75, Step::Remove),
];

#[derive(Debug, Clone, Copy)]
enum Step {
    /// The clients are waiting already.
    Fill,
    Kill,
    Revive,
    Add,
    Remove,
}

pub(crate) struct Scenario {
    servers: Vec<Server>,
    initial: usize,
    steps: std::iter::Peekable<std::array::IntoIter<(f64, Step), 5>>,
    timeline: Arc<Timeline>,
}

impl Scenario {
    /// Starts the servers. The second is slow.
    pub(crate) fn start(initial: usize, timeline: Arc<Timeline>) -> Result<Self, Box<dyn Error>> {
        let steps = STEPS.into_iter().peekable();
        let mut scenario = Self { servers: vec![], initial, steps, timeline };
        for nth in 0..initial {
            scenario.start_server(if nth == 1 { SLOW } else { FAST })?;
        }
        Ok(scenario)
    }

    fn start_server(&mut self, service_time: Duration) -> Result<String, Box<dyn Error>> {
        let name = format!("s{}", self.servers.len() + 1);
        let server = Server::start(name, service_time)?;
        let address = server.address();
        self.timeline.name(address.clone(), server.name());
        self.servers.push(server);
        Ok(address)
    }

    pub(crate) fn servers(&self) -> &[Server] {
        &self.servers
    }

    /// Does what is due when `part` of the time has passed.
    pub(crate) fn advance(&mut self, part: f64, list: &PeerList) -> Result<(), Box<dyn Error>> {
        while let Some((_, step)) = self.steps.next_if(|(due, _)| *due <= part) {
            match step {
                Step::Fill => {
                    self.timeline.note(format!("{} servers are added to the list", self.initial));
                    let addresses = self.servers.iter().map(Server::address);
                    list.update(ListUpdates::adding(addresses))?;
                }
                Step::Kill => {
                    self.timeline.watch(true);
                    let name = self.servers[0].name();
                    self.timeline.note(format!("{name} is killed, its connections shut down"));
                    self.servers[0].kill();
                }
                Step::Revive => {
                    let revived = self.servers[0].revive();
                    let name = self.servers[0].name();
                    self.timeline.note(match revived {
                        Ok(()) => format!("{name} is revived on the same port"),
                        Err(error) => format!("{name} can't be revived: {error}"),
                    });
                }
                Step::Add => {
                    let address = self.start_server(FAST)?;
                    let name = self.servers[self.servers.len() - 1].name();
                    self.timeline.note(format!("{name} is added to the list"));
                    list.update(ListUpdates::adding([address]))?;
                }
                Step::Remove => {
                    let server = &self.servers[self.initial - 1];
                    let name = server.name();
                    self.timeline.note(format!(
                        "{name} is removed from the list; requests in flight finish"
                    ));
                    list.update(ListUpdates::removing([server.address()]))?;
                }
            }
        }
        Ok(())
    }

    /// Stops every server.
    pub(crate) fn stop(&mut self) {
        for server in &mut self.servers {
            server.kill();
        }
    }
}

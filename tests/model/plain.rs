//! The model of a list: vectors, searched from one end to the other.

use std::collections::{BTreeMap, BTreeSet};

use peerage::{ConnectionStatus, State, Status};

use crate::rules::Rotation;

/// A peer that failed, and why.
pub(crate) type Failure = (String, Why);

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Why {
    AlreadyInList,
    NotInList,
    Retain(String),
    Release(String),
}

/// A retained peer. One that left the list is `gone`, and stays until its last pick is finished.
pub(crate) struct Seat {
    pub(crate) number: u64,
    pub(crate) name: String,
    pub(crate) seen: ConnectionStatus,
    pub(crate) pending: u32,
    /// When it was last chosen or became available.
    pub(crate) stamp: u64,
    gone: bool,
}

impl Seat {
    pub(crate) fn is_available(&self) -> bool {
        !self.gone && self.seen == ConnectionStatus::Available
    }
}

pub(crate) struct Plain {
    pub(crate) policy: &'static str,
    pub(crate) rotation: Rotation,
    pub(crate) retains: Vec<String>,
    pub(crate) releases: Vec<String>,
    pub(crate) seats: Vec<Seat>,
    state: State,
    stop_failures: Vec<String>,
    offline: Vec<String>,
    /// What the peers are, told or not.
    actual: BTreeMap<String, ConnectionStatus>,
    refusing: BTreeSet<String>,
    stuck: BTreeSet<String>,
    numbers: u64,
    clock: u64,
}

impl Plain {
    pub(crate) fn new(policy: &'static str) -> Self {
        Self {
            policy,
            rotation: Rotation::default(),
            retains: vec![],
            releases: vec![],
            seats: vec![],
            state: State::Idle,
            stop_failures: vec![],
            offline: vec![],
            actual: BTreeMap::new(),
            refusing: BTreeSet::new(),
            stuck: BTreeSet::new(),
            numbers: 0,
            clock: 0,
        }
    }

    pub(crate) fn state(&self) -> State {
        self.state
    }

    /// The failures; `Err(true)`: it was stopped.
    pub(crate) fn start(&mut self) -> Result<Vec<Failure>, bool> {
        match self.state {
            State::Idle => {}
            State::Running => return Ok(vec![]),
            _ => return Err(true),
        }
        let mut failures = vec![];
        for name in std::mem::take(&mut self.offline) {
            if let Err(why) = self.retain(&name) {
                failures.push((name.clone(), why));
                self.offline.push(name);
            }
        }
        if failures.is_empty() {
            self.state = State::Running;
        } else {
            failures.extend(self.go_offline());
        }
        Ok(failures)
    }

    pub(crate) fn stop(&mut self) -> Vec<Failure> {
        if self.state != State::Stopped {
            self.state = State::Stopped;
            let failures = self.go_offline();
            self.stop_failures = failures.into_iter().map(|(name, _)| name).collect();
        }
        let failures = self.stop_failures.iter();
        failures.map(|name| (name.clone(), Why::Release("stuck".into()))).collect()
    }

    pub(crate) fn update(&mut self, remove: &[String], add: &[String]) -> Vec<Failure> {
        // A member that is removed and added stays; a second removal finds nothing.
        let stays = |name: &&String| add.contains(name) && self.is_member(name);
        let stay: BTreeSet<String> = remove.iter().filter(stays).cloned().collect();
        let mut first = stay.clone();
        let removed = remove.iter().map(|name| match (first.remove(name), stay.contains(name)) {
            (true, _) => (name, Ok(())),
            (false, true) => (name, Err(Why::NotInList)),
            (false, false) => (name, self.remove(name)),
        });
        let removed: Vec<_> = removed.collect();
        let mut first = stay;
        let add = add.iter().filter(|name| !first.remove(*name));
        let added: Vec<_> = add.map(|name| (name, self.add(name))).collect();
        let all = removed.into_iter().chain(added);
        all.filter_map(|(name, result)| Some((name.clone(), result.err()?))).collect()
    }

    fn is_member(&self, name: &str) -> bool {
        self.is_uninitialized(name) || self.position(name).is_some()
    }

    fn add(&mut self, name: &str) -> Result<(), Why> {
        if self.is_member(name) {
            return Err(Why::AlreadyInList);
        }
        if self.state == State::Running {
            return self.retain(name);
        }
        self.offline.push(name.to_owned());
        Ok(())
    }

    fn remove(&mut self, name: &str) -> Result<(), Why> {
        if let Some(position) = self.offline.iter().position(|known| known == name) {
            self.offline.remove(position);
            return Ok(());
        }
        let position = self.position(name).ok_or(Why::NotInList)?;
        self.leave(position)
    }

    fn retain(&mut self, name: &str) -> Result<(), Why> {
        if self.refusing.contains(name) {
            return Err(Why::Retain("refused".into()));
        }
        let number = self.numbers;
        self.numbers += 1;
        self.retains.push(name.to_owned());
        let seen = ConnectionStatus::Unavailable;
        let (name, pending, stamp, gone) = (name.to_owned(), 0, 0, false);
        self.seats.push(Seat { number, name, seen, pending, stamp, gone });
        self.rotation.joined(number);
        self.hear(self.seats.len() - 1);
        Ok(())
    }

    fn leave(&mut self, position: usize) -> Result<(), Why> {
        let seat = &mut self.seats[position];
        seat.gone = true;
        self.rotation.left(seat.number);
        if seat.pending > 0 { Ok(()) } else { self.release(position) }
    }

    fn release(&mut self, position: usize) -> Result<(), Why> {
        let seat = self.seats.remove(position);
        let failed = self.stuck.contains(&seat.name);
        self.releases.push(seat.name);
        if failed { Err(Why::Release("stuck".into())) } else { Ok(()) }
    }

    /// Peers are released in the order of their names.
    fn go_offline(&mut self) -> Vec<Failure> {
        let members = self.seats.iter().filter(|seat| !seat.gone);
        let mut leaving: Vec<_> = members.map(|seat| seat.name.clone()).collect();
        leaving.sort();
        self.offline.extend(leaving.iter().cloned());
        let mut failures = vec![];
        for name in leaving {
            let position = self.position(&name).unwrap();
            if let Err(why) = self.leave(position) {
                failures.push((name, why));
            }
        }
        failures
    }

    pub(crate) fn set_quietly(&mut self, name: &str, status: ConnectionStatus) {
        self.actual.insert(name.to_owned(), status);
    }

    pub(crate) fn notify(&mut self, name: &str) {
        if let Some(position) = self.position(name) {
            self.hear(position);
        }
    }

    fn hear(&mut self, position: usize) {
        let seat = &mut self.seats[position];
        let was = seat.is_available();
        seat.seen = self.actual.get(&seat.name).copied().unwrap_or(ConnectionStatus::Available);
        if !was && seat.is_available() {
            seat.stamp = self.clock;
            self.clock += 1;
        }
    }

    pub(crate) fn fail_retain(&mut self, name: &str, on: bool) {
        let _ = if on { self.refusing.insert(name.into()) } else { self.refusing.remove(name) };
    }

    pub(crate) fn fail_release(&mut self, name: &str, on: bool) {
        let _ = if on { self.stuck.insert(name.into()) } else { self.stuck.remove(name) };
    }

    /// The peer of this name was chosen: its seat.
    pub(crate) fn choose(&mut self, name: &str) -> u64 {
        let position = self.position(name).unwrap();
        let seat = &mut self.seats[position];
        seat.pending += 1;
        seat.stamp = self.clock;
        self.clock += 1;
        self.rotation.chosen(seat.number);
        seat.number
    }

    pub(crate) fn finish(&mut self, number: u64) {
        let position = self.seats.iter().position(|seat| seat.number == number).unwrap();
        let seat = &mut self.seats[position];
        seat.pending -= 1;
        if seat.gone && seat.pending == 0 {
            // Nobody is there to hear of a failure.
            let _ = self.release(position);
        }
    }

    pub(crate) fn name_of(&self, number: u64) -> &str {
        &self.seats.iter().find(|seat| seat.number == number).unwrap().name
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.seats.iter().position(|seat| seat.name == name && !seat.gone)
    }

    pub(crate) fn is_available(&self, name: &str) -> bool {
        self.position(name).is_some_and(|position| self.seats[position].is_available())
    }

    pub(crate) fn is_uninitialized(&self, name: &str) -> bool {
        self.offline.iter().any(|known| known == name)
    }

    pub(crate) fn counts(&self) -> (usize, usize, usize) {
        let members = self.seats.iter().filter(|seat| !seat.gone);
        let available = self.seats.iter().filter(|seat| seat.is_available()).count();
        (available, members.count() - available, self.offline.len())
    }

    pub(crate) fn page(&self) -> Vec<(String, Status)> {
        let members = self.seats.iter().filter(|seat| !seat.gone);
        let line = |seat: &Seat| {
            let Seat { pending, seen, .. } = *seat;
            let status = Status { pending_request_count: pending, connection_status: seen };
            (seat.name.clone(), status)
        };
        let mut page: Vec<_> = members.map(line).collect();
        page.sort_by(|a, b| a.0.cmp(&b.0));
        page
    }
}

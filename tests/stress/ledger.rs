//! What may be chosen, by a clock that all threads share, and what has been counted.
//!
//! The list promises that a removal, and a push of a status that is not available, take a peer out
//! of the choice by the time they return. So each of them writes down *when it had returned*, and
//! erases that before anything begins which may let the peer in again. A chooser asks for the time
//! before it chooses. The peer it gets must not have been out since before then.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};

use peerage::Pick;

use crate::plan::number;

/// No peer has been out since then: it may be chosen.
const IN: u64 = 0;

/// The times of one run, and its counts.
pub(crate) struct Ledger {
    clock: AtomicU64,
    /// By peer: since when it has been removed, or not available.
    removed: Box<[AtomicU64]>,
    down: Box<[AtomicU64]>,
    /// Since when the list has been stopped.
    stopped: AtomicU64,
    /// Choices begun, and peers chosen.
    attempts: AtomicUsize,
    pub(crate) picks: AtomicUsize,
    /// Notices.
    pub(crate) registered: AtomicUsize,
    pub(crate) given: AtomicUsize,
    pub(crate) cancelled: AtomicUsize,
    /// Panics that were reported.
    pub(crate) panics: AtomicUsize,
}

impl Ledger {
    pub(crate) fn new(peers: usize) -> Self {
        // No peer has been added yet; all are available.
        let removed = (0..peers).map(|_| AtomicU64::new(1)).collect();
        let down = (0..peers).map(|_| AtomicU64::new(IN)).collect();
        Self {
            clock: AtomicU64::new(2),
            removed,
            down,
            stopped: AtomicU64::new(IN),
            attempts: AtomicUsize::new(0),
            picks: AtomicUsize::new(0),
            registered: AtomicUsize::new(0),
            given: AtomicUsize::new(0),
            cancelled: AtomicUsize::new(0),
            panics: AtomicUsize::new(0),
        }
    }

    /// The time, which no other caller gets.
    pub(crate) fn now(&self) -> u64 {
        self.clock.fetch_add(1, SeqCst)
    }

    /// An addition of the peer is about to begin.
    pub(crate) fn enters(&self, peer: usize) {
        self.removed[peer].store(IN, SeqCst);
    }

    /// A removal of the peer has returned.
    pub(crate) fn left(&self, peer: usize) {
        self.removed[peer].store(self.now(), SeqCst);
    }

    /// The peer's status is about to become available.
    pub(crate) fn rises(&self, peer: usize) {
        self.down[peer].store(IN, SeqCst);
    }

    /// A push of another status has returned.
    pub(crate) fn fell(&self, peer: usize) {
        self.down[peer].store(self.now(), SeqCst);
    }

    /// A stop has returned.
    pub(crate) fn stopped(&self) {
        self.stopped.store(self.now(), SeqCst);
    }

    /// A choice begins.
    pub(crate) fn attempt(&self) {
        self.attempts.fetch_add(1, SeqCst);
    }

    /// How many have begun.
    pub(crate) fn attempts(&self) -> usize {
        self.attempts.load(SeqCst)
    }

    /// Looks at a pick whose choice began at `began`, and counts it.
    pub(crate) fn check(&self, pick: &Pick, began: u64) {
        self.picks.fetch_add(1, SeqCst);
        let peer = number(pick.identifier());
        let reasons = [
            ("removed", &self.removed[peer]),
            ("not available", &self.down[peer]),
            ("of a stopped list", &self.stopped),
        ];
        for (why, since) in reasons {
            let since = since.load(SeqCst);
            assert!(since == IN || since > began, "p{peer} has been {why} since {since}: {began}");
        }
    }

    /// How many notices have neither been given nor taken back.
    pub(crate) fn outstanding(&self) -> usize {
        // What ends first, so that the difference is never below zero.
        let ended = self.given.load(SeqCst) + self.cancelled.load(SeqCst);
        self.registered.load(SeqCst) - ended
    }
}

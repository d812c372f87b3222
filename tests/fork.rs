//! Forked workers draw random numbers of their own.
//!
//! A test's process has other threads, so a child does nothing but draw, write and exit.
#![cfg(feature = "testing")]
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::FromRawFd;

use peerage::policy::Rng;

const WORKERS: usize = 50;

/// What `draw` gives in each of as many children.
fn drawn_by_workers(draw: impl Fn() -> u64) -> Vec<u64> {
    let mut ends = [0; 2];
    // SAFETY: room for two descriptors.
    assert_eq!(unsafe { libc::pipe(ends.as_mut_ptr()) }, 0);
    // SAFETY: the descriptors are new, and owned by nothing else.
    let [mut reader, mut writer] = ends.map(|end| unsafe { File::from_raw_fd(end) });
    let workers: Vec<_> = (0..WORKERS)
        .map(|_| {
            // SAFETY: the child uses neither locks nor memory of the threads that it lacks.
            match unsafe { libc::fork() } {
                0 => {
                    let written = writer.write_all(&draw().to_ne_bytes());
                    // SAFETY: ends the child at once.
                    unsafe { libc::_exit(i32::from(written.is_err())) }
                }
                worker => worker,
            }
        })
        .collect();
    drop(writer);
    for worker in workers {
        assert!(worker > 0, "forked");
        let mut status = 0;
        // SAFETY: a child of this process, and a place for its status.
        assert_eq!(unsafe { libc::waitpid(worker, &raw mut status, 0) }, worker);
        assert_eq!(status, 0);
    }
    let mut bytes = vec![];
    reader.read_to_end(&mut bytes).unwrap();
    let numbers = bytes.chunks_exact(8);
    let rest = numbers.remainder();
    assert!(rest.is_empty());
    let number = |bytes: &[u8]| u64::from_ne_bytes(bytes.try_into().expect("eight bytes"));
    numbers.map(number).collect()
}

#[test]
fn each_process_draws_its_own_numbers() {
    let rng = Rng::unseeded();
    // The parent has a word already: a child that kept it would repeat the parent's next number.
    rng.next();
    let mut numbers: BTreeSet<u64> = drawn_by_workers(|| rng.next()).into_iter().collect();
    assert_eq!(numbers.len(), WORKERS);
    assert!(numbers.insert(rng.next()), "the parent's next number is its own");
}

#[test]
fn a_seed_is_kept() {
    let rng = Rng::seeded(7);
    let numbers = drawn_by_workers(|| rng.next());
    assert_eq!(numbers, [rng.next(); WORKERS]);
}

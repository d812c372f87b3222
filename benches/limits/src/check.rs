//! Counts the instructions of one choose + finish and holds them against the baseline.

use std::env::{self, consts::ARCH};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::baseline::{Baseline, compilers};
use crate::callgrind;
use crate::side::{POLICIES, Side, replay};

/// How many are counted.
const ROUNDS: u64 = 20_000;
/// By how much a figure may grow.
const MARGIN: f64 = 0.02;
/// With another compiler for the same processor, which may do better or worse: a change of the sources
/// that makes a request longer by half still shows.
const ELSEWHERE: f64 = 0.5;

struct Counted {
    side: Side,
    policy: &'static str,
    instructions: f64,
    allocations: u64,
}

pub(crate) fn run(path: &Path, c: &Path) -> Result<(), String> {
    let counted = count_all(c)?;
    let mut now = Baseline::default();
    for side in Side::ALL {
        now.compilers.insert(side.name().to_owned(), compilers(side)?);
    }
    for one in &counted {
        let key = (one.side.name().to_owned(), one.policy.to_owned());
        now.instructions.insert(key, one.instructions);
    }
    let blesses = env::var_os("PEERAGE_BLESS").is_some_and(|value| value == "1");
    if blesses {
        now.write(path)?;
    }
    let committed = Baseline::read(path)?;
    for side in Side::ALL.map(Side::name) {
        let (then, now) = (committed.compilers.get(side), &now.compilers[side]);
        if then != Some(now) {
            let then = then.map_or("no compiler", String::as_str);
            println!("{side} is compared roughly: the baseline is of {then}, and this is {now}");
        }
    }
    println!("{:5} {:26} {:>8} {:>8}  allocations", "", "", "baseline", "now");
    let mut failures = 0;
    for one in &counted {
        let key = (one.side.name().to_owned(), one.policy.to_owned());
        let then = committed.instructions.get(&key).copied();
        let compares = committed.compilers.get(&key.0) == now.compilers.get(&key.0);
        let is_near = committed.compilers.get(&key.0).is_some_and(|then| then.contains(ARCH));
        let margin = match (compares, is_near) {
            (true, _) => MARGIN,
            (false, true) => ELSEWHERE,
            (false, false) => f64::INFINITY,
        };
        let verdict = verdict(one, then, margin);
        failures += u32::from(verdict.is_err());
        let (Ok(text) | Err(text)) = verdict;
        let then = then.map_or("-".to_owned(), |then| format!("{then:.1}"));
        println!(
            "{:5} {:26} {then:>8} {:>8.1}  {:11} {text}",
            key.0, one.policy, one.instructions, one.allocations
        );
    }
    if failures > 0 {
        return Err(format!(
            "{failures} of {} policies do more than they did. If that is worth it, say why and \
             write the baseline anew: PEERAGE_BLESS=1 ffi-tests/run.sh instructions",
            counted.len()
        ));
    }
    Ok(())
}

/// What to say of a figure; an error fails.
fn verdict(one: &Counted, then: Option<f64>, margin: f64) -> Result<String, String> {
    if one.allocations > 0 {
        return Err("FAILED: a choice allocates".to_owned());
    }
    let Some(then) = then else {
        return Err("FAILED: no line in the baseline".to_owned());
    };
    let growth = one.instructions / then - 1.0;
    let text = format!("{:+.1} %", growth * 100.0);
    if growth.abs() <= margin {
        return Ok(if growth.abs() < 0.0005 { String::new() } else { text });
    }
    if growth > 0.0 { Err(format!("{text} FAILED")) } else { Ok(format!("{text}: bless it")) }
}

/// As many at once as there are processors: callgrind runs on one.
fn count_all(c: &Path) -> Result<Vec<Counted>, String> {
    let jobs: Vec<_> = Side::ALL
        .into_iter()
        .flat_map(|side| side.policies().map(move |policy| (side, policy)))
        .collect();
    let (next, done) = (AtomicUsize::new(0), Mutex::new(vec![]));
    let work = || {
        while let Some(&(side, policy)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let counted = count(side, c, policy);
            done.lock().expect("not poisoned").push(counted);
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let counted: Result<Vec<Counted>, String> =
        done.into_inner().expect("not poisoned").into_iter().collect();
    let mut counted = counted?;
    let place = |policy| POLICIES.iter().position(|(name, _)| *name == policy);
    counted.sort_by_key(|one| (one.side == Side::C, place(one.policy)));
    Ok(counted)
}

fn count(side: Side, c: &Path, policy: (&'static str, usize)) -> Result<Counted, String> {
    let (program, arguments) = replay(side, c, policy, ROUNDS, &[])?;
    // Only the marked function and what it calls: a list is made with hashes that differ.
    let options = ["--toggle-collect=limits_measured"];
    let failed = || format!("{}, {}: callgrind or the program failed", side.name(), policy.0);
    let (printed, instructions) =
        callgrind::instructions(&program, &options, &arguments).ok_or_else(failed)?;
    let allocations = printed.trim().strip_prefix("allocations ").ok_or_else(failed)?;
    if instructions == 0 {
        return Err(format!("{}, {}: callgrind did not find the loop", side.name(), policy.0));
    }
    Ok(Counted {
        side,
        policy: policy.0,
        instructions: instructions as f64 / ROUNDS as f64,
        allocations: allocations.parse().map_err(|_| failed())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn says(instructions: f64, allocations: u64, then: Option<f64>, text: Result<&str, &str>) {
        let one = Counted { side: Side::Rust, policy: "random", instructions, allocations };
        let said = verdict(&one, then, MARGIN);
        assert_eq!(said.as_deref().map_err(String::as_str), text);
    }

    #[test]
    fn growth_and_allocations_fail() {
        says(100.0, 0, Some(100.0), Ok(""));
        says(101.5, 0, Some(100.0), Ok("+1.5 %"));
        says(103.0, 0, Some(100.0), Err("+3.0 % FAILED"));
        says(97.0, 0, Some(100.0), Ok("-3.0 %: bless it"));
        says(100.0, 1, Some(100.0), Err("FAILED: a choice allocates"));
        says(100.0, 0, None, Err("FAILED: no line in the baseline"));
    }
}

//! Runs worlds by rules with seeds, side by side on threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::simulator::clients::Rule;
use crate::simulator::engine;
use crate::simulator::measures::{Figures, Measures};
use crate::simulator::world::World;

/// What `world` gave by a rule.
#[derive(Debug, Clone)]
pub(crate) struct Ran {
    pub(crate) rule: String,
    pub(crate) figures: Figures,
}

/// Runs every world by each of its rules, `seeds` times. The results are in the order of the jobs.
pub(crate) fn run_all(jobs: &[(&World, Vec<Rule>)], seeds: u64) -> Result<Vec<Vec<Ran>>, String> {
    let each = jobs.iter().enumerate().flat_map(|(job, (_, rules))| {
        (0..rules.len()).flat_map(move |rule| (1..=seeds).map(move |seed| (job, rule, seed)))
    });
    let each: Vec<_> = each.collect();
    let ran = side_by_side(&each, |&(job, rule, seed)| {
        let (world, rules) = &jobs[job];
        let measures = engine::run(world, &rules[rule], seed, false);
        measures.map(|measures| Figures::of(world, &measures))
    });
    let mut ran = ran.into_iter();
    let of_rule = |rule: &Rule, ran: &mut dyn Iterator<Item = Result<Figures, String>>| {
        let figures: Result<Vec<_>, _> = ran.take(seeds as usize).collect();
        let figures = figures.map_err(|error| format!("{}: {error}", rule.text))?;
        Ok(Ran { rule: rule.text.clone(), figures: Figures::mean(&figures) })
    };
    jobs.iter()
        .map(|(_, rules)| rules.iter().map(|rule| of_rule(rule, &mut ran)).collect())
        .collect()
}

/// One run that keeps what plots over time need.
pub(crate) fn traced(world: &World, rule: &Rule) -> Result<Measures, String> {
    engine::run(world, rule, 1, true)
}

/// Does `work` for all `items`, on as many threads as there are cores; results in order.
pub(crate) fn side_by_side<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<R>>> = Mutex::new(items.iter().map(|_| None).collect());
    let threads = thread::available_parallelism().map_or(1, usize::from).min(items.len());
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                // Relaxed: it only hands out numbers; the results are behind the lock.
                while let Some(at) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).filter(|at| *at < items.len())
                {
                    let result = work(&items[at]);
                    results.lock().unwrap_or_else(PoisonError::into_inner)[at] = Some(result);
                }
            });
        }
    });
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.into_iter().map(|result| result.expect("every item was worked on")).collect()
}

//! The rows. A world that is not among those that were read has no rows.

use super::row::{Against, Bound, Point, Row};
use crate::simulator::clients::{Rule, rivals};
use crate::simulator::measures::Figure::{
    self, BackAfter, Bad, Errors, Goodput, Mean, OfIdeal, P99, P999, Peak,
};
use crate::simulator::report::fails;
use crate::simulator::world::World;

const TWO: &str = "two-random-choices";
const LOADED: &str = "least-loaded";
const LATENCY: &str = "least-latency";
/// The three that look at errors.
const AWARE: [&str; 3] = ["two-random-choices:errors=on", LOADED, LATENCY];

/// All rows of these worlds.
pub(crate) fn all(worlds: &[World]) -> Vec<Row> {
    let mut rows = [equals(), slow(), failing(), recovering(), waiting(), many()];
    let mut rows: Vec<Row> = rows.iter_mut().flat_map(std::mem::take).collect();
    let plain = || worlds.iter().filter(|world| world.rules.is_empty());
    // Where requests fail, a rule is fast that has them fail.
    rows.extend(against_rivals(plain().filter(|world| !fails(world))));
    // Pending alone is never worse with a memory than without.
    rows.extend(plain().map(|world| ratio(&world.name, (LOADED, P99), (TWO, P99), 1.03)));
    let is_there = |row: &Row| {
        let mut looks_at = row.looks_at().into_iter();
        looks_at.all(|(name, _)| worlds.iter().any(|world| world.name == name))
    };
    rows.retain(is_there);
    rows
}

fn point(world: &str, rule: &str, figure: Figure) -> Point {
    Point { world: world.into(), rule: rule.into(), figure }
}

/// A figure alone.
fn alone(world: &str, (rule, figure): (&str, Figure), bound: Bound) -> Row {
    let what = format!("{world}: {rule}, {}", figure.named());
    Row { what, of: point(world, rule, figure), against: Against::Nothing, bound }
}

/// A figure over another of the same world.
fn ratio(world: &str, of: (&str, Figure), to: (&str, Figure), most: f64) -> Row {
    over(point(world, of.0, of.1), point(world, to.0, to.1), most)
}

/// A figure over one of another world.
fn over(of: Point, to: Point, most: f64) -> Row {
    let place = if of.world == to.world { String::new() } else { format!(" in {}", to.world) };
    let (figure, other) = (of.figure.named(), to.figure.named());
    let what = format!("{}: {}, {figure} ÷ {}, {other}{place}", of.world, of.rule, to.rule);
    Row { what, of, against: Against::Point(to), bound: Bound::AtMost(most) }
}

fn equals() -> Vec<Row> {
    vec![
        ratio("equal[clients=1]", (LOADED, P99), ("exact-least", P99), 1.03),
        ratio("equal[clients=1 servers=100]", (LOADED, P99), ("exact-least", P99), 1.12),
        ratio("equal[clients=100 servers=100]", (LATENCY, P99), (TWO, P99), 0.65),
    ]
}

/// Against the best of all that need no reports with answers.
fn against_rivals<'w>(worlds: impl Iterator<Item = &'w World>) -> Vec<Row> {
    let is_one = |name: &&str| Rule::parse(name).is_ok_and(|rule| rule.is_rival_without_reports());
    let rules = rivals().map(|(name, _)| name).filter(is_one);
    let rules = rules.chain(["round-robin", "random", TWO]);
    let rules: Vec<String> = rules.map(str::to_owned).collect();
    let row = |world: &World| {
        let most = if world.name == "equal[clients=1 servers=100]" { 1.2 } else { 1.12 };
        let what = format!("{}: {LATENCY}, p99 ÷ best without reports", world.name);
        let (of, against) = (point(&world.name, LATENCY, P99), Against::Best(rules.clone()));
        Row { what, of, against, bound: Bound::AtMost(most) }
    };
    worlds.map(row).collect()
}

fn slow() -> Vec<Row> {
    let mut rows = vec![
        alone("brpc[clients=1]", (LATENCY, Bad), Bound::AtMost(0.1)),
        alone("brpc[clients=10]", (LATENCY, Bad), Bound::AtMost(0.1)),
        alone("two-slow", (LATENCY, Bad), Bound::AtMost(1.5)),
    ];
    for clients in [1, 10, 100] {
        let world = format!("one-slow[clients={clients}]");
        let without = format!("one-slow-without[clients={clients}]");
        rows.push(alone(&world, (LATENCY, Bad), Bound::AtMost(0.3)));
        rows.push(over(point(&world, LATENCY, P99), point(&without, LATENCY, P99), 1.15));
    }
    rows
}

fn failing() -> Vec<Row> {
    let mut rows = vec![];
    for rule in AWARE {
        for (clients, most) in [(1, 0.2), (10, 0.2), (100, 1.0)] {
            let world = format!("one-fails[clients={clients}]");
            rows.push(alone(&world, (rule, Bad), Bound::AtMost(most)));
        }
        for clients in [1, 10] {
            let world = format!("one-fails-some[clients={clients}]");
            rows.push(alone(&world, (rule, Bad), Bound::AtMost(1.5)));
            let world = format!("flapping[clients={clients}]");
            rows.push(alone(&world, (rule, Errors), Bound::AtMost(0.2)));
        }
        let without = match rule {
            LOADED => "least-loaded:errors=off",
            LATENCY => "least-latency:errors=off",
            _ => TWO,
        };
        let all_fail = [("1", "0.0002", 1.03), ("10", "0.001", 1.03), ("10", "0.01", 1.03)];
        for (clients, share, most) in all_fail.into_iter().chain([("10", "0.05", 1.25)]) {
            let world = format!("all-fail[clients={clients} fail-everywhere={share}]");
            rows.push(ratio(&world, (rule, P99), (without, P99), most));
        }
    }
    for rule in [LOADED, LATENCY] {
        rows.push(alone("half-fail", (rule, Bad), Bound::AtMost(1.0)));
    }
    rows
}

fn recovering() -> Vec<Row> {
    let mut rows = vec![];
    for rule in AWARE {
        for clients in [1, 10] {
            let world = format!("recovers[clients={clients}]");
            rows.push(alone(&world, (rule, BackAfter), Bound::AtMost(6.0)));
        }
    }
    for (clients, most) in [(1, 2.5), (10, 5.0)] {
        let world = format!("cold-return[clients={clients}]");
        rows.push(alone(&world, (LOADED, Peak), Bound::AtMost(most)));
        rows.push(alone(&world, ("round-robin:bound=1.25", Peak), Bound::AtMost(3.0)));
    }
    rows
}

/// Mean of M/M/10 at .85, services of 10 ms.
const ERLANG: f64 = 13.53;

fn waiting() -> Vec<Row> {
    let capped = "least-loaded max-pending=6";
    let central = "least-loaded max-pending=1,queue=fifo";
    vec![
        alone("overload[load=1.3]", (capped, OfIdeal), Bound::AtLeast(0.97)),
        alone("overload-bursts", (capped, Goodput), Bound::AtLeast(90.0)),
        Row {
            what: "central-queue: mean ÷ M/M/10's".into(),
            of: point("central-queue", central, Mean),
            against: Against::Theory(ERLANG),
            bound: Bound::Within(0.97, 1.03),
        },
    ]
}

fn many() -> Vec<Row> {
    let (world, sliced) = ("thousand[clients=100]", "thousand[clients=100 subset=100]");
    vec![
        ratio(world, (LATENCY, P99), (TWO, P99), 0.6),
        ratio(world, (LATENCY, P999), (TWO, P999), 0.75),
        over(point(sliced, LATENCY, P99), point(world, TWO, P99), 0.45),
    ]
}

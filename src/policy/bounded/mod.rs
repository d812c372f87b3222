//! A bound on what one peer has in flight: `bound=1.25` of `round-robin`, `random`, `hashring32`
//! and `maglev`.
//!
//! These policies do not look at load, so a slow peer, or a cold one that has just started, collects
//! requests without end. With a bound of *b*, a peer is passed over whose requests in flight, with
//! this one, would be more than
//!
//! ```text
//!   ⌈ b × (all requests in flight + 1) × its part ⌉
//! ```
//!
//! where the part of a peer is its weight over the weights of all that can be chosen: of `n` peers that
//! weigh the same it is one in `n`.
//!
//! (Mirrokni, Thorup and Zadimoghaddam, "Consistent hashing with bounded loads", 2018, there for a
//! ring; here for every rule that does not look.) There is always a peer below it: if each had as
//! many as that, all of them together would have `b × (all + 1)` and more, which is more than all,
//! as *b* is at least 1. Among threads a count may be a step ahead of another for a moment. Then the
//! rule has its way without the bound: no caller waits because of it.
//!
//! The rules themselves know nothing of it: an unbounded policy is what it was, to the instruction.
//! A [`Bounded`] counts all requests, from before the choice to the finish, of which it asks to be
//! told, and asks its rule for a peer below the limit.
//!
//! # What it costs
//!
//! Without a bound nothing: not an instruction of a choice or a finish. With one, choice and finish
//! together execute 220 to 310 instructions more (`valgrind --tool=callgrind`, x86-64, 10 peers):
//!
//! | | without | `bound=1.25`, none in flight | 1,000 in flight |
//! |---|---|---|---|
//! | `round-robin` | 77 | 295 | 335 |
//! | `random` | 89 | 316 | 356 |
//! | `hashring32` | 391 | 657 | 696 |
//!
//! which is about 30 ns on one thread. Half of it is the finish, which tells the policy as
//! `fewest-pending-requests` has it told, and a part is the division. With two threads that do nothing
//! else the total is a line that both want: there a bounded `random` took about as long as
//! `fewest-pending-requests`, which takes a lock.
//!
//! | file | what |
//! |---|---|
//! | `limit` | the number: which bound, and how many requests a peer may have |
//! | `total` | all requests in flight, counted by all threads |
//! | `weights` | what the peers weigh that can be chosen, where that differs |
//! | `rule` | what a policy has to answer to be bounded, and the answers |
//! | `policy` | the policy, around such a rule |
//! | `with_bound` | how a policy is given a bound |
//!
//! To bound another policy: implement [`Rule`] for it, give it a `with_bound`, and its row of
//! `catalogue.rs` the key `BOUND_KEY` and the function `bounded`.

mod limit;
mod policy;
mod rule;
mod total;
mod weights;
mod with_bound;

pub(crate) use self::limit::Bound;
pub use self::policy::Bounded;
pub(crate) use self::rule::Rule;

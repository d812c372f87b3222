//! Members of a list in a look-up table: each has slots in proportion to its weight, and a key belongs
//! to the member that has the slot of its hash.
//!
//! Eisenbud and others, "Maglev: a fast and reliable software network load balancer" (NSDI 2016): each
//! member has an order of all slots of its own, and they take turns to take the next slot of theirs that
//! is free. Shares are even to a slot in a thousand, where a ring of 100 points a member has some with a
//! fifth more than others; and few slots move without need when a member leaves.
//!
//! `keyed` says how it is kept in step with the members. A table is built for each update, in a few
//! milliseconds. A status change builds nothing: a key whose member cannot be chosen is hashed again,
//! which scatters the keys of one member over all others.
//!
//! What is computed here is the same in every process and every language: a change of it parts clients
//! that agree. `tests/golden/maglev.txt` has the answers.
//!
//! | file | what |
//! |---|---|
//! | `lookup` | what a choice asks |
//! | `books` | what a batch of changes makes of the table |
//! | `table` | who has which slot, and where a key is looked up |

mod books;
mod lookup;
mod table;

pub(crate) use self::lookup::MaglevIndex;

//! Where callers wait while nothing can be chosen.
//!
//! # Who is woken by what
//!
//! | a waiter wants | because its policy said | it is woken by |
//! |---|---|---|
//! | so many peers | too few are available, or none for this request | a peer that becomes available, if then there are enough |
//! | one name | only the named peer will do | that peer becoming available |
//! | a place | every peer that would do is at its capacity | a finish, one waiter each; a peer that becomes available, all |
//! | a word | the policy is not ready, or the list not started | the policy's word, or the start |
//! | anything | it is not known yet: it is looking right now | all of these |
//!
//! A stop ends every wait. One available peer can serve any number of requests, so a peer that
//! becomes available is news for all who can use it. A place serves one: the waiter whose turn it is
//! (`wait/order.rs`) gets it, or passes the word on if it is of no use to it.
//!
//! # Why no wake-up is lost
//!
//! ```text
//!  waiter                                 the thread that has news
//!  1. enters, wanting anything              1. publishes the peer, or frees the place
//!  2. fence (SeqCst)                        2. fence (SeqCst)
//!  3. tries to choose                       3. reads `waiting`
//!  4. narrows what it wants to what         4. decides the waiters that can use it,
//!     its policy said                          and all that want anything
//!  5. sleeps until decided
//! ```
//!
//! The fences are ordered. If the waiter's is first, step 3 on the right sees the waiter; if the
//! other is first, step 3 on the left sees the peer. News between 1 and 4 decides the waiter,
//! whatever it is about, and then 5 does not sleep. The price is paid by those who wait and by those
//! who publish; a choice that succeeds touches nothing here.
//!
//! # What a wake-up costs
//!
//! The thread that has news takes out the waiters that can use it, and then decides and wakes each with
//! no lock held. A waiter that was woken is out of the queue, so it looks at once, and enters again
//! only if it looks in vain. Ten thousand that are woken together have no lock of the gate's in common;
//! what their policy takes for a choice they have (`fewest-pending-requests` has a lock).
//!
//! | file | what |
//! |---|---|
//! | `queue` | the queue: entering and leaving it, and its end |
//! | `news` | what wakes waiters for a peer |
//! | `place` | a place that becomes free wakes one waiter for it, or goes to it at once |
//! | `notices` | notices in the queue |

mod news;
mod notices;
mod place;
mod queue;

pub(crate) use self::news::News;
pub(crate) use self::queue::{Entered, Gate};

//! One loop for every source.
//!
//! A source says whole sets; a list wants differences, and nothing at all when there are none. What
//! stands between them is the same for a file, DNS and a registry, and is what such watchers are known
//! to get wrong:
//!
//! * **An error is no answer.** The last set is kept, and so it is when a name resolves to nothing at
//!   all: a service whose every server has gone is rarer than a registry that is broken, and worse to
//!   be wrong about. (`allow-empty` is for those who know better.)
//! * **Failures do not add up.** Pauses double, and are drawn from nothing to that ("full jitter"), so
//!   that clients that have lost one server at one moment do not come back at one moment.
//! * **A refusal does not last.** When the list refuses a peer the source is asked again after such
//!   pauses, though it may have nothing new to say, and the same set has the list try once more.
//! * **A stop does not wait for the network.** What the source waits in is interrupted; a source that
//!   cannot be is left to itself, and whatever it says afterwards is not listened to.
//! * **A start does not need the source.** The last set is in a file, if one is named, and is used when
//!   the source is down at the start, or has no peers at all.
//!
//! ```text
//!  Watching ─ start ─▶ thread: Round ── asks ──▶ Source
//!      │                        │
//!      └─ stop ──▶ Feed ◀───────┘ the set, which one of them takes out of the list at the end
//!                   └─ replace ─▶ List
//! ```
//!
//! | file | what |
//! |---|---|
//! | `updater` | the updater: starts, stops, is asked |
//! | `round` | asks once, and does what the answer demands |
//! | `feed` | the set that the list has by this updater |
//! | `crate::backoff` | pauses after failures |
//! | `snapshot` | the file that keeps the last set |
//! | `counts` | what is told of the source in numbers |

mod counts;
mod feed;
mod round;
mod snapshot;
mod updater;

#[cfg(feature = "capi")]
pub(crate) use self::counts::SourceCounts;
pub use self::updater::Watching;

//! A source and its probes, as news.
//!
//! ```text
//!  Watching ── sets ──▶ Tap ── differences ──▶ channel ──▶ Following::next, on the main thread
//!                        │                        ▲
//!                        └─▶ PeerList, Probing ───┘ statuses
//! ```
//!
//! What the library says on threads of its own comes out of one channel, so that the main thread alone
//! writes, and hears of Ctrl-C in the same place.
//!
//! | file | what |
//! |---|---|
//! | `news` | what there is to tell |
//! | `tap` | the list that is fed, and tells what is new |
//! | `following` | the whole, from the start on |

mod following;
mod news;
mod tap;

pub(crate) use self::following::{Following, Shown, named};
pub(crate) use self::news::{Change, News};

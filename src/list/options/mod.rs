//! What can be set on a list, by methods or as text.
//!
//! | file | what |
//! |---|---|
//! | `list_options` | the settings, and the methods for what every list has |
//! | `queueing` | limits of requests and callers, and who is served first |
//! | `narrowing` | which of the peers are used, and what is done when too few are left |
//! | `on_panic` | what a list does then |
//! | `text` | the same as text: a row for each key |

mod list_options;
mod narrowing;
mod on_panic;
mod queueing;
#[cfg(all(test, not(loom)))]
mod tests;
mod text;

pub use self::list_options::ListOptions;
pub use self::on_panic::OnPanic;

/// More peers than this are not made room for from the start: that would be 1 GiB.
const MAX_CAPACITY: u64 = 1 << 24;
/// Larger limits, of requests on a peer and of callers that wait, are cut to this.
const MAX_LIMIT: u32 = 1 << 24;

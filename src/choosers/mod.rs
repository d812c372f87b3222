//! Choosers built on a list: one peer, the peer that the request names, and a list with its updater.

mod bind;
mod delegate;
mod direct;
mod single;

pub use self::bind::Bind;
pub use self::direct::{Direct, DirectOptions};
pub use self::single::Single;

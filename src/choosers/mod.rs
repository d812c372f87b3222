//! Choosers built on a list: one peer, the peer that the request names, and a list with its updater.

mod bind;
mod delegate;
mod direct;
mod direct_options;
mod single;

pub use self::bind::Bind;
pub use self::direct::Direct;
pub use self::direct_options::DirectOptions;
pub use self::single::Single;

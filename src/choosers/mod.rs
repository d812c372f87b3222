//! Choosers built on a list: one peer, the peer that the request names, what a text names, and a
//! list with its updater.

mod any;
mod bind;
mod delegate;
mod direct;
mod direct_options;
#[cfg(feature = "capi")]
mod raw;
mod single;

pub use self::any::AnyChooser;
pub use self::bind::Bind;
pub use self::direct::Direct;
pub use self::direct_options::DirectOptions;
pub use self::single::Single;

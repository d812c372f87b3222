//! Choosers built on a list.

mod bind;
mod direct;
pub(crate) mod single;

pub use self::bind::{Bind, StaticPeers};
pub use self::direct::{Direct, DirectOptions};
pub use self::single::Single;

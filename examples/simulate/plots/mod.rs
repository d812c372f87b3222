//! plots
pub(crate) fn draw(_w: &[crate::world::World], _s: &std::path::Path) -> Result<(), String> { Ok(()) }

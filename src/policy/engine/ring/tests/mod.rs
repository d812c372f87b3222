//! The ring against a naive one, and what it builds when.

mod building;
mod naive;
mod random;

use super::bed::Bed;
use super::layers::Layers;
use super::lookup::Ring;

impl Ring {
    /// Looks at what lookups read.
    fn layers<R>(&self, look: impl FnOnce(&Layers) -> R) -> R {
        self.table.read(look)
    }
}

impl Bed {
    /// Where the layers are: another place whenever something was built.
    fn version(&self) -> usize {
        self.ring.layers(|layers| std::ptr::from_ref(layers).addr())
    }

    /// Places in the main table and in the overlay.
    fn lens(&self) -> (usize, usize) {
        self.ring.layers(|layers| (layers.main.len(), layers.len() - layers.main.len()))
    }
}

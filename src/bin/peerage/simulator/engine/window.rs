//! Things that come and go in about the same order, each under a number that is never used again.

use std::collections::VecDeque;

/// The number of a thing of a [`Window`].
pub(crate) type Id = u64;

/// The things that are still there, between the oldest and the newest.
#[derive(Debug)]
pub(crate) struct Window<T> {
    first: Id,
    items: VecDeque<Option<T>>,
}

impl<T> Default for Window<T> {
    fn default() -> Self {
        Self { first: 0, items: VecDeque::new() }
    }
}

impl<T> Window<T> {
    pub(crate) fn add(&mut self, item: T) -> Id {
        self.items.push_back(Some(item));
        self.first + self.items.len() as Id - 1
    }

    /// The thing, if it is still there.
    pub(crate) fn get(&mut self, id: Id) -> Option<&mut T> {
        let at = id.checked_sub(self.first)?;
        self.items.get_mut(at as usize)?.as_mut()
    }

    pub(crate) fn remove(&mut self, id: Id) -> Option<T> {
        let at = id.checked_sub(self.first)?;
        let item = self.items.get_mut(at as usize)?.take();
        while matches!(self.items.front(), Some(None)) {
            self.items.pop_front();
            self.first += 1;
        }
        item
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_not_used_again() {
        let mut window = Window::default();
        let [a, b] = ["a", "b"].map(|item| window.add(item));
        assert_eq!(window.remove(a), Some("a"));
        assert_eq!(window.remove(a), None);
        let c = window.add("c");
        assert_eq!(window.get(a), None);
        assert_eq!(window.get(b), Some(&mut "b"));
        assert_eq!((window.remove(b), window.remove(c)), (Some("b"), Some("c")));
        assert_eq!(window.add("d"), 3);
    }
}

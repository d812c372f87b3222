//! News of peers: it wakes all waiters that can use it.

use super::queue::Gate;
use crate::wait::lanes::name_hash;

/// What has happened.
#[derive(Debug, Clone, Copy)]
pub(crate) enum News<'a> {
    /// The peer of this name has become available; how many are, with it.
    Up { name: &'a str, available: usize },
    /// Peers that are available have got into the policy's table; how many are available.
    Tables { available: usize },
    /// The list has started, or its policy asks that everything be looked at again.
    Everything,
}

impl Gate {
    /// Wakes the waiters that can use the news. The caller has published what there is to see.
    pub(crate) fn wake(&self, news: News<'_>) {
        if self.has_waiters() {
            self.tell(news);
        }
    }

    #[cold]
    fn tell(&self, news: News<'_>) {
        let mut woken = vec![];
        {
            let mut queue = self.queue.lock();
            let lanes = &mut queue.lanes;
            match news {
                News::Everything => woken = lanes.take_all(),
                News::Up { available, .. } | News::Tables { available } => {
                    lanes.take_undecided(&mut woken);
                    lanes.take_for_peers(available, &mut woken);
                    lanes.take_for_places(&mut woken);
                }
            }
            match news {
                News::Up { name, .. } if lanes.has_names() => {
                    lanes.take_for_name(name_hash(name.as_bytes()), &mut woken);
                }
                _ => {}
            }
            self.count(&queue);
        }
        self.tell_to_look(woken);
    }
}

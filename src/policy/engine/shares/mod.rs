//! The available peers by weight: each is drawn as often as its weight says, in turn.
//!
//! A choice takes a number from a cursor, and the number says by itself whose turn it is: it is led down
//! a tree, and at each fork to the side that is due. There is nothing else that a choice writes, and no
//! state of a peer that it reads; other weighted rotations keep a heap or a credit for each peer under a
//! lock, or throw dice.
//!
//! A status change, or another weight, changes the forks between the root and one leaf, from that turn
//! on: the others' turns are numbered on, and no peer loses what it had coming. Choosers that read a
//! fork in the middle of a change are led to some peer; one that is not available there has them draw
//! again.
//!
//! | file | what |
//! |---|---|
//! | `index` | the index: the cursor, and what the roster tells |
//! | `classes` | trees of peers whose weights are alike |
//! | `tree` | such a tree |
//! | `split` | a fork of it |

mod classes;
mod index;
mod split;
mod tree;

pub(crate) use self::index::Shares;

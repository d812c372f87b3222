//! A configuration as a tree, whatever format it comes from.

use super::finding::Place;

/// A value, and where it begins; a format that tells no lines leaves that out.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) place: Option<Place>,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Null,
    Scalar(Scalar),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A text, a number or a flag. All are texts here: what a key takes says what they mean.
#[derive(Debug, Clone, Default)]
pub(super) struct Scalar {
    pub(super) text: String,
    /// Written in quotes, or a text by its format: then `true` and `on` are no flags.
    pub(super) quoted: bool,
    /// At which character of the value the text begins, if it stands in the file as it is.
    pub(super) within: Option<usize>,
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) place: Option<Place>,
    pub(super) value: Node,
}

impl Node {
    pub(super) fn scalar(text: impl Into<String>, quoted: bool) -> Self {
        let scalar = Scalar { text: text.into(), quoted, within: None };
        Self { place: None, kind: Kind::Scalar(scalar) }
    }

    /// The value of a key, if it is a map that has it.
    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        let Kind::Map(entries) = &self.kind else { return None };
        entries.iter().find(|entry| entry.key == key)
    }

    /// Which kind of value it is, for errors.
    pub(super) fn sort(&self) -> &'static str {
        match self.kind {
            Kind::Null => "nothing",
            Kind::Scalar(_) => "a text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }
}

#[cfg(feature = "yaml")]
impl Node {
    /// How many values it is, with those inside.
    pub(super) fn size(&self) -> usize {
        1 + match &self.kind {
            Kind::List(items) => items.iter().map(Self::size).sum(),
            Kind::Map(entries) => entries.iter().map(|entry| entry.value.size()).sum::<usize>(),
            Kind::Null | Kind::Scalar(_) => 0,
        }
    }

    /// How many bytes of text are in it, with its keys.
    pub(super) fn bytes(&self) -> usize {
        match &self.kind {
            Kind::Null => 0,
            Kind::Scalar(scalar) => scalar.text.len(),
            Kind::List(items) => items.iter().map(Self::bytes).sum(),
            Kind::Map(entries) => {
                entries.iter().map(|entry| entry.key.len() + entry.value.bytes()).sum()
            }
        }
    }
}

//! A tree being read: where in it, what is found on the way.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::chooser_config::ChooserConfig;
use super::finding::{Finding, Place};
use super::interpolate::{Variables, interpolate};
use super::node::{Entry, Kind, Node, Scalar};
use super::suggest::instead;

/// Presets by their names.
pub(super) type Presets = BTreeMap<String, ChooserConfig>;

/// What a reading knows, and what it has found. It goes on after a fault, so that one reading tells of all.
pub(super) struct Reading<'a> {
    pub(super) file: Option<Arc<str>>,
    /// What `${NAME}` stands for; `None`: it stands for itself.
    pub(super) variables: Option<&'a Variables<'a>>,
    pub(super) presets: &'a Presets,
    pub(super) faults: Vec<Finding>,
    pub(super) notes: Vec<Finding>,
}

/// A value, and the key that it stands below.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'n> {
    pub(super) key: Key<'n>,
    pub(super) node: &'n Node,
}

/// A key, with those before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key<'n> {
    before: Option<&'n Key<'n>>,
    part: Part<'n>,
    place: Option<Place>,
}

#[derive(Debug, Clone, Copy)]
enum Part<'n> {
    Root,
    Name(&'n str),
    Number(usize),
}

impl<'n> Key<'n> {
    /// The text as a whole.
    pub(super) const ROOT: Key<'static> = Key { before: None, part: Part::Root, place: None };

    /// A key of a map below this one.
    pub(super) fn name(&'n self, name: &'n str, place: Option<Place>) -> Self {
        Self { before: Some(self), part: Part::Name(name), place }
    }

    /// Its name, without those before it.
    pub(super) fn last(&self) -> Option<&'n str> {
        match self.part {
            Part::Name(name) => Some(name),
            Part::Root | Part::Number(_) => None,
        }
    }
}

impl<'n> Value<'n> {
    /// What an entry of this map has.
    pub(super) fn of(&'n self, entry: &'n Entry) -> Self {
        Self { key: self.key.name(&entry.key, entry.place), node: &entry.value }
    }

    /// An item of this list, by its number from 0.
    pub(super) fn item(&'n self, number: usize, node: &'n Node) -> Self {
        let key = Key { before: Some(&self.key), part: Part::Number(number), place: node.place };
        Self { key, node }
    }

    /// Where the value is; where its key is, if it is nothing or has no place of its own.
    pub(super) fn place(&self) -> Option<Place> {
        let value = self.node.place.filter(|_| !matches!(self.node.kind, Kind::Null));
        value.or(self.key.place).or(self.node.place)
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(before) = self.before {
            before.fmt(f)?;
        }
        match (self.part, self.before.map(|before| before.part)) {
            (Part::Root, _) => Ok(()),
            (Part::Name(name), None | Some(Part::Root)) => write!(f, "{}", name.escape_debug()),
            (Part::Name(name), _) => write!(f, ".{}", name.escape_debug()),
            (Part::Number(number), _) => write!(f, "[{number}]"),
        }
    }
}

impl<'a> Reading<'a> {
    /// Of a format that tells no lines, and in which `${NAME}` stands for itself.
    #[must_use]
    pub(super) fn plain(presets: &'a Presets) -> Self {
        Self { file: None, variables: None, presets, faults: vec![], notes: vec![] }
    }

    fn finding(
        &self,
        key: &Key<'_>,
        place: Option<Place>,
        what: impl Into<String>,
        right: impl Into<String>,
    ) -> Finding {
        let (file, key) = (self.file.clone(), key.to_string());
        Finding { file, place, key, what: what.into(), right: right.into() }
    }

    /// Notes what is wrong with a value.
    pub(super) fn fault(
        &mut self,
        value: &Value<'_>,
        what: impl Into<String>,
        right: impl Into<String>,
    ) {
        let finding = self.finding(&value.key, value.place(), what, right);
        self.faults.push(finding);
    }

    /// Notes what is wrong at a character of a text, counted from 0.
    pub(super) fn fault_at(
        &mut self,
        value: &Value<'_>,
        (scalar, byte): (&Scalar, Option<usize>),
        what: impl Into<String>,
        right: impl Into<String>,
    ) {
        let mut place = value.place();
        if let (Some(place), Some(within), Some(byte)) = (&mut place, scalar.within, byte) {
            let before = scalar.text.get(..byte).map_or(0, |text| text.chars().count());
            place.column += within + before;
        }
        let finding = self.finding(&value.key, place, what, right);
        self.faults.push(finding);
    }

    /// Notes what is wrong with a key.
    pub(super) fn fault_key(
        &mut self,
        value: &Value<'_>,
        what: impl Into<String>,
        right: impl Into<String>,
    ) {
        let finding = self.finding(&value.key, value.key.place.or(value.place()), what, right);
        self.faults.push(finding);
    }

    /// Notes what is taken in another way than it is meant.
    pub(super) fn note(
        &mut self,
        value: &Value<'_>,
        what: impl Into<String>,
        right: impl Into<String>,
    ) {
        let finding = self.finding(&value.key, value.key.place.or(value.place()), what, right);
        self.notes.push(finding);
    }

    /// A key of `map` that does not exist.
    pub(super) fn unknown<'k>(
        &mut self,
        map: &Value<'_>,
        entry: &Entry,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        let (what, right) =
            (format!("there is no key {:?}", entry.key), instead(&entry.key, known));
        let finding = self.finding(&map.key, entry.place.or(map.place()), what, right);
        self.faults.push(finding);
    }

    /// The entries of a map. Nothing is none: it is what a file that is cut short ends with.
    pub(super) fn map<'n>(&mut self, value: &Value<'n>, need: &str) -> Option<&'n [Entry]> {
        if let Kind::Map(entries) = &value.node.kind {
            return Some(entries);
        }
        self.fault(value, format!("is {}", value.node.sort()), format!("need {need}"));
        None
    }

    /// The same where nothing stands for a map without entries.
    pub(super) fn map_or_nothing<'n>(
        &mut self,
        value: &Value<'n>,
        need: &str,
    ) -> Option<&'n [Entry]> {
        match value.node.kind {
            Kind::Null => Some(&[]),
            _ => self.map(value, need),
        }
    }

    /// The items of a list.
    pub(super) fn list<'n>(&mut self, value: &Value<'n>, need: &str) -> Option<&'n [Node]> {
        if let Kind::List(items) = &value.node.kind {
            return Some(items);
        }
        self.fault(value, format!("is {}", value.node.sort()), format!("need {need}"));
        None
    }

    /// A text, with the values of variables in it.
    pub(super) fn text<'n>(&mut self, value: &Value<'n>, need: &str) -> Option<Cow<'n, Scalar>> {
        self.scalar(value, need, false)
    }

    /// The same by the rule that YARPC has for backslashes in it.
    pub(super) fn text_of_yarpc<'n>(&mut self, value: &Value<'n>, need: &str) -> Option<String> {
        self.scalar(value, need, true).map(|scalar| scalar.into_owned().text)
    }

    fn scalar<'n>(
        &mut self,
        value: &Value<'n>,
        need: &str,
        escapes: bool,
    ) -> Option<Cow<'n, Scalar>> {
        let Kind::Scalar(scalar) = &value.node.kind else {
            self.fault(value, format!("is {}", value.node.sort()), format!("need {need}"));
            return None;
        };
        let Some(variables) = self.variables else { return Some(Cow::Borrowed(scalar)) };
        match interpolate(&scalar.text, escapes, variables) {
            Ok(text) if text == scalar.text => Some(Cow::Borrowed(scalar)),
            Ok(text) => Some(Cow::Owned(Scalar { text, within: None, ..scalar.clone() })),
            Err((what, right)) => {
                self.fault(value, what, right);
                None
            }
        }
    }
}

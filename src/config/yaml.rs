//! YAML, and so JSON, as a tree.
//!
//! One document. Anchors and aliases, and the merge key `<<` of YAML 1.1, are resolved here; tags are
//! passed over. A key that is given twice, and one that is no text, are told of. Depth and size are
//! bounded, so that a few lines of aliases do not fill the memory.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

use super::finding::{Fault, Place};
use super::merge::merge;
use super::node::{Entry, Kind, Node, Scalar};
use super::surrogates::{self, Pairs};

/// Deeper is no configuration.
const MAX_DEPTH: usize = 64;
/// How many values there may be, those that aliases repeat among them.
const MAX_NODES: usize = 1_000_000;
/// How many bytes of text aliases may repeat: a value may be as long as the file.
const MAX_REPEATED: usize = 64 << 20;

/// A list or a map whose end has not come.
struct Open {
    node: Node,
    anchor: usize,
    /// In a map: the key whose value comes next.
    key: Option<(Option<Place>, Option<Scalar>)>,
    /// In a map: the keys that it has itself.
    seen: HashSet<String>,
    /// In a map: where those are that `<<` has brought.
    merged: HashMap<String, usize>,
}

struct Builder {
    end: Place,
    pairs: Pairs,
    open: Vec<Open>,
    anchors: HashMap<usize, (Node, usize)>,
    nodes: usize,
    /// Bytes of text that aliases have repeated.
    repeated: usize,
    root: Option<Node>,
    faults: Vec<Fault>,
}

/// Reads a text. Faults that leave a tree come beside it; an empty text is an empty map.
pub(super) fn read(text: &str) -> (Option<Node>, Vec<Fault>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (text, pairs) = match surrogates::join(text) {
        Ok(joined) => joined,
        Err(fault) => return (None, vec![fault]),
    };
    let mut builder = Builder {
        end: end(&text),
        pairs,
        open: vec![],
        anchors: HashMap::new(),
        nodes: 0,
        repeated: 0,
        root: None,
        faults: vec![],
    };
    let mut documents = 0;
    for event in Parser::new_from_str(&text) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let what = format!("is no YAML: {}", error.info());
                // Which escape is not said: most likely JSON's two for one character.
                let right = match error.info().ends_with("Unicode character escape code") {
                    true => r#"need one escape for a character, such as "\U0001f600""#.to_owned(),
                    false => String::new(),
                };
                return (None, vec![(builder.place(*error.marker()), what, right)]);
            }
        };
        let place = builder.place(span.start);
        if matches!(event, Event::DocumentStart(_)) {
            documents += 1;
            if documents > 1 {
                let what = "a second document begins".to_owned();
                builder.faults.push((place, what, "need one".into()));
                break;
            }
        }
        if let Err(what) = builder.take(event, span) {
            let right = "no configuration is like that".to_owned();
            return (None, vec![(place, what, right)]);
        }
    }
    let empty = Node { place: None, kind: Kind::Null };
    (Some(builder.root.unwrap_or(empty)), builder.faults)
}

/// Where a text ends.
fn end(text: &str) -> Place {
    let last = text.lines().last().unwrap_or_default();
    Place { line: text.lines().count().max(1), column: last.chars().count() + 1 }
}

impl Builder {
    /// Where something is in the file. What the parser misses behind a text is missed at its end.
    fn place(&self, marker: Marker) -> Option<Place> {
        let place = Place { line: marker.line(), column: marker.col() + 1 };
        Some(self.pairs.place(place.min(self.end)))
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), String> {
        let at = self.place(span.start);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let quoted = style != ScalarStyle::Plain || tag.is_some();
                let node = Node { place: at, kind: scalar(&text, style, quoted, span) };
                self.put(node, anchor, 1)
            }
            Event::SequenceStart(anchor, _) => self.begin(at, Kind::List(vec![]), anchor),
            Event::MappingStart(anchor, _) => self.begin(at, Kind::Map(vec![]), anchor),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(ended) => {
                    let size = ended.node.size();
                    self.put(ended.node, ended.anchor, size)
                }
                None => Ok(()),
            },
            Event::Alias(anchor) => {
                let Some((node, size)) = self.anchors.get(&anchor) else {
                    return Err("an alias stands inside of what it is an alias of".into());
                };
                let size = *size;
                self.nodes += size;
                self.repeated += node.bytes();
                self.check()?;
                let node = Node { place: at, kind: node.kind.clone() };
                self.put(node, 0, size)
            }
            _ => Ok(()),
        }
    }

    fn check(&self) -> Result<(), String> {
        if self.nodes > MAX_NODES {
            return Err(format!("there are more than {MAX_NODES} values"));
        }
        if self.repeated > MAX_REPEATED {
            return Err(format!("aliases repeat more than {MAX_REPEATED} bytes"));
        }
        if self.open.len() > MAX_DEPTH {
            return Err(format!("lists and maps are more than {MAX_DEPTH} deep"));
        }
        Ok(())
    }

    fn begin(&mut self, place: Option<Place>, kind: Kind, anchor: usize) -> Result<(), String> {
        self.open.push(Open {
            node: Node { place, kind },
            anchor,
            key: None,
            seen: HashSet::new(),
            merged: HashMap::new(),
        });
        self.nodes += 1;
        self.check()
    }

    /// Puts a finished value where it belongs.
    fn put(&mut self, node: Node, anchor: usize, size: usize) -> Result<(), String> {
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), size));
        }
        if matches!(node.kind, Kind::Scalar(_) | Kind::Null) {
            self.nodes += 1;
            self.check()?;
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut open.node.kind {
            Kind::List(items) => items.push(node),
            Kind::Map(entries) => match open.key.take() {
                None => open.key = Some((node.place, key(node.kind))),
                Some((place, Some(key))) if key.text == "<<" && !key.quoted => {
                    let to = (entries, &open.seen, &mut open.merged);
                    merge(to, node, place, &mut self.faults);
                }
                Some((place, Some(key))) => {
                    if open.seen.insert(key.text.clone()) {
                        // It counts on either side of `<<`.
                        let merged = open.merged.remove(&key.text);
                        let entry = Entry { key: key.text, place, value: node };
                        match merged {
                            Some(at) => entries[at] = entry,
                            None => entries.push(entry),
                        }
                    } else {
                        let what = format!("key {:?} is given twice", key.text);
                        self.faults.push((place, what, "need it once".into()));
                    }
                }
                Some((place, None)) => {
                    let what = "a list or a map stands as a key".to_owned();
                    self.faults.push((place, what, "need a text".into()));
                }
            },
            Kind::Null | Kind::Scalar(_) => {}
        }
        Ok(())
    }
}

/// A scalar as it is meant: what is plain and says nothing is nothing.
fn scalar(text: &str, style: ScalarStyle, quoted: bool, span: Span) -> Kind {
    if !quoted && matches!(text, "" | "~" | "null" | "Null" | "NULL") {
        return Kind::Null;
    }
    let quotes = match style {
        ScalarStyle::Plain => Some(0),
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Some(1),
        ScalarStyle::Literal | ScalarStyle::Folded => None,
    };
    let as_it_is = |quotes: &usize| {
        span.start.line() == span.end.line() && span.len() == text.chars().count() + 2 * quotes
    };
    let within = quotes.filter(as_it_is);
    Kind::Scalar(Scalar { text: text.to_owned(), quoted, within })
}

/// A key; `None` if it is none.
fn key(kind: Kind) -> Option<Scalar> {
    match kind {
        Kind::Scalar(scalar) => Some(scalar),
        Kind::Null => Some(Scalar { text: "null".into(), ..Scalar::default() }),
        Kind::List(_) | Kind::Map(_) => None,
    }
}

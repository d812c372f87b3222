//! A key: its row, its check, and its way into a struct and out of it.

use std::time::Duration;

use super::decimal::{self, Thousandths};
use super::duration;
use super::label::Label;

/// A key of a policy's text, or of the text of a list's options.
///
/// ```
/// let ring = peerage::policy::catalogue().find(|row| row.name() == "hashring32").unwrap();
/// let replicas = ring.keys().next().unwrap();
/// assert_eq!(replicas.name(), "replicas");
/// assert_eq!(replicas.accepts(), "a whole number from 1 to 65536");
/// assert_eq!(replicas.default(), "100");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyRow {
    name: Label,
    about: Label,
    accepts: Label,
    default: Label,
}

impl KeyRow {
    /// The key.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name.as_str()
    }

    /// What it is for, in a few words.
    #[must_use]
    pub const fn about(&self) -> &'static str {
        self.about.as_str()
    }

    /// Which values it takes, in the words in which errors ask for one.
    #[must_use]
    pub const fn accepts(&self) -> &'static str {
        self.accepts.as_str()
    }

    /// The value it has if it is not given; empty if it then has none.
    #[must_use]
    pub const fn default(&self) -> &'static str {
        self.default.as_str()
    }

    /// The four of them, for C.
    #[cfg(feature = "capi")]
    pub(crate) const fn labels(&self) -> [Label; 4] {
        [self.name, self.about, self.accepts, self.default]
    }
}

/// The numbers that a key takes, and how that is said. Made by [`whole!`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whole {
    pub(crate) min: u64,
    pub(crate) max: u64,
    pub(crate) text: Label,
}

/// The whole numbers from one literal to another.
macro_rules! whole {
    ($min:literal, $max:literal) => {
        $crate::settings::Whole {
            min: $min,
            max: $max,
            text: $crate::settings::Label::with_nul(concat!(
                "a whole number from ",
                $min,
                " to ",
                $max,
                "\0"
            )),
        }
    };
}

pub(crate) use whole;

/// A key of a struct `S`.
#[derive(Debug)]
pub(crate) struct Setting<S> {
    row: KeyRow,
    access: Access<S>,
}

impl<S> Clone for Setting<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Setting<S> {}

/// The kinds of values, each with its way in and out. A value that is not there is not written.
#[derive(Debug)]
enum Access<S> {
    Number {
        from: Whole,
        set: fn(&mut S, u64),
        get: fn(&S) -> Option<u64>,
    },
    /// In thousandths; nothing is `off`.
    Decimal {
        set: fn(&mut S, Option<Thousandths>),
        get: fn(&S) -> Option<Thousandths>,
    },
    Text {
        set: fn(&mut S, String),
        get: fn(&S) -> Option<&str>,
    },
    Duration {
        set: fn(&mut S, Duration),
        get: fn(&S) -> Duration,
    },
    Flag {
        set: fn(&mut S, bool),
        get: fn(&S) -> bool,
    },
    /// Of a form of its own; `set` says whether it has it.
    Parsed {
        set: fn(&mut S, &str) -> bool,
        get: fn(&S) -> Option<String>,
    },
}

impl<S> Clone for Access<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Access<S> {}

/// The name, what it is for, and the default, which a test compares with the struct's.
type Words = [&'static std::ffi::CStr; 3];

impl<S> Setting<S> {
    const fn new([name, about, default]: Words, accepts: Label, access: Access<S>) -> Self {
        let [name, about, default] = [Label::new(name), Label::new(about), Label::new(default)];
        Self { row: KeyRow { name, about, accepts, default }, access }
    }

    pub(crate) const fn number(
        words: Words,
        from: Whole,
        set: fn(&mut S, u64),
        get: fn(&S) -> Option<u64>,
    ) -> Self {
        Self::new(words, from.text, Access::Number { from, set, get })
    }

    /// From 1 to 1000, or `off`.
    pub(crate) const fn decimal(
        words: Words,
        set: fn(&mut S, Option<Thousandths>),
        get: fn(&S) -> Option<Thousandths>,
    ) -> Self {
        Self::new(words, Label::new(decimal::ACCEPTS), Access::Decimal { set, get })
    }

    pub(crate) const fn text(
        words: Words,
        set: fn(&mut S, String),
        get: fn(&S) -> Option<&str>,
    ) -> Self {
        Self::new(words, Label::new(c"text"), Access::Text { set, get })
    }

    pub(crate) const fn duration(
        words: Words,
        set: fn(&mut S, Duration),
        get: fn(&S) -> Duration,
    ) -> Self {
        let accepts = c"a whole number of ns, us, ms, s, m or h, such as 200ms, or forever";
        Self::new(words, Label::new(accepts), Access::Duration { set, get })
    }

    /// A text of a form of its own: `set` returns whether it has it.
    pub(crate) const fn parsed(
        words: Words,
        accepts: Label,
        set: fn(&mut S, &str) -> bool,
        get: fn(&S) -> Option<String>,
    ) -> Self {
        Self::new(words, accepts, Access::Parsed { set, get })
    }

    pub(crate) const fn flag(words: Words, set: fn(&mut S, bool), get: fn(&S) -> bool) -> Self {
        Self::new(words, Label::new(c"on or off"), Access::Flag { set, get })
    }

    pub(crate) const fn row(&self) -> &KeyRow {
        &self.row
    }

    /// The row says what the default is, and the struct has it.
    #[cfg(all(test, not(loom)))]
    pub(crate) fn check(&self, defaults: &S) {
        let has = self.take(defaults).unwrap_or_default();
        assert_eq!(self.row.default(), has, "the default of {}", self.row.name());
    }

    pub(super) const fn is_flag(&self) -> bool {
        matches!(self.access, Access::Flag { .. })
    }

    /// Returns whether `value` is one that the key takes; if not, nothing is changed.
    pub(super) fn put(&self, to: &mut S, value: &str) -> bool {
        match self.access {
            Access::Number { from, set, .. } => {
                // A sign is no part of a number here, though Rust reads one.
                let digits = value.bytes().all(|byte| byte.is_ascii_digit());
                let number = value.parse().ok().filter(|_| digits);
                let number = number.filter(|number| (from.min..=from.max).contains(number));
                number.map(|number| set(to, number)).is_some()
            }
            Access::Decimal { set, .. } => {
                decimal::parse(value).map(|number| set(to, number)).is_some()
            }
            Access::Text { set, .. } => {
                set(to, value.to_owned());
                true
            }
            Access::Duration { set, .. } => {
                duration::parse(value).map(|duration| set(to, duration)).is_some()
            }
            Access::Parsed { set, .. } => set(to, value),
            Access::Flag { set, .. } => {
                let on = value == "on";
                if on || value == "off" {
                    set(to, on);
                }
                on || value == "off"
            }
        }
    }

    /// Returns the value as `put` takes it, or `None` if there is none.
    pub(crate) fn take(&self, of: &S) -> Option<String> {
        match self.access {
            Access::Number { get, .. } => get(of).map(|number| number.to_string()),
            Access::Decimal { get, .. } => Some(decimal::show(get(of))),
            Access::Text { get, .. } => get(of).map(str::to_owned),
            Access::Duration { get, .. } => Some(duration::show(get(of))),
            Access::Parsed { get, .. } => get(of),
            Access::Flag { get, .. } => Some(if get(of) { "on" } else { "off" }.to_owned()),
        }
    }
}

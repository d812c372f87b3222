//! One line: nine columns, tab separated.

use std::fmt;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    /// Choose + finish.
    Choose,
    /// Single requests, while peers lose and regain their connections and while none does.
    Flaps,
    /// Peers are added, flapped and removed.
    Members,
    /// Blocked callers are woken.
    Wake,
    /// Bytes per peer.
    Memory,
}

impl Work {
    const ALL: [(&'static str, Self, &'static [&'static str]); 5] = [
        ("choose", Self::Choose, &["ns"]),
        (
            "flaps",
            Self::Flaps,
            &[
                "calm-p50-ns",
                "calm-p99-ns",
                "calm-p999-ns",
                "flap-p50-ns",
                "flap-p99-ns",
                "flap-p999-ns",
            ],
        ),
        (
            "members",
            Self::Members,
            &["add-one-ns", "add-all-ns", "flap-ns", "remove-one-ns", "remove-all-ns"],
        ),
        ("wake", Self::Wake, &["wake-us"]),
        ("memory", Self::Memory, &["bytes"]),
    ];

    fn figures(self) -> &'static [&'static str] {
        Self::ALL.iter().find(|row| row.1 == self).map_or(&[], |row| row.2)
    }
}

/// Which language the side is called from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    Rust,
    C,
    Cpp,
    Go,
}

impl Language {
    const ALL: [(&'static str, Self); 4] =
        [("rust", Self::Rust), ("c", Self::C), ("c++", Self::Cpp), ("go", Self::Go)];

    /// Languages whose sides take turns in one process, and so may be compared.
    pub fn is_beside(self, other: Self) -> bool {
        let family = |language| if language == Self::Cpp { Self::C } else { language };
        family(self) == family(other)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rust => "Rust",
            Self::C => "C",
            Self::Cpp => "C++",
            Self::Go => "Go",
        })
    }
}

/// A figure, and what it is a figure of.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub work: Work,
    pub language: Language,
    /// `peerage`, a rival, or the bare thing that both are measured against.
    pub side: String,
    /// The side's own name for it.
    pub policy: String,
    pub peers: u64,
    pub threads: u64,
    /// Whether the side counts pending requests. One that does not does less.
    pub counts: bool,
    pub figure: String,
    /// More than 0.
    pub value: f64,
}

/// The names of the columns, in their order.
const COLUMNS: [&str; 9] =
    ["work", "language", "side", "policy", "peers", "threads", "counts", "figure", "value"];

impl Line {
    /// Reads one line; the error names the column.
    pub fn parse(text: &str) -> Result<Self, String> {
        let columns: Vec<&str> = text.split('\t').collect();
        let &[work, language, side, policy, peers, threads, counts, figure, value] = &columns[..]
        else {
            let (n, wanted) = (columns.len(), COLUMNS.len());
            return Err(format!("{n} columns, not {wanted} ({})", COLUMNS.join(", ")));
        };
        let work = Work::ALL.iter().find(|row| row.0 == work).map(|row| row.1);
        let work = work.ok_or_else(|| wrong(0, columns[0], "is not a work"))?;
        let language = Language::ALL.iter().find(|row| row.0 == language).map(|row| row.1);
        Ok(Self {
            work,
            language: language.ok_or_else(|| wrong(1, columns[1], "is not a language"))?,
            side: name(2, side)?,
            policy: name(3, policy)?,
            peers: whole(4, peers)?,
            threads: whole(5, threads)?,
            counts: match counts {
                "yes" => true,
                "no" => false,
                _ => return Err(wrong(6, counts, "is neither yes nor no")),
            },
            figure: if work.figures().contains(&figure) {
                figure.to_owned()
            } else {
                return Err(wrong(7, figure, "is not a figure of this work"));
            },
            value: match value.parse::<f64>() {
                Ok(value) if value.is_finite() && value > 0.0 => value,
                _ => return Err(wrong(8, value, "is not a number above 0")),
            },
        })
    }
}

fn wrong(column: usize, text: &str, what: &str) -> String {
    format!("column {} ({}): {text:?} {what}", column + 1, COLUMNS[column])
}

fn name(column: usize, text: &str) -> Result<String, String> {
    if text.is_empty() || text.contains('|') {
        return Err(wrong(column, text, "is not a name"));
    }
    Ok(text.to_owned())
}

fn whole(column: usize, text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| wrong(column, text, "is not a whole number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "choose\tc++\tplain\tround-robin\t1000\t2\tyes\tns\t52.25";

    #[test]
    fn a_line_is_read() {
        let line = Line::parse(GOOD).unwrap();
        assert_eq!((line.work, line.language), (Work::Choose, Language::Cpp));
        assert_eq!((&*line.side, &*line.policy), ("plain", "round-robin"));
        assert_eq!((line.peers, line.threads, line.counts), (1000, 2, true));
        assert_eq!((&*line.figure, line.value), ("ns", 52.25));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let put = |column: usize, text: &str| {
            let mut columns: Vec<&str> = GOOD.split('\t').collect();
            columns[column] = text;
            Line::parse(&columns.join("\t")).unwrap_err()
        };
        for (column, text, said) in [
            (0, "chose", "column 1 (work): \"chose\" is not a work"),
            (1, "java", "column 2 (language): \"java\" is not a language"),
            (2, "", "column 3 (side): \"\" is not a name"),
            (3, "a|b", "column 4 (policy): \"a|b\" is not a name"),
            (4, "-1", "column 5 (peers): \"-1\" is not a whole number"),
            (5, "1.0", "column 6 (threads): \"1.0\" is not a whole number"),
            (6, "maybe", "column 7 (counts): \"maybe\" is neither yes nor no"),
            (7, "bytes", "column 8 (figure): \"bytes\" is not a figure of this work"),
            (8, "inf", "column 9 (value): \"inf\" is not a number above 0"),
            (8, "0", "column 9 (value): \"0\" is not a number above 0"),
        ] {
            assert_eq!(put(column, text), said);
        }
        let short = "choose\tgo\tpeerage";
        assert!(Line::parse(short).unwrap_err().starts_with("3 columns, not 9 (work, language, "));
        assert!(Line::parse("").unwrap_err().starts_with("1 columns, not 9"));
    }
}

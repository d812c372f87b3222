//! The committed instructions: one line for each compiler, then one for each side and policy.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use crate::side::Side;

const ABOUT: &str = "\
# Instructions of one choose + finish, by callgrind. Written by ffi-tests/run.sh instructions with
# PEERAGE_BLESS=1. Figures of a side are compared only where its compilers are these.
";

/// What a side's instructions depend on besides the sources.
pub(crate) fn compilers(side: Side) -> Result<String, String> {
    let version = |program: &str| {
        let output = Command::new(program).arg("--version").output();
        let output = output.map_err(|error| format!("{program} --version: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        Ok::<_, String>(text.lines().next().unwrap_or_default().to_owned())
    };
    let rustc = format!("{}, {}", version("rustc")?, env::consts::ARCH);
    match side {
        Side::Rust => Ok(rustc),
        Side::C => Ok(format!("{rustc}, {}", version("cc")?)),
    }
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Baseline {
    /// By side.
    pub(crate) compilers: BTreeMap<String, String>,
    /// By side and policy.
    pub(crate) instructions: BTreeMap<(String, String), f64>,
}

impl Baseline {
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path)
            .map_err(|error| format!("{}: {error}; PEERAGE_BLESS=1 writes it", path.display()))?;
        Self::parse(&text).map_err(|(line, why)| format!("{}:{line}: {why}", path.display()))
    }

    fn parse(text: &str) -> Result<Self, (usize, String)> {
        let mut baseline = Self::default();
        for (at, line) in text.lines().enumerate() {
            let fields: Vec<&str> = line.split('\t').collect();
            match &fields[..] {
                [only] if only.is_empty() || only.starts_with('#') => {}
                ["compiler", side, version] => {
                    baseline.compilers.insert((*side).to_owned(), (*version).to_owned());
                }
                [side, policy, number] => {
                    let number = number
                        .parse()
                        .map_err(|_| (at + 1, format!("{number:?} is not a number")))?;
                    baseline.instructions.insert(((*side).into(), (*policy).into()), number);
                }
                _ => return Err((at + 1, "side, policy and number, with tabs".to_owned())),
            }
        }
        Ok(baseline)
    }

    pub(crate) fn write(&self, path: &Path) -> Result<(), String> {
        let mut text = ABOUT.to_owned();
        for (side, version) in &self.compilers {
            let _ = writeln!(text, "compiler\t{side}\t{version}");
        }
        for ((side, policy), number) in &self.instructions {
            let _ = writeln!(text, "{side}\t{policy}\t{number:.1}");
        }
        fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
    }
}

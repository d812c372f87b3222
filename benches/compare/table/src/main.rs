//! Reads the figures of the comparison from standard input and prints its tables as Markdown.
//!
//! Each program of `benches/compare` prints a line a figure; `line.rs` says what is in one. Several
//! runs may follow each other: of each figure the least counts, because whatever disturbs a run only
//! adds to it. A line that does not parse ends the program, which names the line and the column.
//!
//! | file | what it is |
//! |---|---|
//! | `line.rs` | a line: its columns, and what is wrong with one |
//! | `figures.rs` | the least of each figure, and what may be asked of them |
//! | `pairs.rs` | which policies of a rival do the same work as which of ours |
//! | `versus.rs` | tables of one figure: ours, the best rival's, the bare thing's (choose, wake, memory) |
//! | `flaps.rs`, `members.rs` | tables of several figures a row |
//! | `markdown.rs` | how a table is laid out, and how numbers and ratios are written |

mod figures;
mod flaps;
mod line;
mod markdown;
mod members;
mod pairs;
mod versus;

use std::io::{Read, stdin};
use std::process::ExitCode;

use figures::Figures;
use line::{Language, Line};

fn main() -> ExitCode {
    let mut text = String::new();
    if let Err(error) = stdin().read_to_string(&mut text) {
        eprintln!("standard input: {error}");
        return ExitCode::FAILURE;
    }
    match tables(&text) {
        Ok(tables) => {
            print!("{tables}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Every table that there are figures for.
fn tables(text: &str) -> Result<String, String> {
    let mut figures = Figures::default();
    for (nth, line) in text.lines().enumerate() {
        let line = Line::parse(line).map_err(|error| format!("line {}: {error}", nth + 1))?;
        figures.add(line);
    }
    if figures.is_empty() {
        return Err("there is no figure on standard input".to_owned());
    }
    let mut tables = String::new();
    for languages in [&[Language::Rust][..], &[Language::C, Language::Cpp], &[Language::Go]] {
        tables += &versus::choose(&figures, languages);
    }
    tables += &flaps::table(&figures);
    tables += &members::table(&figures);
    tables += &versus::wake(&figures);
    tables += &versus::memory(&figures);
    tables += &pairs::left_out(&figures);
    Ok(tables)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_does_not_parse_is_named() {
        let text = "choose\trust\tpeerage\trandom\t10\t1\tyes\tns\t4.5\n\
                    choose\trust\tpeerage\trandom\tten\t1\tyes\tns\t4.5\n";
        let error = tables(text).unwrap_err();
        assert_eq!(error, "line 2: column 5 (peers): \"ten\" is not a whole number");
    }

    #[test]
    fn nothing_at_all_is_an_error() {
        assert_eq!(tables("").unwrap_err(), "there is no figure on standard input");
    }

    #[test]
    fn works_without_figures_have_no_table() {
        let tables = tables("memory\tgo\tpeerage\trandom\t100000\t1\tyes\tbytes\t200\n").unwrap();
        assert!(tables.contains("### Memory"), "{tables}");
        assert_eq!(tables.matches("###").count(), 1, "{tables}");
    }
}

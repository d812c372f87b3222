//! Completion and manual pages, made of the command line itself.

use std::io::{self, Write};
use std::path::Path;

use clap_complete::Shell;

use crate::args;
use crate::fault::Fault;

/// Prints the completion of a shell.
pub(crate) fn completion(shell: Shell) -> Result<(), Fault> {
    // Into memory: what writes it panics where the reader has gone.
    let mut text = vec![];
    clap_complete::generate(shell, &mut args::command(), "peerage", &mut text);
    print(&text)
}

/// Prints the page of the program, or writes every page into `folder`.
pub(crate) fn man(folder: Option<&Path>) -> Result<(), Fault> {
    let Some(folder) = folder else {
        let mut text = vec![];
        clap_mangen::Man::new(args::command()).render(&mut text)?;
        return print(&text);
    };
    let wrong = |error| Fault::failed(format!("{}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(wrong)?;
    clap_mangen::generate_to(args::command(), folder).map_err(wrong)
}

fn print(text: &[u8]) -> Result<(), Fault> {
    let mut out = io::stdout();
    out.write_all(text)?;
    Ok(out.flush()?)
}
